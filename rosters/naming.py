"""Write down by which names a roster knows people. It is the district's word: what it says replaces what it said."""

from collections.abc import Sequence

import sqlalchemy as sa

from core.database import db, insert_for, table_of
from people.claimed_models import ClaimedName
from people.models import Identity, Person, new_person_id
from rosters.entries import KEY_SCHEME, ONEROSTER, STAFF_CSV
from rosters.matching import CUSTOM, SCHEMES, Match, Name

FILES = (ONEROSTER, STAFF_CSV)
REPLACED_WHOEVER_SAID = ("email", "username")
"""Addresses and user names are given to somebody else one day, so an old one must let go."""


def add_people(district_id: int, matches: Sequence[Match]) -> set[int]:
    """A person for each row that leads to nobody. Returns their ids."""
    new = [each for each in matches if each.quarantine is None and each.person_id is None]
    if not new:
        return set()
    rows = [
        {
            "district_id": district_id,
            "public_id": new_person_id(),
            "audience": "staff" if each.entry.is_staff else "pupil",
        }
        for each in new
    ]
    db.execute(sa.insert(Person), rows)
    public_ids = [row["public_id"] for row in rows]
    made = db.execute(sa.select(Person.public_id, Person.id).where(Person.public_id.in_(public_ids)))
    ids = dict(made.all())
    for each, row in zip(new, rows, strict=True):
        each.person_id = ids[str(row["public_id"])]
    return set(ids.values())


def write_names(district_id: int, kind: str, matches: Sequence[Match]) -> set[int]:
    """Names that are new, or said by another until now. Returns the ids of people whose names changed."""
    known = [each for each in matches if each.person_id is not None and each.entry.names]
    there = _there(district_id, known)
    mine: dict[int, list[Identity]] = {}
    for row in there.values():
        mine.setdefault(row.person_id, []).append(row)
    new: list[dict[str, object]] = []
    changed: set[int] = set()
    for each in known:
        person_id = each.person_id
        assert person_id is not None
        for name in each.names:
            held = there.get(name.print)
            if held is None:
                new.append(_row(district_id, person_id, kind, name))
                changed.add(person_id)
            elif held.person_id != person_id:
                _take_over(held, person_id, kind)
                changed.add(person_id)
            elif held.source not in FILES:
                held.source = kind
        changed |= _let_go(kind, each, mine.get(person_id, []))
    db.flush()
    if new:
        db.connection().execute(insert_for(Identity).on_conflict_do_nothing(), new)
    return changed


def _there(district_id: int, matches: Sequence[Match]) -> dict[str, Identity]:
    """{print: row} of the people's own names and of those the rows say."""
    prints = [name.print for each in matches for name in each.names]
    rows = db.scalars(
        sa.select(Identity).where(
            Identity.district_id == district_id, Identity.issuer == "", Identity.scheme.in_(SCHEMES),
            sa.or_(
                Identity.fingerprint.in_(prints), Identity.person_id.in_([each.person_id for each in matches])
            ),
        )
    )  # fmt: skip
    return {row.fingerprint: row for row in rows}


def _row(district_id: int, person_id: int, kind: str, name: Name) -> dict[str, object]:
    return {
        "district_id": district_id,
        "person_id": person_id,
        "scheme": name.scheme,
        "issuer": "",
        "fingerprint": name.print,
        "value": name.value.strip(),
        "source": kind,
    }


def _take_over(row: Identity, person_id: int, kind: str) -> None:
    """A custom parameter had it that this was somebody else; what it said stays with them as a claim."""
    assert row.source == CUSTOM, "any other owner would have been the match, or a reason for quarantine"
    db.execute(
        insert_for(ClaimedName)
        .values(
            district_id=row.district_id, person_id=row.person_id, scheme=row.scheme,
            fingerprint=row.fingerprint, value=row.value, why="taken",
        )
        .on_conflict_do_nothing()
    )  # fmt: skip
    row.person_id, row.source = person_id, kind


def _let_go(kind: str, match: Match, rows: list[Identity]) -> set[int]:
    """Names of theirs that this source said before and does not say any more."""
    said = {name.scheme for name in match.names} - {KEY_SCHEME[kind]}
    prints = {name.print for name in match.names}
    old = [
        row
        for row in rows
        if row.scheme in said
        and row.fingerprint not in prints
        and (row.source == kind or (row.scheme in REPLACED_WHOEVER_SAID and row.source not in FILES))
    ]
    if not old:
        return set()
    db.execute(sa.delete(table_of(Identity)).where(table_of(Identity).c.id.in_([row.id for row in old])))
    for row in old:
        db.expunge(row)
    return {row.person_id for row in old}
