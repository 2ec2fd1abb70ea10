"""Where people belong by the district's own roster: schools, and who is at which of them from when to when."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base

JOBS = ("teacher", "para", "office", "coach", "substitute", "driver", "admin", "volunteer", "other")
"""What somebody on the staff does, as far as a course or a deadline cares."""

COURSE_JOBS = JOBS[: JOBS.index("volunteer")]
"""Those whose working day the staff course speaks of."""


class Building(Base):
    """A school or an office of the district. Enforcement is staged, and reports are made, building by building."""

    __tablename__ = "building"
    __table_args__ = (sa.UniqueConstraint("district_id", "key"),)

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    key: Mapped[str] = mapped_column(sa.String(80))
    """Its sourcedId (OneRoster) or the code the district gives it."""
    name: Mapped[str] = mapped_column(sa.String(200))


class RosterInterval(Base):
    """Somebody is on the roster of a building, half-open: starts_at <= t < ends_at.

    Rows are closed, never deleted: who was here when decides what was owed when. Somebody of whom the roster has
    never spoken has no row, which is not the same as having left.
    """

    __tablename__ = "roster_interval"
    __table_args__ = (
        sa.CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name="starts_before_it_ends"),
        sa.CheckConstraint("audience IN ('pupil', 'staff', 'guest')", name="audience_is_known"),
        sa.Index("ix_roster_interval_person_id", "person_id"),
        sa.Index("ix_roster_interval_building_id", "building_id"),
        sa.Index("ix_roster_interval_district_id", "district_id", "audience", "ends_at"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    building_id: Mapped[int | None] = mapped_column(sa.ForeignKey("building.id"))
    audience: Mapped[str] = mapped_column(sa.String(10))
    job: Mapped[str | None] = mapped_column(sa.String(20))
    """For staff, one of JOBS."""
    grade: Mapped[str | None] = mapped_column(sa.String(10))
    """For pupils: `k`, `g1` ... `g12`."""
    starts_at: Mapped[datetime]
    """For staff the hire date where the roster says it: a new hire's deadline counts from here."""
    ends_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(sa.String(20))
    """`oneroster`, `staff_csv`, `command`, `page`."""
