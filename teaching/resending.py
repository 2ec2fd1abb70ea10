"""Send grades of a class again, once somebody has put right in the LMS what it refused them for."""

from collections.abc import Sequence

import sqlalchemy as sa

from core.database import db
from core.errors import NotFound
from core.messages import N_
from lti_tool import scores
from lti_tool.models import Context, ResourceLink, ScoreDelivery
from lti_tool.outcomes import of_newer_grade


class NoSuchGrade(NotFound):
    """Also for a grade of another class: whether there is one is none of this teacher's business."""

    code = "no_such_grade"
    next_step = N_("Go back to the class page and look at the grade there.")


def resend_one(classroom_id: int, delivery_id: int) -> int:
    """Send one refused grade again. Returns how many went: 0 at a second press, which finds it on its way.

    A grade that arrived is not sent again: the teacher may have changed it in the LMS since.
    Raises NoSuchGrade.
    """
    found = db.scalars(_of_class(classroom_id).where(ScoreDelivery.id == delivery_id)).all()
    if not found:
        raise NoSuchGrade(N_("There is no such grade in this class."))
    return _send(found)


def resend_all(classroom_id: int) -> int:
    """Send every refused grade of the class again. Returns how many went.

    Where the LMS kept a newer grade than ours, somebody entered it: replacing those is asked for one by one.
    """
    refused = _of_class(classroom_id).where(
        ScoreDelivery.state == "refused",
        sa.func.coalesce(ScoreDelivery.problem, "") != of_newer_grade().problem,
    )
    return _send(db.scalars(refused).all())


def _of_class(classroom_id: int) -> sa.Select[ScoreDelivery]:
    columns = (
        sa.select(ResourceLink.line_item_id)
        .join(Context, Context.id == ResourceLink.context_pk)
        .where(Context.classroom_id == classroom_id)
    )
    # In the order of their ids and locked, so that two presses at once neither deadlock nor count twice.
    return (
        sa.select(ScoreDelivery)
        .where(ScoreDelivery.line_item_id.in_(columns))
        .order_by(ScoreDelivery.id)
        .with_for_update()
    )


def _send(deliveries: Sequence[ScoreDelivery]) -> int:
    refused = [delivery for delivery in deliveries if delivery.state == "refused"]
    for delivery in refused:
        scores.resend(delivery)
    return len(refused)
