"""Which scores are due, leased to this worker and read with all that sending them takes."""

import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from core.clock import now
from core.database import db
from core.sealed import new_secret
from lti_tool.line_items import out_of_date
from lti_tool.models import Context, LineItem, Platform, ScoreDelivery
from lti_tool.scopes import RESULT_SCOPE
from lti_tool.score_posts import ScorePost
from people.models import District, Identity

BATCH = 100
LEASE = timedelta(seconds=120)
WORKER = f"{os.getpid()}-{new_secret(4)}"


@dataclass(frozen=True)
class Claimed:
    """One row this worker may send now."""

    id: int
    platform_id: int
    line_item_id: int
    ours: bool
    """Whether the column is of our own making, and so may be made again."""
    column_is_old: bool
    """Whether the column may carry last year's tag or a title of ours that has changed."""
    version: int
    tries: int
    ours_before: tuple[float, ...]
    """Scores of ours that may stand there, to be compared with what does; empty where nobody asks."""
    no_token_before: bool
    """Whether the platform last gave us no token for scores."""
    post: ScorePost


def claim() -> list[Claimed]:
    """Up to a batch of due rows, in the order in which they fell due."""
    due = (
        sa.select(ScoreDelivery.id)
        .join(Platform, Platform.id == ScoreDelivery.platform_id)
        .where(
            ScoreDelivery.state == "waiting",
            ScoreDelivery.due_at <= now(),
            sa.or_(ScoreDelivery.leased_until.is_(None), ScoreDelivery.leased_until < now()),
            sa.or_(Platform.paused_until.is_(None), Platform.paused_until <= now()),
            Platform.withdrawn_at.is_(None),
        )
        .order_by(ScoreDelivery.due_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=ScoreDelivery)
    )
    ids = list(db.scalars(due))
    if not ids:
        return []
    db.execute(
        sa.update(ScoreDelivery)
        .where(ScoreDelivery.id.in_(ids))
        .values(leased_until=now() + LEASE, leased_by=WORKER)
    )
    return _read_claimed(ids)


def _read_claimed(ids: list[int]) -> list[Claimed]:
    rows = db.execute(
        sa.select(
            ScoreDelivery,
            LineItem,
            Platform.family,
            Platform.service_problems,
            District.teacher_grades_replaced,
            Context.ags_scopes,
            Identity.value,
        )
        .join(LineItem, LineItem.id == ScoreDelivery.line_item_id)
        .join(Platform, Platform.id == ScoreDelivery.platform_id)
        .join(District, District.id == ScoreDelivery.district_id)
        .outerjoin(Context, Context.id == LineItem.context_pk)
        .outerjoin(
            Identity,
            sa.and_(
                Identity.person_id == ScoreDelivery.person_id,
                Identity.scheme == "lti",
                Identity.issuer == sa.cast(ScoreDelivery.platform_id, sa.String),
            ),
        )
        .where(ScoreDelivery.id.in_(ids))
        .order_by(ScoreDelivery.due_at, ScoreDelivery.id, Identity.id)
    )
    newest = {row.ScoreDelivery.id: row for row in rows}
    return [_as_claimed(row) for row in newest.values()]


def _as_claimed(row: Any) -> Claimed:
    delivery: ScoreDelivery = row.ScoreDelivery
    item: LineItem = row.LineItem
    replaced, scopes = row.teacher_grades_replaced, row.ags_scopes or ""
    post = ScorePost(
        lineitem_url=item.url or "",
        user_id=row.value or "",
        score=delivery.score,
        scored_at=delivery.scored_at,
        family=row.family,
        first=delivery.sent == 0,
        teachers_grade_stands=not replaced,
    )
    asks = not replaced and RESULT_SCOPE in scopes.split()
    return Claimed(
        id=delivery.id,
        platform_id=delivery.platform_id,
        line_item_id=delivery.line_item_id,
        ours=item.resource_id is not None,
        column_is_old=out_of_date(item, scopes),
        version=delivery.wanted,
        tries=delivery.tries,
        ours_before=_ours_before(delivery) if asks else (),
        no_token_before="scores" in row.service_problems,
        post=post,
    )


def _ours_before(delivery: ScoreDelivery) -> tuple[float, ...]:
    """Written down before it is sent: a worker may die with the answer, and the score be better by then."""
    if delivery.sent_score is None:
        return ()
    before = (delivery.sent_score, *delivery.offered)
    if delivery.score not in delivery.offered:
        delivery.offered = [*delivery.offered, delivery.score]
    return before
