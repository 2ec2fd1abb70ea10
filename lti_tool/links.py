"""Contexts, links and gradebook columns as launches describe them; written only when something changed."""

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


def seat_context(
    platform: Registered, deployment_pk: int, claims: LaunchClaims, seen: Seen
) -> tuple[Context, Classroom] | tuple[None, None]:
    """The LMS course this launch came from, seated as a classroom; None where the launch has none (row 30)."""
    if claims.context_id is None:
        return None, None
    context, classroom = seen.context, seen.classroom
    if context is None or classroom is None:
        context, classroom = _context(deployment_pk, claims.context_id) or _add_context(platform, deployment_pk, claims)
    _keep(context, "lineitems_url", claims.lineitems_url or context.lineitems_url)
    _keep(context, "ags_scopes", " ".join(sorted(claims.ags_scopes)) or context.ags_scopes)
    _keep(context, "memberships_url", claims.memberships_url or context.memberships_url)
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


def _add_context(platform: Registered, deployment_pk: int, claims: LaunchClaims) -> tuple[Context, Classroom]:
    assert claims.context_id is not None
    classroom = Classroom(district_id=platform.district_id, title=claims.context_title)
    db.add(classroom)
    db.flush()
    made = db.execute(
        insert_for(Context)
        .values(district_id=platform.district_id, platform_id=platform.id, deployment_pk=deployment_pk,
                context_id=claims.context_id, classroom_id=classroom.id)
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


def see_link(
    platform: Registered, deployment_pk: int, context: Context | None, claims: LaunchClaims, target: str, year: str,
    seen: Seen,
) -> ResourceLink:
    """The link as it is now, with the gradebook column its scores go to, if any."""
    link = seen.link or _link(deployment_pk, claims.link_id)
    if link is None:
        db.execute(
            insert_for(ResourceLink)
            .values(district_id=platform.district_id, platform_id=platform.id, deployment_pk=deployment_pk,
                    context_pk=context.id if context else None, link_id=claims.link_id, target=target)
            .on_conflict_do_nothing()
        )
        link = _link(deployment_pk, claims.link_id)
        assert link is not None, "the link was made a moment ago"
    _keep(link, "target", target)
    if context:
        _keep(link, "context_pk", context.id)
    column = _column(platform, context, link, claims, target, year, seen.column)
    if column is not None:
        _keep(link, "line_item_id", column)
    return link


def _link(deployment_pk: int, link_id: str) -> ResourceLink | None:
    return db.scalars(sa.select(ResourceLink).filter_by(deployment_pk=deployment_pk, link_id=link_id)).one_or_none()


def _column(
    platform: Registered, context: Context | None, link: ResourceLink, claims: LaunchClaims, target: str, year: str,
    known: LineItem | None,
) -> int | None:
    """Number of the line item: the one coupled to the link, or one of our own to be found or made when needed."""
    if SCORE_SCOPE not in claims.ags_scopes:
        return None
    label = (claims.link_title or target)[:255]
    if claims.lineitem_url:
        if known is not None and known.url == claims.lineitem_url:
            return known.id
        return _line_item(platform.district_id, platform.id, label, url=claims.lineitem_url,
                          context_pk=context.id if context else None)
    current = known or (db.get(LineItem, link.line_item_id) if link.line_item_id else None)
    if current is not None and current.resource_id is None:
        return None  # coupled before; a teacher's launch may simply not name the column
    if context is None or not claims.lineitems_url or LINEITEM_SCOPE not in claims.ags_scopes:
        return None
    ours = {"context_pk": context.id, "resource_id": target.rsplit("/", 1)[-1][:100], "tag": year}
    if current is not None and all(getattr(current, name) == value for name, value in ours.items()):
        return current.id
    return _line_item(platform.district_id, platform.id, label, **ours)


def _line_item(district_id: int, platform_id: int, label: str, **key: object) -> int:
    same = {"platform_id": platform_id, "url": key["url"]} if "url" in key else {
        name: key[name] for name in ("context_pk", "resource_id", "tag")
    }
    found = db.scalars(sa.select(LineItem.id).filter_by(**same)).one_or_none()
    if found is None:
        db.execute(
            insert_for(LineItem)
            .values(district_id=district_id, platform_id=platform_id, label=label, **key)
            .on_conflict_do_nothing()
        )
        found = db.scalars(sa.select(LineItem.id).filter_by(**same)).one()
    return found


def _keep(row: object, name: str, value: object) -> None:
    """Write only what changed, so that the thousandth launch of a link writes nothing to it."""
    if getattr(row, name) != value:
        setattr(row, name, value)
