"""Codes of the front office, and what was signed under them. Of visitors nothing stands here but that they signed."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.sealed import Sealed, new_secret


class VisitRule(Base):
    """How long a visitor's signature holds in a district; without a row, like a guest's: for the school year."""

    __tablename__ = "visit_rule"
    __table_args__ = (
        sa.UniqueConstraint("district_id"),
        sa.CheckConstraint("days >= 1", name="at_least_the_day_itself"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    days: Mapped[int]
    """1 is until the end of the day on which it was signed."""


class VisitCode(Base):
    """What the front office gives to visitors. Removed by the worker a month after it closed."""

    __tablename__ = "visit_code"
    __table_args__ = (
        sa.UniqueConstraint("district_id", "fingerprint"),
        sa.CheckConstraint("used >= 0 AND used <= most", name="no_more_than_most"),
        sa.Index("ix_visit_code_building_id", "building_id", "closes_at"),
        sa.Index("ix_visit_code_closes_at", "closes_at"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    building_id: Mapped[int] = mapped_column(sa.ForeignKey("building.id"))
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True, default=lambda: "vc_" + new_secret(16))
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    code: Mapped[str] = mapped_column(Sealed)
    """Kept to be shown again at the desk as long as it is open."""
    made_by: Mapped[str] = mapped_column(sa.String(50))
    """Public id, as the audit log has it."""
    closes_at: Mapped[datetime]
    most: Mapped[int]
    """So many signatures."""
    used: Mapped[int] = mapped_column(default=0)
    withdrawn_at: Mapped[datetime | None]


class Visit(Base):
    """A signature that was given under a code; the signature itself stands with all others (completion.models).

    Whose it is, is the signature's to say: it follows when the front office links a visitor to somebody known.
    """

    __tablename__ = "visit"
    __table_args__ = (
        sa.UniqueConstraint("attestation_id"),
        sa.UniqueConstraint("district_id", "form_hash"),
        sa.Index("ix_visit_building_id", "building_id", "signed_at"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    attestation_id: Mapped[int] = mapped_column(sa.ForeignKey("attestation.id"))
    building_id: Mapped[int] = mapped_column(sa.ForeignKey("building.id"))
    under_code: Mapped[str] = mapped_column(sa.String(40))
    """Public id of the code. No key to its row, which is gone long before."""
    form_hash: Mapped[str] = mapped_column(sa.String(64))
    """Of the form that was sent and the name in it: pressing twice signs once."""
    signed_at: Mapped[datetime]
    valid_until: Mapped[datetime]
