"""A district's own terms."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class RetentionTerm(Base):
    """How long a district keeps one kind of record; without a row the default of held.kinds holds."""

    __tablename__ = "retention_term"
    __table_args__ = (sa.UniqueConstraint("district_id", "kind"),)

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    kind: Mapped[str] = mapped_column(sa.String(40))
    term: Mapped[str] = mapped_column(sa.String(10))
    """As in `90d` or `6y`."""
