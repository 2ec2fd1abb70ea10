"""The staff file: one row for each person and building, as personnel offices write it (docs/rosters.md).

    sis_id,email,username,building,building_name,job,hired_on,left_on

Rows of one person follow one another or not; those with the same `sis_id` are one person. Always bulk: whoever of
the staff is not in it any more has left.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.clock import now
from rosters.bounds import Errors, echo
from rosters.checked import checked
from rosters.csv_rows import read_rows
from rosters.entries import STAFF_CSV, Entry, Placement, RosterFile
from rosters.schemas import StaffSchema

COLUMNS = ("sis_id", "email", "username", "building", "building_name", "job", "hired_on", "left_on")
NEEDED = ("sis_id", "building", "job")
NAME = "staff.csv"
"""What errors call it, whatever it is called."""


@contextmanager
def open_staff_csv(path: Path, errors: Errors) -> Iterator[RosterFile]:
    """Raises RosterRefused where the file as a whole can not be read."""
    buildings: dict[str, str] = {}

    def entries(found: Errors) -> Iterator[Entry]:
        """Staff are thousands, not hundreds of thousands: their rows are put together in memory."""
        people: dict[str, list[tuple[int, dict[str, Any]]]] = {}
        for line, row in _rows(path, found):
            people.setdefault(row["sis_id"], []).append((line, row))
        for key, rows in people.items():
            yield _entry(key, rows, found)

    for _line, row in _rows(path, Errors()):
        if row["building_name"] or row["building"] not in buildings:
            buildings[row["building"]] = row["building_name"] or row["building"]
    yield RosterFile(STAFF_CSV, "1", True, entries, buildings, audiences=frozenset(("staff",)))


def _rows(path: Path, errors: Errors) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open("rb") as stream:
        yield from checked(read_rows(stream, NAME, NEEDED, errors), StaffSchema(), NAME, errors)


def _entry(key: str, rows: list[tuple[int, dict[str, Any]]], errors: Errors) -> Entry:
    first_line, first = rows[0]
    placements: dict[str, Placement] = {}
    for line, row in rows:
        for column in ("email", "username"):
            if row[column].casefold() != first[column].casefold():
                errors.add(
                    NAME, line, f"{column} is not that of line {first_line}, which has the same sis_id"
                )
        if row["building"] in placements:
            errors.add(NAME, line, f"sis_id {echo(key)} stands at this building already")
        placements[row["building"]] = Placement(
            row["building"], "staff", row["job"], None, row["hired_on"], row["left_on"]
        )
    names = [("sis", key), *((scheme, first[scheme]) for scheme in ("email", "username") if first[scheme])]
    # Who is gone and of whom nobody says since when they were here is not added for having left.
    today = now().date()
    here = any(
        each.first_day or each.last_day is None or each.last_day >= today for each in placements.values()
    )
    return Entry(NAME, first_line, key, tuple(names), tuple(placements.values()), named=here)
