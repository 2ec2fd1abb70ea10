"""Put a stage of enforcement in force, now or from a day on, and say what is planned."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from access.enforcement import STAGES
from access.judging import UNSAID, enforcements
from access.models import EnforcementStep
from completion.reviews import mark_everybody
from core.clock import now
from core.database import db
from core.errors import Refused
from people.audit import Actor, record
from people.models import District
from people.roster_models import Building

AUDIENCES = ("staff", "pupil")


class DistrictFirst(Refused):
    code = "district_first"


@dataclass(frozen=True)
class Planned:
    """A step; `building` is its key, None for the whole district."""

    audience: str
    building: str | None
    stage: str
    enforce_from: datetime
    in_force: bool


def set_stage(
    district: District,
    audience: str,
    stage: str,
    actor: Actor,
    *,
    enforce_from: datetime | None = None,
    building: Building | None = None,
) -> datetime:
    """From `enforce_from` (default: now) this stage is in force. Returns that instant.

    A step that lies ahead is replaced by a new one of the same stage, or from the same instant; others stay planned.
    Raises DistrictFirst for a building whose district has no step: without one the whole policy is in force
    everywhere else, which is not what somebody who begins with one building means.
    """
    assert stage in STAGES and audience in AUDIENCES, "commands and forms offer no others"
    at = now()
    begins_at = max(enforce_from or at, at)
    if building is not None and not _has_steps(district.id, audience):
        raise DistrictFirst(
            f"say first what holds for the whole district, for example: flask enforcement set --district "
            f"{district.slug} --audience {audience} --stage observe"
        )
    building_id = building.id if building else None
    db.execute(
        sa.delete(EnforcementStep).where(
            EnforcementStep.district_id == district.id,
            EnforcementStep.audience == audience,
            EnforcementStep.building_id.is_not_distinct_from(building_id),
            sa.or_(
                sa.and_(EnforcementStep.stage == stage, EnforcementStep.enforce_from > at),
                EnforcementStep.enforce_from == begins_at,
            ),
        )
    )
    db.add(
        EnforcementStep(
            district_id=district.id,
            audience=audience,
            building_id=building_id,
            stage=stage,
            enforce_from=begins_at,
        )
    )
    db.flush()
    record(
        district.id, actor, "enforcement_set", f"district:{district.slug}", audience=audience, stage=stage,
        building=building.key if building else None, enforce_from=begins_at.isoformat(),
    )  # fmt: skip
    mark_everybody(district_id=district.id)
    return begins_at


def plan_of(district: District, at: datetime) -> list[Planned]:
    """What is in force at `at` and what is planned, by audience and building; what is past is left out."""
    rows = db.execute(
        sa.select(EnforcementStep, Building.key)
        .outerjoin(Building, Building.id == EnforcementStep.building_id)
        .where(EnforcementStep.district_id == district.id)
        .order_by(EnforcementStep.audience, Building.key, EnforcementStep.enforce_from, EnforcementStep.id)
    ).all()
    found: list[Planned] = []
    for step, building in rows:
        begun = step.enforce_from <= at
        last = found[-1] if found else None
        if begun and last is not None and (last.audience, last.building) == (step.audience, building):
            found.pop()  # the step before it is past
        found.append(Planned(step.audience, building, step.stage, step.enforce_from, begun))
    return found


def stage_of(district: District, audience: str, at: datetime) -> str:
    """The stage that is in force for the district as a whole."""
    return enforcements([district.id]).get((district.id, audience), UNSAID).stage(at)


def _has_steps(district_id: int, audience: str) -> bool:
    wanted = sa.select(EnforcementStep.id).filter_by(
        district_id=district_id, audience=audience, building_id=None
    )
    return db.scalar(wanted.limit(1)) is not None
