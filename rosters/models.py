"""What was imported, what waits for approval, rows that nobody can place, and people who are not the district's."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.sealed import Sealed


class RosterImport(Base):
    """One file that was taken, or held because it would remove too many. The file itself is not kept.

    state  `done`      written
           `held`      nothing was written; somebody of personnel or the district has to approve it
           `approved`  they have: the same file goes through until `expires_at`
    """

    __tablename__ = "roster_import"
    __table_args__ = (
        sa.CheckConstraint("state IN ('done', 'held', 'approved')", name="state_is_known"),
        sa.CheckConstraint("(state = 'done') = (expires_at IS NULL)", name="what_waits_expires"),
        sa.Index("ix_roster_import_district_id", "district_id", "source", "state"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    source: Mapped[str] = mapped_column(sa.String(20))
    """`oneroster` or `staff_csv`."""
    version: Mapped[str] = mapped_column(sa.String(10))
    bulk: Mapped[bool]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    """Of the file, so that an approval holds for this file and no other."""
    state: Mapped[str] = mapped_column(sa.String(10))
    counts: Mapped[dict[str, Any]]
    """What it did, or would do."""
    token_hash: Mapped[str | None] = mapped_column(sa.String(64))
    expires_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    """None as well where it was approved on the command line."""


class QuarantinedRow(Base):
    """A row whose names lead to two people, or two rows that lead to one. Nothing was guessed; the newest import of
    a source replaces what the one before it left here."""

    __tablename__ = "quarantined_row"
    __table_args__ = (sa.Index("ix_quarantined_row_district_id", "district_id", "source"),)

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    source: Mapped[str] = mapped_column(sa.String(20))
    file: Mapped[str] = mapped_column(sa.String(40))
    line: Mapped[int]
    key: Mapped[str] = mapped_column(Sealed)
    reason: Mapped[str] = mapped_column(sa.String(40))
    """`two_people` or `two_rows`."""
    people: Mapped[list[Any]]
    """Public ids of those it could be."""


class KeyChange(Base):
    """When a source last changed somebody, by its own clock: an older delta that comes late changes nothing."""

    __tablename__ = "roster_key_change"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "source"),
        sa.Index("ix_roster_key_change_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    source: Mapped[str] = mapped_column(sa.String(20))
    modified_at: Mapped[datetime]


class NotOurs(Base):
    """Somebody decided that this person of a launch is nobody of the roster: a guest, a test account."""

    __tablename__ = "not_ours"
    __table_args__ = (sa.UniqueConstraint("person_id"), sa.Index("ix_not_ours_district_id", "district_id"))

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    decided_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
