"""District policy, the present standing of each person, and the numbered log of every change of one."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


def _whole_district(name: str, *columns: str) -> sa.Index:
    """One row for the district itself: a unique constraint lets any number of rows without building through."""
    whole = sa.text("building_id IS NULL")
    return sa.Index(name, "district_id", *columns, unique=True, sqlite_where=whole, postgresql_where=whole)


class AccessPolicy(Base):
    """What a state means for the network, per audience and perhaps building.

    A district without a row has the defaults of access.policy; a building adds to what its district says.
    """

    __tablename__ = "access_policy"
    __table_args__ = (
        sa.UniqueConstraint("district_id", "audience", "building_id"),
        _whole_district("uq_access_policy_of_the_whole_district", "audience"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    audience: Mapped[str] = mapped_column(sa.String(10))
    building_id: Mapped[int | None] = mapped_column(sa.ForeignKey("building.id"))
    mapping: Mapped[dict[str, Any]]
    """{"overdue": "limited", ...}: only what differs from the defaults."""


class EnforcementStep(Base):
    """From `enforce_from` on, this much of the policy is in force, until the next step. See access.enforcement."""

    __tablename__ = "enforcement_step"
    __table_args__ = (
        sa.CheckConstraint("stage IN ('observe', 'warn', 'limited', 'deny')", name="stage_is_known"),
        sa.UniqueConstraint("district_id", "audience", "building_id", "enforce_from"),
        _whole_district("uq_enforcement_step_of_the_whole_district", "audience", "enforce_from"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    audience: Mapped[str] = mapped_column(sa.String(10))
    building_id: Mapped[int | None] = mapped_column(sa.ForeignKey("building.id"))
    stage: Mapped[str] = mapped_column(sa.String(10))
    enforce_from: Mapped[datetime]


class StandingLog(Base):
    """The last number given in a district's log. Its row lock makes numbers rise in commit order, without gaps."""

    __tablename__ = "standing_log"

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"), unique=True)
    last_seq: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    audit_seq: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    """Up to here the audit log was followed (access.district_events)."""


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
    would_be: Mapped[str] = mapped_column(sa.String(10))
    """What `access` would be if the whole policy were in force today."""
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
