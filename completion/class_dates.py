"""By when a class is to be done with each part, and what that means for one of its pupils.

Of several classes the latest date counts, and more time that was given counts where it is later still. Where no class
has a date nothing is due. After the date work counts as before it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from completion.dates import last_day_before, local_day
from completion.deadlines import day_after
from completion.extension_models import ClassDate, Extension
from completion.extensions import in_force
from core.clock import now
from core.database import db
from core.errors import ToolError
from core.language import written_date
from core.messages import N_
from people.audit import Actor, record
from people.models import Classroom, District, Enrollment, SchoolYear


class OddClassDate(ToolError):
    """A day on which no lesson can be due; `field` is the part."""

    status, code = 422, "odd_class_date"
    next_step = N_("Go back, choose another day, and save again. No date was changed.")


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


def due_for(person_id: int, year_id: int) -> dict[str, Due]:
    """{part: due} for one person, by the classes they learn in now. In two queries."""
    dates: dict[str, list[datetime]] = defaultdict(list)
    for part, due_at in db.execute(
        sa.select(ClassDate.part, ClassDate.due_at)
        .join(Enrollment, Enrollment.classroom_id == ClassDate.classroom_id)
        .where(
            Enrollment.person_id == person_id,
            Enrollment.role == "learner",
            Enrollment.left_at.is_(None),
            ClassDate.school_year_id == year_id,
        )
    ):
        dates[part].append(due_at)
    given = {each.part: each.due_at for each in in_force([person_id], year_id)} if dates else {}
    found = {part: due(each, given.get(part)) for part, each in dates.items()}
    return {part: each for part, each in found.items() if each is not None}


def set_class_dates(
    classroom: Classroom, year: SchoolYear, days: Mapping[str, date | None], actor: Actor
) -> int:
    """Through the end of these days, there; None takes a date away. What is as it was is left alone.

    Returns how many changed. Raises OddClassDate for a new day that is over, or outside of the school year.
    """
    district = db.get_one(District, classroom.district_id)
    db.refresh(classroom, with_for_update=True)  # two who save at once, one after the other
    rows = sa.select(ClassDate).filter_by(classroom_id=classroom.id, school_year_id=year.id)
    before = {row.part: row for row in db.scalars(rows)}
    today, last = local_day(now(), district.timezone), last_day_before(year.ends_at, district.timezone)
    changed: dict[str, list[str | None]] = {}
    for part, day in days.items():
        row = before.get(part)
        was = last_day_before(row.due_at, district.timezone) if row else None
        if day == was:
            continue
        if day is not None and not today <= day <= last:
            raise OddClassDate(
                N_(
                    "A lesson is due on a day from today to the end of the school year, %(day)s.",
                    day=written_date(last),
                ),
                field=part,
            )
        changed[part] = [each.isoformat() if each else None for each in (was, day)]
        if day is None:
            db.delete(row)
        elif row is None:
            db.add(
                ClassDate(
                    district_id=district.id,
                    classroom_id=classroom.id,
                    school_year_id=year.id,
                    part=part,
                    due_at=day_after(day, district.timezone),
                )
            )
        else:
            row.due_at = day_after(day, district.timezone)
    if changed:
        db.flush()
        record(district.id, actor, "class_dates_set", f"class:{classroom.id}", year=year.name, days=changed)
    return len(changed)
