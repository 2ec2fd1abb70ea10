"""Lessons a teacher led a whole class through."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class GroupSession(Base):
    """One lesson, one class, one day. Who was there stands in the ledger as evidence with this session as its source.

    public_id  drawn when the list of names is shown, so that sending the form twice is holding one session
    held_on    the day in the district's time zone
    """

    __tablename__ = "group_session"
    __table_args__ = (
        sa.Index("ix_group_session_classroom_id", "classroom_id"),
        sa.Index("ix_group_session_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    classroom_id: Mapped[int] = mapped_column(sa.ForeignKey("classroom.id"))
    school_year_id: Mapped[int] = mapped_column(sa.ForeignKey("school_year.id"))
    lesson_id: Mapped[str] = mapped_column(sa.String(80))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("lesson_version.id"))
    led_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    held_on: Mapped[date]
    undone_at: Mapped[datetime | None]
    """When the whole session was taken back; the rows stay."""

    @property
    def source(self) -> str:
        """How its evidence names it."""
        return f"group session {self.id}"
