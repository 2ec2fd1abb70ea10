"""What happened in a district besides changes of standings, numbered in the same log."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class DistrictEvent(Base):
    """One event about no person. `source` is what it was made from, so that it is told once."""

    __tablename__ = "district_event"
    __table_args__ = (
        sa.UniqueConstraint("district_id", "seq"),
        sa.UniqueConstraint("district_id", "source"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    seq: Mapped[int] = mapped_column(sa.BigInteger)
    type: Mapped[str] = mapped_column(sa.String(40))
    source: Mapped[str] = mapped_column(sa.String(120))
    """`audit:12` (number of the audit log), `year:2026-27`, `policy:rua-2026.1`."""
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]]
