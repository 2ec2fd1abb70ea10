"""What the database knows of each connection, in a number of questions that does not grow with the district."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from core.clock import now
from core.database import db
from lti_tool.connection import Check, findings
from lti_tool.connection_models import ConnectionTest, Refusal
from lti_tool.models import Context, Deployment, Launch, Platform, ScoreDelivery
from people.models import Classroom

LATELY = timedelta(hours=24)


@dataclass(frozen=True)
class Facts:
    """One platform and what happened with it. Counts of refusals are those of the last 24 hours."""

    platform: Platform
    test: ConnectionTest | None
    last_launch_at: datetime | None
    deployments: tuple[Deployment, ...] = ()
    refused_lately: int = 0
    scores_waiting: int = 0
    scores_refused: int = 0
    rosters_read: int = 0
    rosters_failing: int = 0
    checks: list[Check] = field(default_factory=list)

    @property
    def approved(self) -> list[Deployment]:
        return [each for each in self.deployments if each.state == "approved"]

    @property
    def pending(self) -> list[Deployment]:
        return [each for each in self.deployments if each.state == "pending" and not each.dismissed_at]

    @property
    def dismissed(self) -> list[Deployment]:
        return [each for each in self.deployments if each.state == "pending" and each.dismissed_at]


def facts_of(district_id: int, platform_id: int | None = None) -> list[Facts]:
    """Every platform of the district, the oldest first; or one."""
    ours = [Platform.district_id == district_id] + ([Platform.id == platform_id] if platform_id else [])
    # The newest launch by its number: the primary key leads there, where a maximum would look at every launch.
    last_launch = (
        sa.select(Launch.created_at)
        .where(Launch.platform_id == Platform.id)
        .order_by(Launch.id.desc())
        .limit(1)
        .correlate(Platform)
        .scalar_subquery()
    )
    rows = db.execute(
        sa.select(Platform, ConnectionTest, last_launch)
        .outerjoin(ConnectionTest, ConnectionTest.platform_id == Platform.id)
        .where(*ours)
        .order_by(Platform.id)
    ).all()
    ids = [platform.id for platform, _, _ in rows]
    deployments, refused, scores, rosters = (
        _deployments(ids),
        _refused_lately(ids),
        _scores(ids),
        _rosters(ids),
    )
    return [
        Facts(
            platform,
            test,
            launched,
            tuple(each for each in deployments if each.platform_id == platform.id),
            refused.get(platform.id, 0),
            scores.get((platform.id, "waiting"), 0),
            scores.get((platform.id, "refused"), 0),
            *rosters.get(platform.id, (0, 0)),
            findings(test),
        )
        for platform, test, launched in rows
    ]


def _deployments(ids: list[int]) -> list[Deployment]:
    wanted = sa.select(Deployment).where(Deployment.platform_id.in_(ids)).order_by(Deployment.id)
    return list(db.scalars(wanted))


def _refused_lately(ids: list[int]) -> dict[int | None, int]:
    counted = (
        sa.select(Refusal.platform_id, sa.func.count())
        .where(Refusal.platform_id.in_(ids), Refusal.created_at > now() - LATELY)
        .group_by(Refusal.platform_id)
    )
    return {row[0]: row[1] for row in db.execute(counted)}


def _scores(ids: list[int]) -> dict[tuple[int, str], int]:
    counted = (
        sa.select(ScoreDelivery.platform_id, ScoreDelivery.state, sa.func.count())
        .where(ScoreDelivery.platform_id.in_(ids), ScoreDelivery.state.in_(("waiting", "refused")))
        .group_by(ScoreDelivery.platform_id, ScoreDelivery.state)
    )
    return {(platform_id, state): count for platform_id, state, count in db.execute(counted)}


def _rosters(ids: list[int]) -> dict[int, tuple[int, int]]:
    counted = (
        sa.select(
            Context.platform_id,
            sa.func.count(Classroom.roster_as_of),
            sa.func.count(Classroom.roster_problem),
        )
        .join(Classroom, Classroom.id == Context.classroom_id)
        .where(Context.platform_id.in_(ids))
        .group_by(Context.platform_id)
    )
    return {platform_id: (read, failing) for platform_id, read, failing in db.execute(counted)}
