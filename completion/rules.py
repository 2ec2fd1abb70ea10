"""The rules of the annual requirement that a district may choose, with their defaults, and narrowed by a building.

    renewal_days         how long before a pass ends it may be renewed for the next year
    minimum_active_days  what is earned later than this before the end of a year holds for the next year too
    due_days, grace_days days to finish from the start of the year, None: until it ends; days after that before access
                         may end
    new_hire_days        the same as due_days for who joined after the year began; 0 is the end of that very day. A
                         pupil has at least so many from when it is asked
    new_hire_counting    `calendar` or `working` days: Monday to Friday, quiet days left out
    extension_days       how much more time may be given at most, counted from the due date or from today if it is past;
                         never beyond the school year; 0: none
    ways                 what meets it: `either` course or agreement, `course`, `agreement`, or `both`
    quiet                days on which nobody is reminded: `sat`, `sun`, 2026-12-25, 2026-12-21..2027-01-01
When the school year begins stands with the district (people.models.District).

A building may say otherwise for who works or learns there (NARROWED); what it says nothing of is the district's. Who is
at several buildings has, rule by rule, what all of them agree on, and the district's where they differ: it is the one
answer that does not depend on an order of buildings, and each of their offices can look it up.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from completion.rule_models import DistrictRule
from core.database import db

WAYS = ("either", "course", "agreement", "both")
COUNTINGS = ("calendar", "working")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_QUIET_DAYS = 120
SIGNATURE = "attestation:"
"""How the key of a part begins that is shown by signing."""

Parts = tuple[str, ...]


@dataclass(frozen=True)
class Rules:
    renewal_days: int = 30
    minimum_active_days: int = 90
    due_days: int | None = 14
    grace_days: int = 14
    new_hire_days: int = 14
    new_hire_counting: str = "calendar"
    extension_days: int = 90
    ways: str = "either"
    quiet: Parts = ("sat", "sun")


DEFAULTS = Rules()
PUPILS = Rules(due_days=None)
"""The duty to teach them is the district's, and it has the whole year for it (RU-ANN-1)."""

NARROWED = ("due_days", "grace_days", "new_hire_days", "new_hire_counting", "extension_days", "ways")
"""What a building may say otherwise. Renewal and quiet days belong to the district's calendar."""
RULES_OF = {
    "staff": tuple(each.name for each in fields(Rules)),
    "guest": ("due_days", "grace_days", "new_hire_days", "new_hire_counting", "extension_days", "quiet"),
    "pupil": ("due_days", "new_hire_days", "extension_days"),
}
"""{audience: the rules that mean something for it}. A guest has an agreement and no course; a pupil has a course and no
agreement, and is never past a grace before the year is over."""
AUDIENCES = tuple(RULES_OF)

BOUNDS = {
    "renewal_days": (0, 180),
    "minimum_active_days": (0, 300),
    "due_days": (0, 300),
    "grace_days": (0, 300),
    "new_hire_days": (0, 120),
    "extension_days": (0, 365),
}
"""{rule: fewest and most days}"""
FIRST_START, LAST_START = "06-01", "10-31"
"""Between these days of a calendar year a school year may begin."""

Changes = Mapping[str, Any]
"""{"due_days": 30, ...}"""


@dataclass(frozen=True)
class Said:
    """What a district says for one audience: its rules, and what its buildings say otherwise, by their row's id."""

    whole: Rules
    buildings: Mapping[int, Changes] = field(default_factory=dict)

    def at(self, buildings: Collection[int]) -> Rules:
        """What holds for somebody of these buildings; of none: the district's."""
        if not self.buildings or not buildings:
            return self.whole
        there = [replace(self.whole, **self.buildings.get(each, {})) for each in buildings]
        agreed = {
            name: getattr(there[0], name)
            for name in NARROWED
            if len({getattr(each, name) for each in there}) == 1
        }
        return replace(self.whole, **agreed)

    def after(self, changes: Changes, building: int | None = None, left_open: Collection[str] = ()) -> "Said":
        """What would be said with these changes, by the district or by one building, which leaves some open again."""
        if building is None:
            return replace(self, whole=replace(self.whole, **changes))
        kept = {
            name: value
            for name, value in {**self.buildings.get(building, {}), **changes}.items()
            if name not in left_open
        }
        return replace(self, buildings={**self.buildings, building: kept})

    def version(self, building: int | None = None) -> str:
        """Another one whenever another answer is said there: for who changes what they read a while ago."""
        said = [asdict(self.whole), dict(self.buildings.get(building, {})) if building else {}]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def may_say(audience: str, building: bool = False) -> tuple[str, ...]:
    """The rules that mean something for this audience; of a building those that it may narrow."""
    return tuple(name for name in RULES_OF[audience] if not building or name in NARROWED)


