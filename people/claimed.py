"""Note names that are said of somebody and not believed."""

from collections.abc import Iterable

import sqlalchemy as sa

from core.database import db, insert_for
from people.claimed_models import ClaimedName
from people.directory import print_of, trimmed
from people.models import Person


def note_claim(person: Person, scheme: str, value: str, why: str) -> bool:
    """Whether it is new: a launch says the same every day, and is told about once."""
    row = _row(person.district_id, person.id, scheme, value, why)
    made = db.execute(insert_for(ClaimedName).values(row).on_conflict_do_nothing().returning(ClaimedName.id))
    return made.scalar_one_or_none() is not None


def note_claims(district_id: int, why: str, said: Iterable[tuple[int, str, str]]) -> list[dict[str, object]]:
    """The same of many (person id, scheme, value), in two statements. Returns the rows that are new."""
    rows = {
        (each["person_id"], each["scheme"], each["fingerprint"]): each
        for each in (_row(district_id, *name, why) for name in said)
    }
    if not rows:
        return []
    known = db.execute(
        sa.select(ClaimedName.person_id, ClaimedName.scheme, ClaimedName.fingerprint).where(
            ClaimedName.district_id == district_id,
            ClaimedName.person_id.in_({person_id for person_id, _, _ in rows}),
        )
    )
    for person_id, scheme, print_ in known:
        rows.pop((person_id, scheme, print_), None)
    if rows:
        db.execute(insert_for(ClaimedName).on_conflict_do_nothing(), list(rows.values()))
    return list(rows.values())


def forget_claims(person: Person, why: str) -> None:
    """What was kept back for this reason is believed now."""
    db.execute(sa.delete(ClaimedName).where(ClaimedName.person_id == person.id, ClaimedName.why == why))


def _row(district_id: int, person_id: int, scheme: str, value: str, why: str) -> dict[str, object]:
    return {
        "district_id": district_id,
        "person_id": person_id,
        "scheme": scheme,
        "fingerprint": print_of(district_id, scheme, "", value),
        "value": trimmed(scheme, value),
        "why": why,
    }
