"""Published versions of the curriculum, and where each person is in them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import now
from core.database import Base


class LessonVersion(Base):
    """One lesson as compiled, whole and immutable, known by the hash of its content (no district: all share it)."""

    __tablename__ = "lesson_version"
    __table_args__ = (sa.Index("ix_lesson_version_lesson_id", "lesson_id"),)

    lesson_id: Mapped[str] = mapped_column(sa.String(80))
    content_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    body: Mapped[dict[str, Any]]
    """The shape lessons.content.Lesson reads."""


class CurriculumRelease(Base):
    """What `flask curriculum load` published: the courses in order, with the version of each lesson."""

    __tablename__ = "curriculum_release"

    content_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    courses: Mapped[dict[str, Any]]
    """{"g4": {"title": ..., "requirement": "dc-g4", "lessons": [{"id": ..., "hash": ...}]}}"""
    published_at: Mapped[datetime] = mapped_column(default=now)


class LessonVisit(Base):
    """Where a person is in a lesson this school year. They finish the version they began."""

    __tablename__ = "lesson_visit"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "lesson_id", "school_year_id"),
        sa.Index("ix_lesson_visit_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    school_year_id: Mapped[int] = mapped_column(sa.ForeignKey("school_year.id"))
    lesson_id: Mapped[str] = mapped_column(sa.String(80))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("lesson_version.id"))
    step: Mapped[int] = mapped_column(default=1)
    """1-based: the step they are at."""
    furthest: Mapped[int] = mapped_column(default=1)
    finished_at: Mapped[datetime | None]
    """When the last step was first passed; the quiz opens then."""
    lang: Mapped[str | None] = mapped_column(sa.String(8))
    """The language they chose for this lesson; None for that of the pages."""
    away_at: Mapped[datetime | None]
    """When they left a sensitive lesson by its exit; None again once they choose to go on."""


class OptOut(Base):
    """A person takes the equivalent alternative in place of a lesson. Rows are added and ended, never changed else."""

    __tablename__ = "opt_out"
    __table_args__ = (
        sa.CheckConstraint("reason IN ('family', 'counselor', 'plan', 'own')", name="reason_is_a_code"),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_somebody"),
        sa.Index(
            "uq_opt_out_in_force",
            "person_id",
            "lesson_id",
            "school_year_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index("ix_opt_out_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    school_year_id: Mapped[int] = mapped_column(sa.ForeignKey("school_year.id"))
    lesson_id: Mapped[str] = mapped_column(sa.String(80))
    reason: Mapped[str] = mapped_column(sa.String(10))
    """A code and never words: a family's reason is nobody's business here."""
    set_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(default=now)
    ended_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
