"""Which course a course was copied from: told by a notice, or by `$Context.id.history` in a launch.

Either may be missing or late, so this is a hint for the teacher who wonders whose results these are. Nothing is
copied along, and nobody's results are read through it.
"""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from core.database import db, insert_for
from lti_tool.claim_values import IDENTIFIER, LONGEST_ID
from lti_tool.models import Context, ContextOrigin
from people.models import Classroom

MOST = 20
"""A history may name a thousand earlier courses; the nearest ones come first."""

HISTORY = ("context_id_history", "context_history")
"""The custom parameter that our set-up asks platforms to fill with `$Context.id.history`, and a name from before."""


def origins_in(custom: Mapping[str, str]) -> list[str]:
    """Context ids of the comma separated history in a launch's custom parameters, the nearest copy first."""
    text = next((custom[name] for name in HISTORY if name in custom), "")
    ids = [each.strip() for each in text.split(",")]
    if len(text) >= LONGEST_ID:
        ids.pop()  # a custom value is cut there, so the last id may not be whole
    return [each for each in ids if IDENTIFIER.fullmatch(each)][:MOST]


def note_origins(district_id: int, deployment_pk: int, context_id: str, origin_ids: Iterable[str]) -> None:
    """Keep what is not known yet; writes nothing when all is."""
    named = dict.fromkeys(each for each in origin_ids if each != context_id)
    mine = sa.select(ContextOrigin.origin_id).filter_by(deployment_pk=deployment_pk, context_id=context_id)
    known = set(db.scalars(mine))
    rows = [
        {
            "district_id": district_id,
            "deployment_pk": deployment_pk,
            "context_id": context_id,
            "origin_id": each,
        }
        for each in named
        if each not in known
    ][: max(MOST - len(known), 0)]
    if rows:
        db.execute(insert_for(ContextOrigin).on_conflict_do_nothing(), rows)


def copied_from(district_id: int, classroom_id: int) -> list[str | None]:
    """Titles of the courses this classroom's began as copies of, None where one was never opened here; the latest
    known first."""
    origin, room = sa.orm.aliased(Context), sa.orm.aliased(Classroom)
    rows = db.execute(
        sa.select(room.title)
        .select_from(Context)
        .join(
            ContextOrigin,
            sa.and_(
                ContextOrigin.deployment_pk == Context.deployment_pk,
                ContextOrigin.context_id == Context.context_id,
            ),
        )
        .outerjoin(
            origin,
            sa.and_(
                origin.deployment_pk == ContextOrigin.deployment_pk,
                origin.context_id == ContextOrigin.origin_id,
            ),
        )
        .outerjoin(room, sa.and_(room.id == origin.classroom_id, room.district_id == district_id))
        .where(Context.classroom_id == classroom_id, Context.district_id == district_id)
        .order_by(ContextOrigin.id)
    )
    return [title for (title,) in rows]
