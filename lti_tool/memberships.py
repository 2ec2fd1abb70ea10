"""Names and Role Provisioning Services (NRPS 2.0): read whole rosters, page by page, into classrooms.

A roster is written only when its last page has been read; until then, and whenever a page fails, the classroom
keeps the one it has, with its time and the reason.
"""

from dataclasses import dataclass
from datetime import timedelta
from threading import Event
from typing import Any

import sqlalchemy as sa

from core.clock import now
from core.database import db, transaction
from core.logs import log
from core.messages import N_, Message
from lti_tool.models import Context
from lti_tool.registrations import registered
from lti_tool.roles import audience_of, role_of
from lti_tool.scopes import MEMBERS_TYPE, MEMBERSHIP_SCOPE
from lti_tool.seats import Member, seat_members
from lti_tool.service_calls import PlatformService, ServiceRefused, ToldToStop
from people.models import Classroom

EVERY = timedelta(hours=6)
LEASE = timedelta(minutes=5)
MOST_PAGES = 400

WORDS = {
    0: N_("Your LMS did not answer when we asked for the roster."),
    401: N_("Your LMS does not accept us when we ask for the roster. IT can check the registration."),
    403: N_("Your LMS does not let this service read the roster. IT can allow Names and Roles for it."),
    404: N_("Your LMS says this course has no roster any more."),
}
AN_ERROR = N_("Your LMS answered with an error (%(status)s).")
UNREADABLE = N_("Your LMS sent a roster we could not read.")

PROBLEMS = (*WORDS.values(), AN_ERROR, UNREADABLE)
"""Everything that can stand as a classroom's roster problem (core.messages.recognise)."""


class RosterLoops(Exception):
    """The platform's next page leads back to one we have read."""


@dataclass(frozen=True)
class _Due:
    context_pk: int
    platform_id: int
    url: str


def sync_due(limit: int = 10, stop: Event | None = None) -> int:
    """Worker step: read the rosters that are due, until `stop` is set. Returns how many were asked for."""
    with transaction():
        claimed = _claim(limit)
    for due in claimed:
        _sync(due, stop)
    return len(claimed)


def ask_now(classroom_id: int) -> None:
    """Somebody wants the newest roster; the worker reads it next."""
    db.execute(
        sa.update(Context)
        .where(Context.classroom_id == classroom_id, Context.memberships_url.is_not(None))
        .values(roster_due_at=now())
    )


def _claim(limit: int) -> list[_Due]:
    """Due contexts, pushed into the future at once so that a second worker leaves them alone."""
    contexts = db.scalars(
        sa.select(Context)
        .where(Context.roster_due_at <= now(), Context.memberships_url.is_not(None))
        .order_by(Context.roster_due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for context in contexts:
        context.roster_due_at = now() + LEASE
    return [_Due(each.id, each.platform_id, each.memberships_url or "") for each in contexts]


def _sync(due: _Due, stop: Event | None) -> None:
    platform = registered(due.platform_id)
    try:
        members = read_roster(PlatformService(platform, stop), due.url)
    except ToldToStop:
        with transaction():
            db.get_one(Context, due.context_pk).roster_due_at = now()
        return
    except ServiceRefused as refusal:
        _note_failure(due, WORDS.get(refusal.status) or Message(AN_ERROR, status=refusal.status))
        return
    except (RosterLoops, ValueError, KeyError, TypeError, AttributeError) as error:
        log.warning("roster_unreadable", context=due.context_pk, error=error)
        _note_failure(due, UNREADABLE)
        return
    with transaction():
        context = db.get_one(Context, due.context_pk)
        classroom = db.get_one(Classroom, context.classroom_id)
        seat_members(platform, classroom, members)
        classroom.roster_as_of, classroom.roster_problem = now(), None
        context.roster_due_at, context.roster_tries = now() + EVERY, 0


def _note_failure(due: _Due, problem: str) -> None:
    with transaction():
        context = db.get_one(Context, due.context_pk)
        context.roster_tries += 1
        context.roster_due_at = now() + min(timedelta(seconds=30) * 2 ** min(context.roster_tries, 10), EVERY)
        db.get_one(Classroom, context.classroom_id).roster_problem = problem


def read_roster(service: PlatformService, url: str) -> list[Member]:
    """Every member once. Raises ServiceRefused, ToldToStop or RosterLoops."""
    members: dict[str, Member] = {}
    next_url: str | None = url
    seen: set[str] = set()
    while next_url:
        if next_url in seen or len(seen) >= MOST_PAGES:
            raise RosterLoops
        seen.add(next_url)
        page = service.call("GET", next_url, [MEMBERSHIP_SCOPE], accept=MEMBERS_TYPE)
        for line in page.body["members"]:
            member = _member(line)
            if member is not None:
                members[member.sub] = _merged(members.get(member.sub), member)
        next_url = page.next_url
    return list(members.values())


def _member(line: dict[str, Any]) -> Member | None:
    """One line of the roster; None for somebody who is not active or has no id. Absent status means active."""
    sub = line.get("user_id")
    if not isinstance(sub, str | int) or line.get("status", "Active") != "Active":
        return None
    roles = tuple(role for role in line.get("roles", []) if isinstance(role, str))
    return Member(
        sub=str(sub),
        roles=roles,
        role=_seat(role_of(roles)),
        audience=audience_of(roles),
        name=_text(line.get("name")) or _joined(line),
        email=_text(line.get("email")),
        sourcedid=_text(line.get("lis_person_sourcedid")),
    )


def _seat(role: str) -> str:
    return "teacher" if role == "administrator" else role


def _joined(line: dict[str, Any]) -> str | None:
    return _text(
        " ".join(part for part in (_text(line.get("given_name")), _text(line.get("family_name"))) if part)
    )


def _text(value: object) -> str | None:
    return (
        value.strip()[:200]
        if isinstance(value, str) and value.strip() and not value.startswith("$")
        else None
    )


def _merged(known: Member | None, again: Member) -> Member:
    """The same person on two lines, for two sections: one seat with the roles of both (row 134)."""
    if known is None:
        return again
    roles = tuple(dict.fromkeys(known.roles + again.roles))
    return Member(
        sub=known.sub,
        roles=roles,
        role=_seat(role_of(roles)),
        audience=audience_of(roles),
        name=known.name or again.name,
        email=known.email or again.email,
        sourcedid=known.sourcedid or again.sourcedid,
    )
