"""Names and Role Provisioning Services (NRPS 2.0): who sits in which classroom, read by the worker.

A roster is written only when its last page has been read; until then, and whenever a page fails, the classroom
keeps the one it has, with its time and the reason. Where the platform tells what changed, only that is read, and
the whole roster once a week all the same.
"""

from dataclasses import dataclass
from datetime import timedelta
from threading import Event

import sqlalchemy as sa

from core.clock import now
from core.database import db, transaction
from core.logs import log
from core.messages import N_, Message
from lti_tool.models import Context, Platform, ResourceLink
from lti_tool.registrations import Registered, registered
from lti_tool.roster_reading import Roster, named, read_changes, read_names, read_roster
from lti_tool.seats import seat_changes, seat_members
from lti_tool.service_calls import NoToken, PagesLoop, PlatformService, ScopeOff, ServiceRefused, ToldToStop
from lti_tool.service_problems import note_problem
from people.models import Classroom

__all__ = ["ask_now", "read_roster", "sync_due"]

EVERY = timedelta(hours=6)
WHOLE_EVERY = timedelta(days=7)
LEASE = timedelta(minutes=5)

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


NO_ROSTER = (PagesLoop, ValueError, KeyError, TypeError, AttributeError)
"""What reading a roster ends in that does not say what a roster says."""


@dataclass(frozen=True)
class _Due:
    context_pk: int
    platform_id: int
    url: str
    differences_url: str | None
    """None where the whole roster is due."""
    link_id: str | None
    """A link in this context, for names by our custom parameters."""


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
        .join(Platform, Platform.id == Context.platform_id)
        .where(
            Context.roster_due_at <= now(),
            Context.memberships_url.is_not(None),
            Platform.withdrawn_at.is_(None),
        )
        .order_by(Context.roster_due_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Context)
    ).all()
    for context in contexts:
        context.roster_due_at = now() + LEASE
    return [_due(each) for each in contexts]


def _due(context: Context) -> _Due:
    known_since = context.whole_roster_at
    lately = known_since is not None and known_since > now() - WHOLE_EVERY
    link_id = db.scalars(
        sa.select(ResourceLink.link_id)
        .filter_by(context_pk=context.id)
        .order_by(ResourceLink.id.desc())
        .limit(1)
    ).first()
    return _Due(
        context.id,
        context.platform_id,
        context.memberships_url or "",
        context.differences_url if lately else None,
        link_id,
    )


def _sync(due: _Due, stop: Event | None) -> None:
    platform = registered(due.platform_id)
    try:
        roster = _read(PlatformService(platform, stop), platform, due)
    except ToldToStop:
        with transaction():
            db.get_one(Context, due.context_pk).roster_due_at = now()
        return
    except ServiceRefused as refusal:
        _note_failure(due, _in_words(refusal), refusal)
        return
    except NO_ROSTER as error:
        log.warning("roster_unreadable", context=due.context_pk, error=error)
        _note_failure(due, UNREADABLE)
        return
    with transaction():
        _write(platform, due, roster)


def _read(service: PlatformService, platform: Registered, due: _Due) -> Roster:
    """What changed where the platform says so, or else everybody. Raises ServiceRefused, ToldToStop, NO_ROSTER."""
    if due.differences_url:
        try:
            return read_changes(service, due.differences_url)
        except ServiceRefused as refusal:
            if refusal.status == 0 or refusal.pause is not None:
                raise
            log.info("no_differences", context=due.context_pk, status=refusal.status)
        except NO_ROSTER as error:
            log.warning("differences_unreadable", context=due.context_pk, error=error)
    # Asked for first and only where the district trusts them: what names it gives, the roster itself may lack.
    trusted = platform.custom_ids_trusted and due.link_id is not None
    names = _names(service, due) if trusted else {}
    return named(read_roster(service, due.url), names)


def _names(service: PlatformService, due: _Due) -> dict[str, dict[str, str]]:
    """Nothing where the platform does not give a link's roster; raises what the roster would meet as well."""
    try:
        return read_names(service, due.url, due.link_id or "")
    except ServiceRefused as refusal:
        if refusal.status == 0 or refusal.pause is not None or isinstance(refusal, NoToken):
            raise
        log.info("no_link_roster", context=due.context_pk, status=refusal.status)
    except NO_ROSTER as error:
        log.warning("link_roster_unreadable", context=due.context_pk, error=error)
    return {}


def _in_words(refusal: ServiceRefused) -> str:
    if isinstance(refusal, ScopeOff):
        return WORDS[403]
    return WORDS.get(refusal.status) or Message(AN_ERROR, status=refusal.status)


def _write(platform: Registered, due: _Due, roster: Roster) -> None:
    context = db.get_one(Context, due.context_pk)
    classroom = db.get_one(Classroom, context.classroom_id)
    if roster.whole:
        seat_members(platform, classroom, roster.members)
        context.whole_roster_at = now()
    else:
        seat_changes(platform, classroom, roster.members)
    classroom.roster_as_of, classroom.roster_problem = now(), None
    context.roster_due_at, context.roster_tries = now() + EVERY, 0
    context.differences_url = roster.differences_url
    note_problem(platform.id, "rosters", None)


def _note_failure(due: _Due, problem: str, refusal: ServiceRefused | None = None) -> None:
    with transaction():
        context = db.get_one(Context, due.context_pk)
        context.roster_tries += 1
        context.roster_due_at = now() + min(timedelta(seconds=30) * 2 ** min(context.roster_tries, 10), EVERY)
        db.get_one(Classroom, context.classroom_id).roster_problem = problem
        if isinstance(refusal, NoToken):
            note_problem(due.platform_id, "rosters", refusal)
