"""Contexts, links and gradebook columns as launches describe them; written only when something changed."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from core.clock import now
from core.database import db, insert_for
from lti_tool.claims import LaunchClaims
from lti_tool.models import Context, LineItem, ResourceLink
from lti_tool.registrations import Registered
from lti_tool.roles import role_of
from lti_tool.scopes import LINEITEM_SCOPE, SCORE_SCOPE
from lti_tool.seen import Seen
from people.models import Classroom

ROSTER_FRESH_FOR = timedelta(minutes=5)
"""A teacher who opens the class gets a roster no older than this, soon."""


@dataclass(frozen=True)
class Arrival:
    """A launch on its way in: who sent it, what it says, where it leads, and what of it we know already."""

    platform: Registered
    deployment_pk: int
    claims: LaunchClaims
    target: str
    year: str
    seen: Seen


def seat_context(arrival: Arrival) -> tuple[Context, Classroom] | tuple[None, None]:
    """The LMS course this launch came from, seated as a classroom; None where the launch has none (row 30)."""
    claims, seen = arrival.claims, arrival.seen
    if claims.context_id is None:
        return None, None
    context, classroom = seen.context, seen.classroom
    if context is None or classroom is None:
        context, classroom = _context(arrival.deployment_pk, claims.context_id) or _add_context(arrival)
    _keep(context, "lineitems_url", claims.lineitems_url or context.lineitems_url)
    _keep(context, "ags_scopes", " ".join(sorted(claims.ags_scopes)) or context.ags_scopes)
    _keep(context, "memberships_url", claims.memberships_url or context.memberships_url)
    _keep(context, "history", claims.custom.get("context_id_history") or context.history)
    _keep(classroom, "title", claims.context_title or classroom.title)
    _ask_for_roster(context, classroom, teaches=role_of(claims.roles) in ("teacher", "administrator"))
    return context, classroom


def _context(deployment_pk: int, context_id: str) -> tuple[Context, Classroom] | None:
    row = db.execute(
        sa.select(Context, Classroom)
        .join(Classroom, Classroom.id == Context.classroom_id)
        .where(Context.deployment_pk == deployment_pk, Context.context_id == context_id)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def _add_context(arrival: Arrival) -> tuple[Context, Classroom]:
    platform, deployment_pk, claims = arrival.platform, arrival.deployment_pk, arrival.claims
    assert claims.context_id is not None
    classroom = Classroom(district_id=platform.district_id, title=claims.context_title)
    db.add(classroom)
    db.flush()
    made = db.execute(
        insert_for(Context)
        .values(
            district_id=platform.district_id,
            platform_id=platform.id,
            deployment_pk=deployment_pk,
            context_id=claims.context_id,
            classroom_id=classroom.id,
        )
        .on_conflict_do_nothing()
        .returning(Context.id)
    ).scalar_one_or_none()
    if made is None:
        db.delete(classroom)  # another first launch from this course was quicker
        db.flush()
    found = _context(deployment_pk, claims.context_id)
    assert found is not None, "the context was made a moment ago"
    return found


def _ask_for_roster(context: Context, classroom: Classroom, teaches: bool) -> None:
    if context.memberships_url is None:
        return
    never = classroom.roster_as_of is None and context.roster_due_at is None
    stale = classroom.roster_as_of is None or classroom.roster_as_of < now() - ROSTER_FRESH_FOR
    if never or (teaches and stale and (context.roster_due_at is None or context.roster_due_at > now())):
        context.roster_due_at = now()


def see_link(arrival: Arrival, context: Context | None) -> ResourceLink:
    """The link as it is now, with the gradebook column its scores go to, if any."""
    link = arrival.seen.link or _link(arrival) or _add_link(arrival, context)
    _keep(link, "target", arrival.target)
    if context:
        _keep(link, "context_pk", context.id)
    column = _column(arrival, context, link)
    if column is not None:
        if column.resource_id is None:  # coupled to its link, it outlives the summer
            _keep(column, "tag", arrival.year)
        _keep(link, "line_item_id", column.id)
    return link


def _link(arrival: Arrival) -> ResourceLink | None:
    return db.scalars(
        sa.select(ResourceLink).filter_by(deployment_pk=arrival.deployment_pk, link_id=arrival.claims.link_id)
    ).one_or_none()


def _add_link(arrival: Arrival, context: Context | None) -> ResourceLink:
    db.execute(
        insert_for(ResourceLink)
        .values(
            district_id=arrival.platform.district_id,
            platform_id=arrival.platform.id,
            deployment_pk=arrival.deployment_pk,
            context_pk=context.id if context else None,
            link_id=arrival.claims.link_id,
            target=arrival.target,
        )
        .on_conflict_do_nothing()
    )
    found = _link(arrival)
    assert found is not None, "the link was made a moment ago"
    return found


def _column(arrival: Arrival, context: Context | None, link: ResourceLink) -> LineItem | None:
    """The line item: the one coupled to the link, or one of our own to be found or made when needed."""
    claims = arrival.claims
    if SCORE_SCOPE not in claims.ags_scopes:
        return None
    if claims.lineitem_url:
        return _line_item(arrival, {"platform_id": arrival.platform.id, "url": claims.lineitem_url}, context)
    known = arrival.seen.column or (db.get(LineItem, link.line_item_id) if link.line_item_id else None)
    # A teacher's launch may just not name the column.
    coupled = known is not None and known.resource_id is None
    may_make_one = context is not None and claims.lineitems_url and LINEITEM_SCOPE in claims.ags_scopes
    if coupled or not may_make_one or context is None:
        return known if coupled else None
    resource_id = arrival.target.rsplit("/", 1)[-1][:100]
    return _line_item(
        arrival, {"context_pk": context.id, "resource_id": resource_id, "tag": arrival.year}, context
    )


def _line_item(arrival: Arrival, key: dict[str, object], context: Context | None) -> LineItem:
    known = arrival.seen.column
    if known is not None and all(getattr(known, name) == value for name, value in key.items()):
        return known
    rows = sa.select(LineItem).filter_by(**key)
    found = db.scalars(rows).one_or_none()
    if found is None:
        given = {
            "district_id": arrival.platform.district_id,
            "platform_id": arrival.platform.id,
            "context_pk": context.id if context else None,
            "label": (arrival.claims.link_title or arrival.target)[:255],
            "tag": arrival.year,
        }
        db.execute(insert_for(LineItem).values(given | key).on_conflict_do_nothing())
        found = db.scalars(rows).one()
    return found


def _keep(row: object, name: str, value: object) -> None:
    """Write only what changed, so that the thousandth launch of a link writes nothing to it."""
    if getattr(row, name) != value:
        setattr(row, name, value)
