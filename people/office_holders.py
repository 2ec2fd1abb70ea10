"""Whether somebody holds an office of the district, whoever is signed in and wherever it is asked."""

import sqlalchemy as sa

from core.database import db
from people.models import Person
from people.office_models import Office


def holds(person: Person, *offices: str) -> bool:
    """One of these offices."""
    held = sa.select(Office.id).where(Office.person_id == person.id, Office.office.in_(offices)).limit(1)
    return db.scalar(held) is not None
