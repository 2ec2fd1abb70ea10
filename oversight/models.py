"""Figures of a district, counted by the worker so that a page costs the same whatever the size of the district.

`building_id` None means "on no roster": people known from the LMS alone. Rows with `whole` are of the district as a
whole, in which somebody who is at two schools counts once; the rows of its buildings need not add up to them.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class FigureCount(Base):
    """When a district was last counted. Whoever moves `counted_at` first writes the figures; the others leave it."""

    __tablename__ = "figure_count"

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"), unique=True)
    counted_at: Mapped[datetime] = mapped_column(index=True)
    forecast_at: Mapped[datetime | None]
    """When it was last reckoned who loses access: that looks at each of the staff, so it is done less often."""


class CoverageFigure(Base):
    """Pupils of one grade in one place, and how many of them were taught one thing this school year.

    topic  `lesson:<id>`; a tag of the plan such as `CIPA-OB`, for which one lesson that bears it is enough; or
           `course`: every lesson of the grade
    """

    __tablename__ = "coverage_figure"
    __table_args__ = (
        sa.CheckConstraint("taught <= enrolled", name="nobody_taught_who_is_not_here"),
        sa.Index("ix_coverage_figure_district_id", "district_id", "school_year_id", "topic"),
        sa.Index("ix_coverage_figure_building_id", "building_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    school_year_id: Mapped[int] = mapped_column(sa.ForeignKey("school_year.id"))
    whole: Mapped[bool]
    building_id: Mapped[int | None] = mapped_column(sa.ForeignKey("building.id"))
    grade: Mapped[str] = mapped_column(sa.String(10))
    """`k`, `g1` ... `g12`; "" where the roster does not say."""
    topic: Mapped[str] = mapped_column(sa.String(80))
    enrolled: Mapped[int]
    taught: Mapped[int]


class ClassFigure(Base):
    """Pupils of one building in one class, and how far they are together.

    finished  pupils with every lesson of their grade
    owed, taught  pupils times lessons of their grade, and how many of these are done
    """

    __tablename__ = "class_figure"
    __table_args__ = (
        sa.Index("ix_class_figure_district_id", "district_id"),
        sa.Index("ix_class_figure_building_id", "building_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    school_year_id: Mapped[int] = mapped_column(sa.ForeignKey("school_year.id"))
    building_id: Mapped[int | None] = mapped_column(sa.ForeignKey("building.id"))
    classroom_id: Mapped[int] = mapped_column(sa.ForeignKey("classroom.id"))
    pupils: Mapped[int]
    finished: Mapped[int]
    owed: Mapped[int]
    taught: Mapped[int]


class StaffFigure(Base):
    """Staff of one job in one place by state and access. `state` is "" for whom the course was never asked of."""

    __tablename__ = "staff_figure"
    __table_args__ = (
        sa.Index("ix_staff_figure_district_id", "district_id"),
        sa.Index("ix_staff_figure_building_id", "building_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    whole: Mapped[bool]
    building_id: Mapped[int | None] = mapped_column(sa.ForeignKey("building.id"))
    job: Mapped[str] = mapped_column(sa.String(20))
    """One of people.roster_models.JOBS; "" where the roster does not say."""
    state: Mapped[str] = mapped_column(sa.String(20))
    access: Mapped[str] = mapped_column(sa.String(10))
    people: Mapped[int]


class LossFigure(Base):
    """How many of the staff of one place lose access on one day of the district, if nothing is done until then."""

    __tablename__ = "loss_figure"
    __table_args__ = (
        sa.Index("ix_loss_figure_district_id", "district_id"),
        sa.Index("ix_loss_figure_building_id", "building_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    whole: Mapped[bool]
    building_id: Mapped[int | None] = mapped_column(sa.ForeignKey("building.id"))
    day: Mapped[date]
    people: Mapped[int]
    """Who really do, by the stages of enforcement that are planned."""
    would: Mapped[int]
    """Who would, if the whole policy were in force."""


class DayFigure(Base):
    """The district as it stood at the last count of one local day. Kept as the trend of the year."""

    __tablename__ = "day_figure"
    __table_args__ = (sa.UniqueConstraint("district_id", "day"),)

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    day: Mapped[date]
    owed: Mapped[int]
    """Pupils times lessons of their grade."""
    taught: Mapped[int]
    staff: Mapped[int]
    staff_done: Mapped[int]
    """With a pass that holds, or exempt."""
