"""Which evidence counts for a year: what holds now, or in a frozen year what held when it was frozen."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from completion.models import Evidence
from core.clock import now
from core.database import db
from people.models import District, SchoolYear
from proof.models import YearFreeze


@dataclass(frozen=True)
class Scene:
    """The district and year of a pack, and the moment it is of. Frozen years have their `freeze`."""

    district: District
    year: SchoolYear
    freeze: YearFreeze | None
    at: datetime

    @property
    def state(self) -> str:
        return "frozen" if self.freeze else "open" if self.at < self.year.ends_at else "ended"

    def counts(self) -> tuple[sa.ColumnElement[bool], ...]:
        """Conditions on Evidence."""
        here = (Evidence.district_id == self.district.id, Evidence.school_year_id == self.year.id)
        if self.freeze is None:
            return (*here, Evidence.voided_at.is_(None))
        then = self.freeze.frozen_at
        return (
            *here,
            Evidence.created_at <= then,
            sa.or_(Evidence.voided_at.is_(None), Evidence.voided_at > then),
        )


def scene_of(district: District, year: SchoolYear) -> Scene:
    freeze = db.scalars(
        sa.select(YearFreeze).filter_by(district_id=district.id, school_year_id=year.id)
    ).one_or_none()
    return Scene(district, year, freeze, now())
