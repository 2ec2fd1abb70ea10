"""Frozen years and their figures, evidence packs on their way and made, and what a district chose about both."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import now
from core.database import Base
from core.sealed import Sealed, new_secret

FREEZE_AFTER_DAYS = 30
"""Days after its end in which a year may still be put right: paper is entered, mistakes are voided."""


class EvidenceRule(Base):
    """What a district chose about its evidence; one without a row has the defaults."""

    __tablename__ = "evidence_rule"
    __table_args__ = (
        sa.CheckConstraint("freeze_after_days BETWEEN 0 AND 120", name="a_year_is_frozen_within_four_months"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"), unique=True)
    freeze_after_days: Mapped[int] = mapped_column(default=FREEZE_AFTER_DAYS)
    public_report: Mapped[bool] = mapped_column(default=False)
    """Whether anybody may read the de-identified figures of each year."""


class YearFreeze(Base):
    """The figures of a school year were fixed. What happens to its evidence later is an amendment beside them."""

    __tablename__ = "year_freeze"

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"), index=True)
    school_year_id: Mapped[int] = mapped_column(sa.ForeignKey("school_year.id"), unique=True)
    frozen_at: Mapped[datetime]
    """Evidence counts that was recorded by then and not voided by then."""
    figures: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    """Of the figures as canonical JSON (proof.figures); it stands in the audit log too."""
    jws: Mapped[str] = mapped_column(sa.Text)
    """The same signed, as evidence is."""


class YearFigure(Base):
    """How many pupils of a school and grade were enrolled in a frozen year, and how many were taught a topic."""

    __tablename__ = "year_figure"
    __table_args__ = (
        sa.UniqueConstraint("school_year_id", "school_key", "grade", "topic"),
        sa.CheckConstraint("0 <= taught AND taught <= enrolled", name="taught_are_of_the_enrolled"),
        sa.Index("ix_year_figure_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    school_year_id: Mapped[int] = mapped_column(sa.ForeignKey("school_year.id"))
    school_key: Mapped[str] = mapped_column(sa.String(80))
    """The building's key, "" for pupils whom no roster places."""
    school: Mapped[str] = mapped_column(sa.String(200))
    """As it was called then."""
    grade: Mapped[str] = mapped_column(sa.String(10))
    topic: Mapped[str] = mapped_column(sa.String(90))
    """`CIPA-OB`, `course` for the whole course, `lesson:g4-same-me`."""
    enrolled: Mapped[int]
    taught: Mapped[int]


class EvidencePack(Base):
    """A pack that an office asked for: the worker makes it, it is there for some days, and then it is gone."""

    __tablename__ = "evidence_pack"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('waiting', 'making', 'ready', 'failed', 'expired')", name="state_is_known"
        ),
        sa.CheckConstraint("(state = 'making') = (leased_until IS NOT NULL)", name="made_under_a_lease"),
        sa.CheckConstraint("state <> 'ready' OR content_sha256 IS NOT NULL", name="ready_says_what_it_is"),
        sa.CheckConstraint("office IN ('district', 'privacy')", name="office_is_known"),
        sa.Index("ix_evidence_pack_district_id", "district_id"),
        sa.Index("ix_evidence_pack_state", "state", "due_at"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True, default=lambda: "pk_" + new_secret(16))
    school_year_id: Mapped[int] = mapped_column(sa.ForeignKey("school_year.id"))
    deidentified: Mapped[bool]
    office: Mapped[str] = mapped_column(sa.String(10))
    """The office that asked; its people may download it."""
    asked_by: Mapped[str] = mapped_column(sa.String(80))
    """As the audit log says it."""
    asked_at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting")
    due_at: Mapped[datetime] = mapped_column(default=now)
    done: Mapped[int] = mapped_column(default=0)
    """People looked at so far, of `total`."""
    total: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    leased_by: Mapped[str | None] = mapped_column(sa.String(40))
    people: Mapped[int] = mapped_column(default=0)
    """How many pupils stand in it, for the log of disclosures; none in a de-identified one."""
    size: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    """Bytes of the file."""
    content_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    manifest_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    made_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]


class EvidencePackPiece(Base):
    """A stretch of a pack's file, sealed: it names pupils by their SIS number."""

    __tablename__ = "evidence_pack_piece"
    __table_args__ = (
        sa.UniqueConstraint("pack_id", "lease", "number"),
        sa.Index("ix_evidence_pack_piece_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    pack_id: Mapped[int] = mapped_column(sa.ForeignKey("evidence_pack.id"))
    lease: Mapped[str] = mapped_column(sa.String(40))
    """Of which try it is; what a killed worker left is of none that counts."""
    number: Mapped[int]
    data: Mapped[str] = mapped_column(Sealed)
    """Base64 of the bytes."""
