"""The tables of the audit log: its entries, and its head."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base

START = "0" * 64
"""What the first entry is bound to."""


class AuditHead(Base):
    """The last number and hash of a district's log. Its row lock puts entries in one order."""

    __tablename__ = "audit_head"

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"), unique=True)
    seq: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    sha256: Mapped[str] = mapped_column(sa.String(64), default=START)


class AuditEntry(Base):
    __tablename__ = "audit_entry"
    __table_args__ = (sa.UniqueConstraint("district_id", "seq"),)

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    seq: Mapped[int] = mapped_column(sa.BigInteger)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(sa.String(80))
    """`person:p_...`, `client:...`, `command` or `worker`."""
    action: Mapped[str] = mapped_column(sa.String(40))
    """A word such as `exemption_given`."""
    subject: Mapped[str] = mapped_column(sa.String(120))
    """What it was done to: `person:p_...`, `evidence:ev_...`, `import:12`."""
    detail: Mapped[dict[str, Any]]
    """Codes and dates, before and after; no names and no free text."""
    request_id: Mapped[str | None] = mapped_column(sa.String(40))
    sha256: Mapped[str] = mapped_column(sa.String(64))
