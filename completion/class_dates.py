"""By when a class is to be done with each part, and what that means for one of its pupils.

Of several classes the latest date counts, and more time that was given counts where it is later still. Where no class
has a date nothing is due. After the date work counts as before it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from completion.extension_models import ClassDate, Extension
from core.database import db
from people.models import Enrollment


@dataclass(frozen=True)
class Due:
    """By when one person is to be done with a part."""

    at: datetime
    extended: bool
    """More time than the class has."""


def due(class_dates: Iterable[datetime], given: datetime | None) -> Due | None:
    """None where no class has a date."""
    latest = max(class_dates, default=None)
    if latest is None:
        return None
    return Due(given, True) if given is not None and given > latest else Due(latest, False)


@dataclass(frozen=True)
class ClassDates:
    """The dates of one class, and what was given to those who sit in it."""

    by_part: Mapping[str, datetime]
    given: Mapping[int, Mapping[str, Extension]]
    """{seat (Enrollment): {part: more time in force}}; "" is the whole requirement."""

    def of(self, seat: int, part: str) -> Due | None:
        given = self.given.get(seat, {}).get(part)
        return due([self.by_part[part]] if part in self.by_part else [], given.due_at if given else None)


NO_DATES = ClassDates({}, {})


def class_dates(classroom_id: int, year_id: int) -> ClassDates:
    """In two queries, however large the class."""
    dates = sa.select(ClassDate.part, ClassDate.due_at).filter_by(
        classroom_id=classroom_id, school_year_id=year_id
    )
    seated = (
        sa.select(Enrollment.id, Extension)
        .join(Extension, Extension.person_id == Enrollment.person_id)
        .where(
            Enrollment.classroom_id == classroom_id,
            Enrollment.role == "learner",
            Extension.school_year_id == year_id,
            Extension.ended_at.is_(None),
        )
        .order_by(Extension.id)
    )
    given: dict[int, dict[str, Extension]] = defaultdict(dict)
    for seat, extension in db.execute(seated):
        given[seat][extension.part] = extension
    return ClassDates({row.part: row.due_at for row in db.execute(dates)}, given)


# Built once: the first page of every lesson asks it.
_dates_of = (
    sa.select(ClassDate.part, ClassDate.due_at)
    .join(Enrollment, Enrollment.classroom_id == ClassDate.classroom_id)
    .where(
        Enrollment.person_id == sa.bindparam("person_id"),
        Enrollment.role == "learner",
        Enrollment.left_at.is_(None),
        ClassDate.school_year_id == sa.bindparam("year_id"),
    )
)


def due_for(person_id: int, year_id: int) -> dict[str, Due]:
    """{part: due} for one person, by the classes they learn in now. In two queries; in one where there is no date."""
    dates: dict[str, list[datetime]] = defaultdict(list)
    for part, due_at in db.execute(_dates_of, {"person_id": person_id, "year_id": year_id}):
        dates[part].append(due_at)
    more = sa.select(Extension.part, Extension.due_at).where(
        Extension.person_id == person_id, Extension.school_year_id == year_id, Extension.ended_at.is_(None)
    )
    given = {row.part: row.due_at for row in db.execute(more)} if dates else {}
    found = {part: due(each, given.get(part)) for part, each in dates.items()}
    return {part: each for part, each in found.items() if each is not None}
