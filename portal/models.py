"""What the page for people held back must know of a district, and the buildings whose devices ask for it."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.sealed import new_secret


class PortalSettings(Base):
    """What IT says for its district; without a row the page speaks without a button."""

    __tablename__ = "portal_settings"
    __table_args__ = (sa.UniqueConstraint("district_id"),)

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    start_url: Mapped[str | None] = mapped_column(sa.Text)
    """Where staff begin: the address in the LMS that launches the staff course or the agreement."""
    lms_url: Mapped[str | None] = mapped_column(sa.Text)
    """Where everybody else begins: the LMS itself."""
    help_en: Mapped[str | None] = mapped_column(sa.String(300))
    """Whom to ask, in the district's words: "Help desk: 253-555-0100, or the school office"."""
    help_es: Mapped[str | None] = mapped_column(sa.String(300))


class CaptiveSite(Base):
    """A building whose walled garden tells devices where the page is (RFC 8908). The token names the building to us
    and nothing to anybody else; every device there is told it, so it is no secret."""

    __tablename__ = "captive_site"
    __table_args__ = (
        sa.UniqueConstraint("building_id"),
        sa.Index("ix_captive_site_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    building_id: Mapped[int] = mapped_column(sa.ForeignKey("building.id"))
    token: Mapped[str] = mapped_column(sa.String(40), unique=True, default=lambda: new_secret(16))
