"""What is kept about calls of IT's programs: how many they may make, and what may be said once only."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class ApiAllowance(Base):
    """How many calls of a client were given out in the minute that began at `began_at`, over all processes."""

    __tablename__ = "api_allowance"
    __table_args__ = (sa.CheckConstraint("taken >= 0", name="not_negative"),)

    client_id: Mapped[int] = mapped_column(sa.ForeignKey("api_client.id"), unique=True)
    began_at: Mapped[datetime]
    taken: Mapped[int]


class SpentAssertion(Base):
    """A signed assertion by which a client got in. Its `jti` opens once (RFC 7523 section 3, 7)."""

    __tablename__ = "spent_assertion"
    __table_args__ = (sa.UniqueConstraint("client_id", "jti_hash"),)

    client_id: Mapped[int] = mapped_column(sa.ForeignKey("api_client.id"))
    jti_hash: Mapped[str] = mapped_column(sa.String(64))
    expires_at: Mapped[datetime]
