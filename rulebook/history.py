"""What was changed in the rules, by whom and when, from the audit log; and what held before, to set it back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from completion.rule_changes import RULES_CHANGED, YEAR_START_MOVED
from completion.rules import AUDIENCES, Changes, Said
from core.database import db
from core.errors import NotFound
from people.audit import COMMAND
from people.audit_models import AuditEntry
from people.directory import KNOWN_BY, identities_of, known_as
from people.models import District, Person
from people.roster_models import Building
from rulebook.reading import Difference, noted_differences

SHOWN = 20


@dataclass(frozen=True)
class Noted:
    """One entry. `audience` is "" where the first day of the school year was moved."""

    seq: int
    at: datetime
    who: str
    audience: str
    building: Building | None
    differences: list[Difference]
    dates_moved: int
    year_start: tuple[str, str] | None = None
    """MM-DD before and after."""


def changes_made(district: District, limit: int = SHOWN) -> list[Noted]:
    """Newest first, in a constant number of queries."""
    entries = db.scalars(_entries(district).order_by(AuditEntry.seq.desc()).limit(limit)).all()
    names = _names(entries)
    buildings = {
        each.key: each for each in db.scalars(sa.select(Building).filter_by(district_id=district.id))
    }
    return [_noted(each, names, buildings) for each in entries]


def last_change(district: District, audience: str, building: Building | None) -> Noted | None:
    """The newest that touches what holds there, if it is not long ago."""
    for each in changes_made(district):
        if each.audience == audience and (each.building is None or each.building == building):
            return each
    return None


def entry_numbered(
    district: District, text: str, audience: str = "", building: Building | None = None
) -> AuditEntry:
    """A change for this audience there; without an audience, one of the first day of the year. Raises NotFound."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
    found = db.scalars(_entries(district).where(AuditEntry.seq == number)).one_or_none()
    wanted = (audience or None, building.key if building else None)
    if found is None or (found.detail.get("audience"), found.detail.get("building")) != wanted:
        raise NotFound("There is no such change of these rules.")
    return found


def as_before(entry: AuditEntry, said: Said, building: int | None) -> Said:
    """What would be said if this change were set back, and all others stood."""
    was: dict[str, Any] = entry.detail["before"]
    left_open = entry.detail.get("open_before", [])
    changes: Changes = {
        name: tuple(value) if name == "quiet" else value
        for name, value in was.items()
        if name not in left_open
    }
    return said.after(changes, building, left_open)


def _entries(district: District) -> sa.Select[AuditEntry]:
    return sa.select(AuditEntry).where(
        AuditEntry.district_id == district.id, AuditEntry.action.in_((RULES_CHANGED, YEAR_START_MOVED))
    )


def _noted(entry: AuditEntry, names: dict[str, str], buildings: dict[str, Building]) -> Noted:
    said, who = entry.detail, names.get(entry.actor, entry.actor.removeprefix("person:"))
    if entry.action == YEAR_START_MOVED:
        return Noted(entry.seq, entry.at, who, "", None, [], 0, (said["before"], said["after"]))
    assert said["audience"] in AUDIENCES
    return Noted(
        entry.seq,
        entry.at,
        who,
        said["audience"],
        buildings.get(said.get("building") or ""),
        noted_differences(
            said["audience"],
            building=bool(said.get("building")),
            before=_values(said["before"]),
            after=_values(said["after"]),
            open_before=said.get("open_before", ()),
            open_after=said.get("open_after", ()),
        ),
        said.get("dates_moved", 0),
    )


def _values(noted: dict[str, Any]) -> dict[str, Any]:
    """JSON has no tuples."""
    return {name: tuple(value) if name == "quiet" else value for name, value in noted.items()}


def _names(entries: Iterable[AuditEntry]) -> dict[str, str]:
    """{actor: what an office calls them}"""
    public_ids = {each.actor.removeprefix("person:") for each in entries if each.actor.startswith("person:")}
    people = db.execute(sa.select(Person.id, Person.public_id).where(Person.public_id.in_(public_ids))).all()
    known = identities_of([person_id for person_id, _ in people], KNOWN_BY)
    return {COMMAND.name: "IT, by command"} | {
        f"person:{public_id}": known_as(known.get(person_id, {}), public_id)
        for person_id, public_id in people
    }
