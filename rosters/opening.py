"""A roster file of either kind, told by its first bytes and checked as a whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from core.database import db
from people.roster_models import Building
from rosters.bounds import Errors
from rosters.entries import RosterFile
from rosters.importing import check
from rosters.oneroster import open_oneroster
from rosters.staff_csv import open_staff_csv

ZIP = b"PK"


def known_buildings(district_id: int) -> frozenset[str]:
    return frozenset(db.scalars(sa.select(Building.key).filter_by(district_id=district_id)))


@contextmanager
def opened(path: Path, buildings: frozenset[str]) -> Iterator[RosterFile]:
    """Everything that is wrong is found before anything is locked. Raises RosterRefused."""
    errors = Errors()
    with path.open("rb") as start:
        is_zip = start.read(2) == ZIP
    with open_oneroster(path, buildings, errors) if is_zip else open_staff_csv(path, errors) as file:
        check(file, errors)
        yield file
