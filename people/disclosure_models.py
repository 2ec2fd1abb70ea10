"""Who was given the records of more than one person, or all of one person's (FERPA, 34 CFR 99.32)."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import now
from core.database import Base


class Disclosure(Base):
    """One answer, file or page. How many people stood in it and which, never their data again."""

    __tablename__ = "disclosure"
    __table_args__ = (
        sa.CheckConstraint("people > 0", name="somebody_was_shown"),
        sa.Index("ix_disclosure_district_id", "district_id", "at"),
        sa.Index("ix_disclosure_subject", "district_id", "subject"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    reader: Mapped[str] = mapped_column(sa.String(80))
    """`person:p_...`, `client:c_...`, `command` or `worker`, as in the audit log."""
    kind: Mapped[str] = mapped_column(sa.String(40))
    """One of people.disclosures.KINDS."""
    purpose: Mapped[str] = mapped_column(sa.String(40))
    subject: Mapped[str] = mapped_column(sa.String(120))
    """Whose records: `audience:staff`, `class:12`, `person:p_...`, `district`."""
    people: Mapped[int]
