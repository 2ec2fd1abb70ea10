"""District policy, the present standing of each person, and the numbered log of every change of one."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class AccessPolicy(Base):
    """What a state means for the network, per audience. A district without a row has the defaults of access.policy."""

    __tablename__ = "access_policy"
    __table_args__ = (sa.UniqueConstraint("district_id", "audience"),)

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    audience: Mapped[str] = mapped_column(sa.String(10))
    mapping: Mapped[dict[str, Any]]
    """{"overdue": "limited", ...}: only what differs from the defaults."""


class StandingLog(Base):
    """The last number given in a district's log. Its row lock makes numbers rise in commit order, without gaps."""

    __tablename__ = "standing_log"

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"), unique=True)
    last_seq: Mapped[int] = mapped_column(sa.BigInteger, default=0)


class Standing(Base):
    """Where a person stands under a requirement now: the newest row of the log for them."""

    __tablename__ = "standing"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "requirement"),
        sa.UniqueConstraint("district_id", "seq"),
        sa.Index("ix_standing_district_id_requirement_id", "district_id", "requirement", "id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    requirement: Mapped[str] = mapped_column(sa.String(40))
    audience: Mapped[str] = mapped_column(sa.String(10))
    period: Mapped[str] = mapped_column(sa.String(9))
    state: Mapped[str] = mapped_column(sa.String(20))
    access: Mapped[str] = mapped_column(sa.String(10))
    reason: Mapped[str] = mapped_column(sa.String(40))
    completed_at: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    grace_until: Mapped[datetime | None]
    next_change_at: Mapped[datetime | None]
    policy_version: Mapped[str | None] = mapped_column(sa.String(80))
    evidence: Mapped[str | None] = mapped_column(sa.String(40))
    seq: Mapped[int] = mapped_column(sa.BigInteger)
    changed_at: Mapped[datetime]


class StandingChange(Base):
    """One numbered row per change of a standing, clock-driven ones included. API, files and agents follow it."""

    __tablename__ = "standing_change"
    __table_args__ = (
        sa.UniqueConstraint("district_id", "seq"),
        sa.Index("ix_standing_change_person_id", "person_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    seq: Mapped[int] = mapped_column(sa.BigInteger)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    requirement: Mapped[str] = mapped_column(sa.String(40))
    state: Mapped[str] = mapped_column(sa.String(20))
    access: Mapped[str] = mapped_column(sa.String(10))
    reason: Mapped[str] = mapped_column(sa.String(40))
    previous_state: Mapped[str | None] = mapped_column(sa.String(20))
    previous_access: Mapped[str | None] = mapped_column(sa.String(10))
    at: Mapped[datetime]
