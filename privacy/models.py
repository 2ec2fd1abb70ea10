"""What is left of what was destroyed: counts without people, and the certificates that say so."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import now
from core.database import Base
from core.sealed import new_secret


class Delivered(Base):
    """How often something was taught or signed, of rows that are gone: no person, no class, no time of day.

    Written in the transaction that destroys the rows, so that what is left and what is counted always add up to
    what was delivered. Kept ten years: the proof for E-rate (47 CFR 54.516) needs no pupil.
    """

    __tablename__ = "delivered"
    __table_args__ = (
        sa.UniqueConstraint(
            "district_id", "day", "school", "grade", "audience", "part", "kind", "version",
            name="uq_delivered_counts_once",
        ),
        sa.CheckConstraint("times > 0", name="something_was_delivered"),
    )  # fmt: skip

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    day: Mapped[date]
    """In the district's time zone."""
    school: Mapped[str] = mapped_column(sa.String(80), default="")
    """The building's key by the roster of that day; empty where no roster spoke of them."""
    grade: Mapped[str] = mapped_column(sa.String(10), default="")
    audience: Mapped[str] = mapped_column(sa.String(10))
    part: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[str] = mapped_column(sa.String(80))
    times: Mapped[int]


class Erasure(Base):
    """A certificate of deletion: that somebody's records were destroyed, which kinds and how many, and what stays."""

    __tablename__ = "erasure"
    __table_args__ = (
        sa.Index("ix_erasure_district_id", "district_id", "at"),
        sa.UniqueConstraint("district_id", "seq"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True, default=lambda: "er_" + new_secret(16))
    person: Mapped[str] = mapped_column(sa.String(40))
    """The random id they had here, which opens nothing any more."""
    at: Mapped[datetime] = mapped_column(default=now)
    by: Mapped[str] = mapped_column(sa.String(80))
    """`person:p_...`, `command`, or `worker` for the retention schedule."""
    removed: Mapped[dict[str, Any]]
    """{table: rows}"""
    kept: Mapped[dict[str, Any]]
    """{table: rows}: what the schedule for staff evidence keeps."""
    seq: Mapped[int | None] = mapped_column(sa.BigInteger)
    """Its number in the district's log of standings, where they had one: IT's programs learn of it there."""
    sha256: Mapped[str] = mapped_column(sa.String(64))
    """Of the certificate's text; it stands in the audit log too."""


class Departure(Base):
    """A district leaves the host: announced, its doors closed, everything given to it as files, and then erased.

    Points at no row, so that it outlives the district: when all is gone, this is the certificate.
    """

    __tablename__ = "departure"
    __table_args__ = (
        sa.Index(
            "uq_departure_one_at_a_time",
            "slug",
            unique=True,
            sqlite_where=sa.text("stays_at IS NULL AND erased_at IS NULL"),
            postgresql_where=sa.text("stays_at IS NULL AND erased_at IS NULL"),
        ),
        sa.CheckConstraint("erased_at IS NULL OR stays_at IS NULL", name="who_stays_is_not_erased"),
        sa.CheckConstraint("erased_at IS NULL OR closed_at IS NOT NULL", name="doors_close_first"),
        sa.CheckConstraint(
            "(erased_at IS NULL) = (sha256 IS NULL)", name="what_was_erased_has_a_certificate"
        ),
    )

    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True, default=lambda: "dp_" + new_secret(16))
    slug: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(200))
    asked_by: Mapped[str] = mapped_column(sa.String(80))
    """Who said so for the district: the number of a contract or a letter, or an office. No name of a person."""
    announced_at: Mapped[datetime] = mapped_column(default=now)
    leaves_at: Mapped[datetime]
    """First instant after its last day."""
    closed_at: Mapped[datetime | None]
    """Since when nobody comes in and nothing is sent."""
    stays_at: Mapped[datetime | None]
    """When the announcement was taken back."""
    erased_at: Mapped[datetime | None]
    removed: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    """{table: rows}"""
    files_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    """Of the manifest of the files that the district was given before."""
    sha256: Mapped[str | None] = mapped_column(sa.String(64))
    """Of the certificate's text."""
