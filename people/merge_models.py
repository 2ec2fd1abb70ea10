"""Two records that turned out to be one human being, put together so that it can be taken apart again."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class Merge(Base):
    """What is known of `gone` follows to `kept`. The record of `gone` stays, empty, for whoever still holds its id.

    moved    {"evidence.person_id": [row ids]}: rows that now name `kept`
    changed  [[table, row id, column, before, after], ...]: what had to give way; times in ISO 8601, no names
    """

    __tablename__ = "person_merge"
    __table_args__ = (
        sa.CheckConstraint("kept_id <> gone_id", name="of_two_people"),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by_somebody"),
        sa.Index("ix_person_merge_district_id", "district_id"),
        sa.Index("ix_person_merge_kept_id", "kept_id"),
        sa.Index(
            "uq_person_merge_gone_once",
            "gone_id",
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        ),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    kept_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    gone_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    by: Mapped[str] = mapped_column(sa.String(80))
    """An actor as the audit log says it."""
    moved: Mapped[dict[str, Any]]
    changed: Mapped[list[Any]]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(sa.String(80))
