"""Note names that are said of somebody and not believed."""

from core.database import db, insert_for
from people.claimed_models import ClaimedName
from people.directory import print_of, trimmed
from people.models import Person


def note_claim(person: Person, scheme: str, value: str, why: str) -> bool:
    """Whether it is new: a launch says the same every day, and is told about once."""
    made = db.execute(
        insert_for(ClaimedName)
        .values(
            district_id=person.district_id,
            person_id=person.id,
            scheme=scheme,
            fingerprint=print_of(person.district_id, scheme, "", value),
            value=trimmed(scheme, value),
            why=why,
        )
        .on_conflict_do_nothing()
        .returning(ClaimedName.id)
    )
    return made.scalar_one_or_none() is not None
