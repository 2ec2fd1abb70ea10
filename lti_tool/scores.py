"""The score a learner should have in the gradebook: wanted here, told to the platform by lti_tool.delivery."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from core.clock import now
from core.database import db, insert_for
from core.messages import N_, recognise
from lti_tool.models import Context, Launch, LineItem, ResourceLink, ScoreDelivery
from lti_tool.outcomes import PROBLEMS
from people.models import Person, SchoolYear


@dataclass(frozen=True)
class DeliveryState:
    """How far a score got. state: waiting | sent | refused | kept; words a Message."""

    state: str
    words: str
    sent_at: datetime | None = None


def queue_score(
    person: Person, *, target: str, resource_id: str, label: str, score: float, year: SchoolYear
) -> None:
    """Want `score` (0-100) in every column of the links to `target` this person came through this school year.

    A link without a column wants nothing; completion is recorded all the same (row 119). `resource_id` and
    `label` name the column where it is ours to make.
    """
    for item in _columns(person, target, year):
        if item.resource_id is not None and (item.resource_id, item.label) != (resource_id, label[:255]):
            item.resource_id, item.label = resource_id, label[:255]
        _want(person, item, score)


def _columns(person: Person, target: str, year: SchoolYear) -> list[LineItem]:
    """Columns of this year, and none of last year's course where its copy is open to the person as well (row 127)."""
    rows = db.execute(
        sa.select(LineItem, Context)
        .outerjoin(Context, Context.id == LineItem.context_pk)
        .where(
            LineItem.id.in_(
                sa.select(ResourceLink.line_item_id)
                .join(Launch, Launch.resource_link_id == ResourceLink.id)
                .where(
                    Launch.person_id == person.id,
                    Launch.created_at >= year.starts_at,
                    Launch.created_at < year.ends_at,
                    ResourceLink.target == target,
                )
            ),
            sa.or_(LineItem.tag.is_(None), LineItem.tag == year.name),
        )
        .order_by(LineItem.id)
    ).all()
    copied = {
        (context.deployment_pk, each)
        for _, context in rows
        if context and context.history
        for each in context.history.split(",")
    }
    return [item for item, context in rows if not (context and _is_last_years(context, copied, year))]


def _is_last_years(context: Context, copied: set[tuple[int, str]], year: SchoolYear) -> bool:
    return context.created_at < year.starts_at and (context.deployment_pk, context.context_id) in copied


def _want(person: Person, item: LineItem, score: float) -> None:
    row = _delivery(item.id, person.id)
    if row is None:
        db.execute(
            insert_for(ScoreDelivery)
            .values(
                district_id=person.district_id,
                platform_id=item.platform_id,
                line_item_id=item.id,
                person_id=person.id,
                score=score,
                scored_at=now(),
            )
            .on_conflict_do_nothing()
        )
        row = _delivery(item.id, person.id)
        assert row is not None, "the delivery was made a moment ago"
        if row.wanted == 1 and row.score == score:
            return
    row.score = score
    _send_anew(row)


def _delivery(line_item_id: int, person_id: int) -> ScoreDelivery | None:
    return db.scalars(
        sa.select(ScoreDelivery).filter_by(line_item_id=line_item_id, person_id=person_id).with_for_update()
    ).one_or_none()


def _send_anew(row: ScoreDelivery) -> None:
    row.wanted += 1
    row.scored_at = later_than(row.scored_at)
    row.state, row.due_at, row.tries, row.problem = "waiting", now(), 0, None


def later_than(previous: datetime) -> datetime:
    """A timestamp the platform takes as newer. Moodle compares whole seconds, so ours rise by whole seconds."""
    return max(now(), previous.replace(microsecond=0) + timedelta(seconds=1))


def resend(delivery: ScoreDelivery) -> None:
    """Send this score again, as a teacher asks after putting something right in the LMS."""
    _send_anew(delivery)


def delivery_states(person_id: int, target: str) -> list[DeliveryState]:
    """What became of this person's score in each link to `target`; empty before there is a score."""
    columns = sa.select(ResourceLink.line_item_id).where(ResourceLink.target == target)
    rows = db.scalars(
        sa.select(ScoreDelivery)
        .where(ScoreDelivery.person_id == person_id, ScoreDelivery.line_item_id.in_(columns))
        .order_by(ScoreDelivery.id)
    )
    return [state_of(row) for row in rows]


def state_of(row: ScoreDelivery) -> DeliveryState:
    return DeliveryState(row.state, in_words(row.state, row.problem), row.sent_at)


def in_words(state: str, problem: str | None) -> str:
    """The delivery's state as pupil and teacher read it."""
    why = recognise(problem or "", PROBLEMS)
    if state == "sent":
        return N_("Sent to the gradebook.")
    if state == "refused":
        return N_("Not in the gradebook: %(why)s", why=why)
    if state == "kept":
        return N_("Your teacher's grade stands.")
    return N_("On its way to the gradebook. %(why)s", why=why) if why else N_("On its way to the gradebook.")


def deliveries_by_state() -> dict[str, float]:
    """How many scores wait, were sent, were refused or gave way to a teacher's, over all districts: for the metrics."""
    counted = sa.select(ScoreDelivery.state, sa.func.count().label("number")).group_by(ScoreDelivery.state)
    return {"waiting": 0, "sent": 0, "refused": 0, "kept": 0} | {
        row.state: row.number for row in db.execute(counted)
    }
