"""One-time links into the set-up pages."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class AdminLink(Base):
    """A link from the command line: good once, for a short while, kept by its hash only."""

    __tablename__ = "admin_link"
    __table_args__ = (sa.Index("ix_admin_link_expires_at", "expires_at"),)

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    link_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    expires_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]
