"""Who holds which office."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base

OFFICES = ("school", "hr", "it", "privacy", "district")


class Office(Base):
    __tablename__ = "office"
    __table_args__ = (
        sa.CheckConstraint("office IN ('school', 'hr', 'it', 'privacy', 'district')", name="office_is_known"),
        sa.CheckConstraint("(office = 'school') = (building_id IS NOT NULL)", name="a_school_has_a_building"),
        sa.UniqueConstraint("person_id", "office", "building_id"),
        sa.Index(
            "uq_office_of_the_whole_district",
            "person_id",
            "office",
            unique=True,
            sqlite_where=sa.text("building_id IS NULL"),
            postgresql_where=sa.text("building_id IS NULL"),
        ),
        sa.Index("ix_office_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    office: Mapped[str] = mapped_column(sa.String(10))
    building_id: Mapped[int | None] = mapped_column(sa.ForeignKey("building.id"))
