"""What a member of staff chose in the staff course this school year."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class StaffChoice(Base):
    """One person's choices in one school year; each may be changed, and none says anything about what was done.

    job             whose working day the questions speak of, where the roster does not say it
    path            `full` or `refresher`; signing instead is no path through the course
    whats_new_read  the version of what changed this year that they have read
    """

    __tablename__ = "staff_choice"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "school_year_id"),
        sa.CheckConstraint("path IN ('full', 'refresher')", name="path_is_known"),
        sa.Index("ix_staff_choice_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    school_year_id: Mapped[int] = mapped_column(sa.ForeignKey("school_year.id"))
    job: Mapped[str | None] = mapped_column(sa.String(20))
    path: Mapped[str | None] = mapped_column(sa.String(10))
    whats_new_read: Mapped[str | None] = mapped_column(sa.String(40))
