"""Legal holds: whose records nobody destroys while a matter is open."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import now
from core.database import Base
from core.sealed import new_secret


class LegalHold(Base):
    """Until it is lifted, nothing about these people is purged, erased or un-named. Lifted ones stay as a record."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        sa.CheckConstraint("person_id IS NULL OR building_id IS NULL", name="one_scope"),
        sa.CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted_by_somebody"),
        sa.Index("ix_legal_hold_district_id", "district_id", "lifted_at"),
        sa.Index("ix_legal_hold_person_id", "person_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True, default=lambda: "lh_" + new_secret(16))
    matter: Mapped[str] = mapped_column(sa.String(40))
    """The number of the case or request in the district's own books; never a name."""
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    building_id: Mapped[int | None] = mapped_column(sa.ForeignKey("building.id"))
    """Everybody who ever stood on its roster. Neither this nor a person: the whole district."""
    placed_by: Mapped[str] = mapped_column(sa.String(80))
    placed_at: Mapped[datetime] = mapped_column(default=now)
    lifted_by: Mapped[str | None] = mapped_column(sa.String(80))
    lifted_at: Mapped[datetime | None]
