"""Set by when a class is to be done with its lessons, and take dates away."""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from completion.dates import last_day_before, local_day
from completion.deadlines import day_after
from completion.extension_models import ClassDate
from core.clock import now
from core.database import db
from core.errors import ToolError
from core.language import written_date
from core.messages import N_
from people.audit import Actor, record
from people.models import Classroom, District, SchoolYear


class OddClassDate(ToolError):
    """A day on which no lesson can be due; `field` is the part."""

    status, code = 422, "odd_class_date"
    next_step = N_("Go back, choose another day, and save again. No date was changed.")


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