def defaults_of(audience: str) -> Rules:
    return PUPILS if audience == "pupil" else DEFAULTS


def rules_of(district_id: int, audience: str) -> Rules:
    """Those of the district as a whole."""
    return said_by(district_id, audience).whole


def said_by(district_id: int, audience: str) -> Said:
    return said_by_all([district_id]).get((district_id, audience)) or Said(defaults_of(audience))


def said_by_all(district_ids: Iterable[int]) -> dict[tuple[int, str], Said]:
    """{(district id, audience): what it says} where a district changed anything, in one query."""
    whole: dict[tuple[int, str], Rules] = {}
    narrowed: dict[tuple[int, str], dict[int, Changes]] = {}
    rows = sa.select(
        DistrictRule.district_id, DistrictRule.audience, DistrictRule.building_id, DistrictRule.changed
    )
    for row in db.execute(rows.where(DistrictRule.district_id.in_(list(district_ids)))):
        key = row.district_id, row.audience
        if row.building_id is None:
            whole[key] = with_changes(row.changed, row.audience)
        else:
            narrowed.setdefault(key, {})[row.building_id] = row.changed
    return {
        key: Said(whole.get(key, defaults_of(key[1])), narrowed.get(key, {}))
        for key in whole.keys() | narrowed.keys()
    }


def with_changes(changed: Changes, audience: str) -> Rules:
    """Rules from what is kept of them: JSON has no tuples."""
    quiet = {"quiet": tuple(changed["quiet"])} if "quiet" in changed else {}
    return replace(defaults_of(audience), **{**changed, **quiet})


def alternatives_by(ways: str, alternatives: Sequence[Sequence[str]]) -> tuple[Parts, ...]:
    """The lists of parts of which one, shown whole, is enough under the district's choice.

    An agreement is a list of signatures alone. Where only one kind is published there is nothing to choose, and
    all lists stand: a district can not ask for what does not exist.
    """
    lists = [tuple(parts) for parts in alternatives if parts]
    agreements = [parts for parts in lists if all(part.startswith(SIGNATURE) for part in parts)]
    courses = [parts for parts in lists if parts not in agreements]
    if ways == "either" or not agreements or not courses:
        return tuple(lists)
    if ways == "both":
        return tuple((*course, *agreement) for course in courses for agreement in agreements)
    return tuple(courses if ways == "course" else agreements)


def is_quiet(day: date, quiet: Parts) -> bool:
    weekdays, spans = _parsed(quiet)
    return day.weekday() in weekdays or any(first <= day <= last for first, last in spans)


def is_working(day: date, quiet: Parts) -> bool:
    return day.weekday() < 5 and not is_quiet(day, quiet)


def read_year_start(text: str) -> tuple[int, int]:
    """Month and day, from MM-DD. Raises ValueError that says what is allowed."""
    found = re.fullmatch(r"(\d\d)-(\d\d)", text)
    if not found or not FIRST_START <= text <= LAST_START:
        raise ValueError(f"write month and day, from {FIRST_START} to {LAST_START}, as 09-01")
    month, day = int(found[1]), int(found[2])
    try:
        date(2027, month, day)
    except ValueError:
        raise ValueError(f"there is no {text} in the calendar") from None
    return month, day


def read_quiet(text: str) -> Parts:
    """What a district writes, parts separated by commas. Raises ValueError that says what is allowed."""
    found = []
    for part in filter(None, (each.strip().lower() for each in text.split(","))):
        if part not in WEEKDAYS:
            first, last = _span(part)
            if not first <= last <= first + timedelta(days=LONGEST_QUIET_DAYS):
                raise ValueError(f"{part}: a span runs forward, over {LONGEST_QUIET_DAYS} days at most")
        found.append(part)
    if set(WEEKDAYS[:5]) <= set(found):
        raise ValueError("leave at least one day from mon to fri")
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=256)
def _parsed(quiet: Parts) -> tuple[frozenset[int], tuple[tuple[date, date], ...]]:
    weekdays = frozenset(WEEKDAYS.index(each) for each in quiet if each in WEEKDAYS)
    return weekdays, tuple(_span(each) for each in quiet if each not in WEEKDAYS)


def _span(part: str) -> tuple[date, date]:
    first, _, last = part.partition("..")
    try:
        return date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        raise ValueError(
            f"{part!r}: write {', '.join(WEEKDAYS)}, a day as 2026-12-25, or a span as 2026-12-21..2027-01-01"
        ) from None
