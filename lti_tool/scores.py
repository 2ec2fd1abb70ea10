"""The score a learner should have in the gradebook: wanted here, told to the platform by lti_tool.delivery."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

import sqlalchemy as sa

from core.clock import now
from core.database import db, insert_for
from core.messages import N_, recognise
from lti_tool.models import Context, Launch, LineItem, ResourceLink, ScoreDelivery
from lti_tool.outcomes import PROBLEMS
from people.models import Enrollment, Person, SchoolYear


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
    queue_scores({person.id: score}, target=target, resource_id=resource_id, label=label, year=year)


def queue_scores(
    wanted: Mapping[int, float],
    *,
    target: str,
    resource_id: str,
    label: str,
    year: SchoolYear,
    classroom_id: int | None = None,
) -> None:
    """The same for many people of the year's district, {person id: score}, in a constant number of statements.

    classroom_id  where they sat when it was earned together: its columns count for those, too, who never opened a link
    """
    by_column: dict[tuple[int, int], float] = {}
    platforms: dict[int, int] = {}
    for person_id, items in _columns(wanted, target, year, classroom_id).items():
        for item in items:
            if item.resource_id is not None and (item.resource_id, item.label) != (resource_id, label[:255]):
                item.resource_id, item.label = resource_id, label[:255]
            by_column[item.id, person_id] = wanted[person_id]
            platforms[item.id] = item.platform_id
    if by_column:
        _want(by_column, platforms, year.district_id)


def _columns(
    person_ids: Collection[int], target: str, year: SchoolYear, classroom_id: int | None
) -> dict[int, list[LineItem]]:
    """{person id: columns} of this year, and none of last year's course where its copy is open to the person as
    well (row 127)."""
    came_through = (
        sa.select(Launch.person_id, ResourceLink.line_item_id)
        .join(ResourceLink, ResourceLink.id == Launch.resource_link_id)
        .where(
            Launch.person_id.in_(person_ids),
            Launch.created_at >= year.starts_at,
            Launch.created_at < year.ends_at,
            ResourceLink.target == target,
        )
        .distinct()
    )
    theirs = (
        came_through
        if classroom_id is None
        else came_through.union(_of_the_class(person_ids, target, classroom_id))
    ).subquery("theirs")
    rows = db.execute(
        sa.select(theirs.c.person_id, LineItem, Context)
        .join(LineItem, LineItem.id == theirs.c.line_item_id)
        .outerjoin(Context, Context.id == LineItem.context_pk)
        .where(sa.or_(LineItem.tag.is_(None), LineItem.tag == year.name))
        .order_by(theirs.c.person_id, LineItem.id)
    )
    return {
        person_id: _of_this_year([(item, context) for _, item, context in found], year)
        for person_id, found in groupby(rows, key=lambda row: row.person_id)
    }


def _of_the_class(person_ids: Collection[int], target: str, classroom_id: int) -> sa.Select[int, int | None]:
    return (
        sa.select(Enrollment.person_id, ResourceLink.line_item_id)
        .join(Context, Context.classroom_id == Enrollment.classroom_id)
        .join(ResourceLink, ResourceLink.context_pk == Context.id)
        .where(
            Enrollment.classroom_id == classroom_id,
            Enrollment.person_id.in_(person_ids),
            ResourceLink.target == target,
        )
    )


def _of_this_year(rows: Sequence[tuple[LineItem, Context | None]], year: SchoolYear) -> list[LineItem]:
    copied = {
        (context.deployment_pk, each)
        for _, context in rows
        if context and context.history
        for each in context.history.split(",")
    }
    return [item for item, context in rows if not (context and _is_last_years(context, copied, year))]


def _is_last_years(context: Context, copied: set[tuple[int, str]], year: SchoolYear) -> bool:
    return context.created_at < year.starts_at and (context.deployment_pk, context.context_id) in copied


def _want(wanted: Mapping[tuple[int, int], float], platforms: Mapping[int, int], district_id: int) -> None:
    """`wanted` by (line item, person), `platforms` by line item. Rows are made first and then looked at, so that of
    two requests neither misses the other's."""
    made = _make_missing(wanted, platforms, district_id)
    for row in _deliveries([key for key in wanted if key not in made]):
        row.score = wanted[row.line_item_id, row.person_id]
        _send_anew(row)


def _make_missing(
    wanted: Mapping[tuple[int, int], float], platforms: Mapping[int, int], district_id: int
) -> set[tuple[int, int]]:
    """Write those that were never wanted before. Returns which they were."""
    at = now()
    made = db.execute(
        insert_for(ScoreDelivery)
        .values(
            [
                {
                    "district_id": district_id,
                    "platform_id": platforms[item_id],
                    "line_item_id": item_id,
                    "person_id": person_id,
                    "score": score,
                    "scored_at": at,
                }
                for (item_id, person_id), score in sorted(wanted.items())
            ]
        )
        .on_conflict_do_nothing()
        .returning(ScoreDelivery.line_item_id, ScoreDelivery.person_id)
    )
    return {(item_id, person_id) for item_id, person_id in made}


def _deliveries(keys: Collection[tuple[int, int]]) -> Sequence[ScoreDelivery]:
    if not keys:
        return []
    return db.scalars(
        sa.select(ScoreDelivery)
        .where(sa.tuple_(ScoreDelivery.line_item_id, ScoreDelivery.person_id).in_(keys))
        .order_by(ScoreDelivery.id)
        .with_for_update()
    ).all()


def withdraw_unsent(person_ids: Collection[int], target: str) -> None:
    """What was wanted by mistake and has not left yet is wanted no more; what arrived is the teacher's to change."""
    columns = sa.select(ResourceLink.line_item_id).where(ResourceLink.target == target)
    rows = db.scalars(
        sa.select(ScoreDelivery)
        .where(
            ScoreDelivery.person_id.in_(person_ids),
            ScoreDelivery.line_item_id.in_(columns),
            ScoreDelivery.state == "waiting",
            ScoreDelivery.sent == 0,
            sa.or_(ScoreDelivery.leased_until.is_(None), ScoreDelivery.leased_until < now()),
        )
        .order_by(ScoreDelivery.id)
        .with_for_update()
    )
    untried = [row.id for row in rows if not row.offered]
    db.execute(sa.delete(ScoreDelivery).where(ScoreDelivery.id.in_(untried)))


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
