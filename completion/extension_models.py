"""Days that people set: by when a class is to be done with a lesson, and more time for one person."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import now
from core.database import Base
from core.sealed import new_secret


class ClassDate(Base):
    """By when a class is to be done with one part this school year, as its teacher plans it.

    Late work counts all the same, and no standing hangs on it: what the district asks has a date of its own, that of
    the assignment. Who set it and what it was before stand in the audit log.
    """

    __tablename__ = "class_date"
    __table_args__ = (
        sa.UniqueConstraint("classroom_id", "school_year_id", "part"),
        sa.Index("ix_class_date_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    classroom_id: Mapped[int] = mapped_column(sa.ForeignKey("classroom.id"))
    school_year_id: Mapped[int] = mapped_column(sa.ForeignKey("school_year.id"))
    part: Mapped[str] = mapped_column(sa.String(80))
    due_at: Mapped[datetime]
    """First instant after the last day to do it in time, district time."""


class Extension(Base):
    """More time for one person this school year: for a whole requirement, or for one part of it in their class.

    Rows are added and ended, never changed else. It is a fact beside the assignment, whose dates and basis it leaves
    alone: when it is taken back, or the rules change, what stands there is still true. One of a kind is in force; a
    new one takes its place.
    """

    __tablename__ = "extension"
    __table_args__ = (
        sa.CheckConstraint("given_by <> person_id", name="nobody_gives_their_own"),
        sa.CheckConstraint("due_at <= grace_until", name="grace_follows_the_due_date"),
        sa.CheckConstraint("(part = '') = (requirement_id IS NOT NULL)", name="of_a_requirement_or_a_part"),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="an_end_says_who"),
        *(
            sa.Index(
                f"uq_extension_of_{what}",
                *("person_id", "school_year_id", column),
                unique=True,
                sqlite_where=sa.text(where),
                postgresql_where=sa.text(where),
            )
            for what, column, where in (
                ("a_requirement", "requirement_id", "ended_at IS NULL AND part = ''"),
                ("a_part", "part", "ended_at IS NULL AND part <> ''"),
            )
        ),
        sa.Index("ix_extension_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True, default=lambda: "xn_" + new_secret(16))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    school_year_id: Mapped[int] = mapped_column(sa.ForeignKey("school_year.id"))
    requirement_id: Mapped[int | None] = mapped_column(sa.ForeignKey("requirement.id"))
    """None for one of a part."""
    part: Mapped[str] = mapped_column(sa.String(80), default="")
    """Empty for the whole requirement."""
    due_at: Mapped[datetime]
    grace_until: Mapped[datetime]
    reason_code: Mapped[str | None] = mapped_column(sa.String(40))
    """Of staff, for the personnel office alone. A teacher is asked for none."""
    given_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    given_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    """When it was taken back, or another took its place."""
    ended_by: Mapped[str | None] = mapped_column(sa.String(80))
    """An audit actor: `person:p_...`."""
