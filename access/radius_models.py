"""What a district's RADIUS server is told about each role: VLAN, Filter-Id, how long, and a text."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class RadiusPolicy(Base):
    """One row for each district that asks us by RADIUS; without one we answer nothing (access.radius_roles)."""

    __tablename__ = "radius_policy"
    __table_args__ = (sa.UniqueConstraint("district_id"),)

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    roles: Mapped[dict[str, Any]]
    """{"staff": {"vlan": "100", "filter_id": "staff-full", "seconds": 28800, "message": null}, ...}: see Role."""
