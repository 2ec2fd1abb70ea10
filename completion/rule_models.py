"""What a district changed in the rules of the annual requirement."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class DistrictRule(Base):
    """A district without a row has the defaults of completion.rules."""

    __tablename__ = "district_rule"
    __table_args__ = (sa.UniqueConstraint("district_id", "audience"),)

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    audience: Mapped[str] = mapped_column(sa.String(10))
    """The requirement's."""
    changed: Mapped[dict[str, Any]]
    """{"due_days": 30, ...}: fields of Rules, only what differs from the defaults."""
