"""What a district changed in the rules of the annual requirement."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class DistrictRule(Base):
    """A district without a row has the defaults of completion.rules; a building without one has its district's."""

    __tablename__ = "district_rule"
    __table_args__ = (
        sa.UniqueConstraint("district_id", "audience", "building_id"),
        sa.Index(
            "uq_district_rule_of_the_whole_district",
            "district_id",
            "audience",
            unique=True,
            sqlite_where=sa.text("building_id IS NULL"),
            postgresql_where=sa.text("building_id IS NULL"),
        ),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    audience: Mapped[str] = mapped_column(sa.String(10))
    """The requirement's."""
    building_id: Mapped[int | None] = mapped_column(sa.ForeignKey("building.id"))
    changed: Mapped[dict[str, Any]]
    """{"due_days": 30, ...}: fields of Rules. Of a district only what differs from the defaults; of a building all that
    it says, so that a district that changes its mind changes nothing there."""
