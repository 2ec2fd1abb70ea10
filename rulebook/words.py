"""Rules in sentences, in English, as offices read it. Pure: a rule, its value and whom it is for."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from completion.rules import WEEKDAYS, Parts
from core.language import written_date

YearDays = tuple[date, date]
"""First and last day of a school year."""

AUDIENCE_NAMES = {"staff": "Staff", "guest": "Guests and volunteers", "pupil": "Pupils"}
PEOPLE = {
    "staff": ("member of the staff", "members of the staff"),
    "guest": ("guest", "guests"),
    "pupil": ("pupil", "pupils"),
}
ASKED = {
    "staff": "Each school year they take the Responsible Use Course, sign the agreement, or both, as you choose here.",
    "guest": "Each school year they sign the agreement for guests. There is no course in its place.",
    "pupil": "Each school year they have the lessons of their grade. They keep the network until the year is over.",
}
ORDER = (
    "ways", "due_days", "grace_days", "new_hire_days", "new_hire_counting", "extension_days", "renewal_days",
    "minimum_active_days", "quiet",
)  # fmt: skip
"""As people ask: what, by when, and then the rest."""

LABELS = {
    "ways": "What they do",
    "due_days": "By when",
    "grace_days": "After that day",
    "new_hire_days": "Who joins later",
    "new_hire_counting": "How those days count",
    "extension_days": "More time",
    "renewal_days": "Doing it early",
    "minimum_active_days": "Late in the year",
    "quiet": "Days off",
}
WAYS = {
    "either": "Take the course or sign the agreement, whichever they choose.",
    "course": "Take the course. A signature is not enough.",
    "agreement": "Sign the agreement. The course is not enough.",
    "both": "Take the course and sign the agreement.",
}
COUNTINGS = {
    "calendar": "Every day counts, weekends too.",
    "working": "Only Monday to Friday count, without days off.",
}
DAYS = dict(
    zip(
        WEEKDAYS,
        ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"),
        strict=True,
    )
)
TOLD = {
    "kept": "Kept. It holds from now on; the network follows within minutes.",
    "nothing": "Nothing was changed, for all of it held already.",
    "year": "Kept. School years that have begun stay as they are.",
}
"""{what was done: what the page says afterwards}"""


def label(name: str, audience: str) -> str:
    return "Who is asked later" if (name, audience) == ("new_hire_days", "pupil") else LABELS[name]


def told(name: str, value: Any, audience: str, year: YearDays | None = None) -> str:
    """A rule as one sentence. `year`: the present one, for a date in it."""
    if name == "due_days":
        return _due(value, year)
    return SENTENCES[name](value, audience) if name in SENTENCES else {**WAYS, **COUNTINGS}[value]


def days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def count(number: int, audience: str) -> str:
    one, many = PEOPLE[audience]
    return f"1 {one}" if number == 1 else f"{number:,} {many}"


def listed(parts: Sequence[str]) -> str:
    """Saturdays, Sundays and December 25, 2026"""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def days_off(quiet: Parts) -> str:
    return listed([DAYS.get(each) or _span(each) for each in quiet])


def _due(value: int | None, year: YearDays | None) -> str:
    if value is None:
        words, day = "By the last day of the school year", year[1] if year else None
    elif value == 0:
        words, day = "On the first day of the school year", year[0] if year else None
    else:
        words = f"Within {days(value)} from the first day of the school year"
        day = year[0] + timedelta(days=value) if year else None
    return f"{words} (in this one: {written_date(day)})." if day else f"{words}."


def _grace(value: int, _audience: str) -> str:
    if value == 0:
        return "No days of grace: access may end at once."
    return f"Access stays for {days(value)} more." if value > 1 else "Access stays for 1 more day."


def _joining(value: int, audience: str) -> str:
    if audience == "pupil":
        if value == 0:
            return "Has until the end of that day, where the date for all of them is past."
        return f"Has at least {days(value)} from then."
    if value == 0:
        return "Has until the end of the day on which they join or come back."
    return f"Has {days(value)} from the day on which they join or come back."


def _more_time(value: int, audience: str) -> str:
    who = "Teachers" if audience == "pupil" else "Personnel"
    if value == 0:
        return f"{who} can give nobody more time."
    return f"{who} can give up to {days(value)} more, within the school year."


def _renewal(value: int, _audience: str) -> str:
    since = f"the last {days(value)}" if value > 1 else "the last day"
    return f"In {since} of a school year it can be done for the next one."


def _late(value: int, _audience: str) -> str:
    if value == 0:
        return "What is done counts for its own school year only."
    last = f"last {days(value)}" if value > 1 else "last day"
    return f"What is done in the {last} of a school year counts for the next one too."


def _quiet(value: Parts, audience: str) -> str:
    if not value:
        return "None besides weekends."
    more = (
        "No reminders go out, and they are no working days."
        if audience == "staff"
        else "They are no working days."
    )
    return f"{days_off(value)}. {more}"


def _span(part: str) -> str:
    first, _, last = part.partition("..")
    since = written_date(date.fromisoformat(first))
    return f"{since} through {written_date(date.fromisoformat(last))}" if last else since


SENTENCES: dict[str, Callable[[Any, str], str]] = {
    "grace_days": _grace,
    "new_hire_days": _joining,
    "extension_days": _more_time,
    "renewal_days": _renewal,
    "minimum_active_days": _late,
    "quiet": _quiet,
}
