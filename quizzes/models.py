"""Attempts and the answers in them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.catalogs import SOURCE
from core.clock import now
from core.database import Base
from core.sealed import new_secret

CHECK = 0
"""The number of the attempt that is a refresher's check."""


class Attempt(Base):
    """One go at a lesson's quiz, or the refresher's check of a staff module.

    The draw is stored, so that a reload and a review show the same questions.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "lesson_id", "school_year_id", "number"),
        sa.CheckConstraint("(score IS NULL) = (submitted_at IS NULL)", name="score_once_submitted"),
        sa.CheckConstraint("score IS NULL OR (score >= 0 AND score <= 100)", name="score_is_a_percentage"),
        sa.Index(
            "uq_attempt_one_open",
            "person_id",
            "lesson_id",
            "school_year_id",
            unique=True,
            sqlite_where=sa.text("submitted_at IS NULL"),
            postgresql_where=sa.text("submitted_at IS NULL"),
        ),
        sa.Index("ix_attempt_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True, default=lambda: new_secret(16))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    school_year_id: Mapped[int] = mapped_column(sa.ForeignKey("school_year.id"))
    lesson_id: Mapped[str] = mapped_column(sa.String(80))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("lesson_version.id"))
    number: Mapped[int]
    """From 1, and CHECK for the check of the refresher, of which there is one a year."""
    lang: Mapped[str] = mapped_column(sa.String(8), default=SOURCE, server_default=SOURCE)
    """The language it is asked in, from the first question to the review."""
    job: Mapped[str | None] = mapped_column(sa.String(20))
    """Staff: whose working day it is asked in, from the first question to the review."""
    seed: Mapped[int] = mapped_column(sa.BigInteger)
    draw: Mapped[list[Any]]
    """[{"item": "g4-same-me.q03", "options": ["b", "a", "c"], "type": "single"}, ...] in the order shown."""
    started_at: Mapped[datetime] = mapped_column(default=now)
    submitted_at: Mapped[datetime | None]
    score: Mapped[float | None]
    """0 to 100."""
    passed: Mapped[bool | None]

    @property
    def is_check(self) -> bool:
        return self.number == CHECK


class Response(Base):
    """The answer to one item, saved at each tap. Short-lived: removed 90 days after the school year."""

    __tablename__ = "response"
    __table_args__ = (
        sa.UniqueConstraint("attempt_id", "item_id"),
        sa.Index("ix_response_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id", ondelete="CASCADE"))
    item_id: Mapped[str] = mapped_column(sa.String(100))
    answer: Mapped[list[Any]]
    """A list of short texts in the shape of the item's type (the table in lessons/items.py), such as ["b"]."""
    points: Mapped[float | None]
    """0 to 1, once submitted."""
    saved_at: Mapped[datetime] = mapped_column(default=now)
