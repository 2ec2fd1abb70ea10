"""The form of the rules: what flask rules set takes, with every error beside its field and nothing typed lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from completion.rules import (
    BOUNDS,
    COUNTINGS,
    WAYS,
    WEEKDAYS,
    Said,
    may_say,
    read_quiet,
    read_year_start,
)

AS_THE_DISTRICT = "district"
DAYS, YEAR = "days", "year"
CHOICES = {"ways": WAYS, "new_hire_counting": COUNTINGS}
MOST_SPANS = 60
SPARE_SPANS = 2
LONGEST = 20
"""No value of this form is longer."""
STEPS = ("review", "edit", "keep")


@dataclass(frozen=True)
class Read:
    """What the form said, and what is wrong with it by field. `changes` and `left_open` go to the verb when nothing is.

    given      {field: text} as typed, to show again
    left_open  rules that a building leaves to its district
    """

    given: Mapping[str, str]
    changes: dict[str, Any] = field(default_factory=dict)
    left_open: tuple[str, ...] = ()
    present_too: bool = False
    errors: dict[str, str] = field(default_factory=dict)


def read_rules(form: Mapping[str, str], audience: str, said: Said, building: int | None) -> Read:
    """`said`: what holds now. It decides nothing but how days off are ordered, so that the same days are no change."""
    names = may_say(audience, building is not None)
    given = {name: form[name].strip()[:LONGEST] for name in fields_of(names) if name in form}
    changes: dict[str, Any] = {}
    left_open: list[str] = []
    errors: dict[str, str] = {}
    for name in names:
        if building is not None and _is_left_open(name, given):
            left_open.append(name)
        elif name in CHOICES:
            if given.get(name) in CHOICES[name]:
                changes[name] = given[name]
            else:
                errors[name] = "Choose one of these."
        elif name == "due_days":
            _read_due(given, changes, errors)
        elif name == "quiet":
            _read_quiet(given, changes, errors, said)
        else:
            _read_days(name, given, changes, errors)
    return Read(given, changes, tuple(left_open), given.get("present_too") == "yes", errors)


def filled_in(said: Said, audience: str, building: int | None) -> dict[str, str]:
    """The form as the rules stand."""
    values = {name: getattr(said.at([building] if building else []), name) for name in may_say(audience)}
    given: dict[str, str] = {}
    if building:
        own = said.buildings.get(building, {})
        values = {name: own.get(name, AS_THE_DISTRICT) for name in may_say(audience, True)}
    for name, value in values.items():
        if name == "quiet":
            given |= _quiet_fields(value)
        elif name == "due_days":
            given["due_by"] = value if value == AS_THE_DISTRICT else YEAR if value is None else DAYS
            given[name] = str(value) if given["due_by"] == DAYS else ""
        elif name in CHOICES:
            given[name] = value
        else:
            given[name] = "" if value == AS_THE_DISTRICT else str(value)
    return given


def fields_of(names: tuple[str, ...]) -> list[str]:
    """The fields of these rules, and the box beside them."""
    found = ["present_too", *(name for name in names if name != "quiet")]
    if "due_days" in names:
        found.append("due_by")
    if "quiet" in names:
        found += [f"off-{day}" for day in WEEKDAYS]
        found += [f"{edge}-{place}" for place in range(MOST_SPANS) for edge in ("first", "last")]
    return found


def spans_in(given: Mapping[str, str]) -> list[tuple[str, str]]:
    """(first day, last day) as typed, with empty ones after them to write more."""
    spans = [(given.get(f"first-{place}", ""), given.get(f"last-{place}", "")) for place in range(MOST_SPANS)]
    used = max((place for place, span in enumerate(spans, 1) if any(span)), default=0)
    return spans[: used + SPARE_SPANS]


def read_start(form: Mapping[str, str]) -> tuple[tuple[int, int] | None, dict[str, str]]:
    """(month, day) and no error, or None and what is wrong by field."""
    month, day = form.get("month", "").strip(), form.get("day", "").strip()
    try:
        return read_year_start(f"{month:0>2}-{day:0>2}"), {}
    except ValueError:
        return None, {"day": "Give a day of the calendar, from June 1 to October 31."}


def _is_left_open(name: str, given: Mapping[str, str]) -> bool:
    if name == "due_days":
        return given.get("due_by") == AS_THE_DISTRICT
    return given.get(name, "") in ((AS_THE_DISTRICT,) if name in CHOICES else ("",))


def _read_due(given: Mapping[str, str], changes: dict[str, Any], errors: dict[str, str]) -> None:
    if given.get("due_by") == YEAR:
        changes["due_days"] = None
    elif given.get("due_by") == DAYS:
        _read_days("due_days", given, changes, errors)
    else:
        errors["due_by"] = "Choose one of these."


def _read_days(name: str, given: Mapping[str, str], changes: dict[str, Any], errors: dict[str, str]) -> None:
    text, (fewest, most) = given.get(name, ""), BOUNDS[name]
    if text.isascii() and text.isdecimal() and len(text) < 6 and fewest <= int(text) <= most:
        changes[name] = int(text)
    else:
        errors[name] = f"Give a whole number of days, from {fewest} to {most}."


def _read_quiet(
    given: Mapping[str, str], changes: dict[str, Any], errors: dict[str, str], said: Said
) -> None:
    parts = [day for day in WEEKDAYS if given.get(f"off-{day}") == "yes"]
    for place, span in enumerate(spans_in(given)):
        if any(span):
            try:
                parts += read_quiet(_span(*span))
            except ValueError:
                errors[f"first-{place}"] = (
                    "Give a day, or the first and the last of up to 120 days, the earlier one first."
                )
    try:
        quiet = read_quiet(",".join(parts))
    except ValueError:
        errors["quiet"] = "Leave at least one day from Monday to Friday."
    else:
        now = said.whole.quiet
        changes["quiet"] = now if set(quiet) == set(now) else quiet


def _span(first: str, last: str) -> str:
    """Raises ValueError where there is no first day."""
    begins = date.fromisoformat(first).isoformat()
    return f"{begins}..{date.fromisoformat(last).isoformat()}" if last and last != first else begins


def _quiet_fields(quiet: tuple[str, ...]) -> dict[str, str]:
    spans = [each.partition("..") for each in quiet if each not in WEEKDAYS]
    fields = {f"off-{day}": "yes" for day in WEEKDAYS if day in quiet}
    for place, (first, _, last) in enumerate(spans):
        fields |= {f"first-{place}": first, f"last-{place}": last}
    return fields
