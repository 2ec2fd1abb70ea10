"""Leave to register, given out and used."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class RegistrationInvite(Base):
    """Leave for one LMS to register itself with one district, given out as an address that works once.

    `claimed_until` holds the invite for whoever is at the LMS's registration endpoint just now, so that two clicks
    can not register two tools; a claim that was never settled lapses.
    """

    __tablename__ = "registration_invite"
    __table_args__ = (
        sa.CheckConstraint("(used_at IS NULL) = (platform_id IS NULL)", name="a_use_made_a_platform"),
        sa.Index("ix_registration_invite_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    speaks_for_staff: Mapped[bool | None]
    """Whether the LMS that uses it speaks for the district's staff; None where IT did not say: the district's first
    LMS does, a further one does not."""
    secret_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    expires_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    platform_id: Mapped[int | None] = mapped_column(sa.ForeignKey("platform.id"))
