"""What is kept about calls of IT's programs: how many they may make, what may be said once only, and what was answered
to a write, so that the same write sent again changes nothing."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.sealed import Sealed


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


class KeptAnswer(Base):
    """A write under an Idempotency-Key: in hand while `status` is null, else what was answered to it."""

    __tablename__ = "kept_answer"
    __table_args__ = (
        sa.UniqueConstraint("client_id", "key_hash"),
        sa.CheckConstraint("(status IS NULL) = (answer IS NULL)", name="answered_whole"),
        sa.Index("ix_kept_answer_expires_at", "expires_at"),
    )

    client_id: Mapped[int] = mapped_column(sa.ForeignKey("api_client.id"))
    key_hash: Mapped[str] = mapped_column(sa.String(64))
    request_hash: Mapped[str] = mapped_column(sa.String(64))
    """Of method, address and body: the same key with another request is a mistake of the caller."""
    token: Mapped[str] = mapped_column(sa.String(40))
    """The run that has it in hand. A run that took too long finds another's here, and keeps nothing."""
    leased_until: Mapped[datetime]
    status: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(Sealed)
    """JSON {"body": ..., "headers": {...}}. Sealed, since the secret of a new webhook stands in one."""
    expires_at: Mapped[datetime]
