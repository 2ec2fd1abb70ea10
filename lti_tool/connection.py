"""Is it connected? Every service we use of a platform, really called once, and what came of it.

Nothing is written while the platform is asked: the slot of a test is taken in a transaction of its own before, and
its findings are written after the last answer.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from core.clock import now
from core.database import db, insert_for, transaction
from core.errors import ToolError
from core.messages import N_
from lti_tool.connection_calls import Caller, CallFailed
from lti_tool.connection_models import ConnectionTest
from lti_tool.models import Context, Launch, Platform, ResourceLink
from lti_tool.registrations import Registered
from lti_tool.scopes import (
    LINEITEM_SCOPE,
    LINEITEMS_TYPE,
    MEMBERS_TYPE,
    MEMBERSHIP_SCOPE,
    RESULT_SCOPE,
    SCORE_SCOPE,
)

EVERY = timedelta(seconds=10)
"""At most one test of a platform, or one test score, in this time, whoever asks."""

SCOPES = {
    "lineitem": LINEITEM_SCOPE,
    "score": SCORE_SCOPE,
    "result": RESULT_SCOPE,
    "roster": MEMBERSHIP_SCOPE,
}
"""What we use, by the name of its check."""

TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
MOST_TEST_USERS = 5
MOST_PAGES = 5


class TriedJustNow(ToolError):
    """Two presses of one button, or two people at once."""

    status, code = 429, "tried_just_now"
    next_step = N_("Go back to the page of the platform: the result of that test is there in a moment.")


@dataclass(frozen=True)
class Check:
    """One call of a test.

    name     `keys`, `token_<name of SCOPES>`, `roster` or `lineitems`
    outcome  `good`, `bad`, or `skipped`: not tried, for the reason in `kind`
    kind     of a failure, as CallFailed has it, or `not_granted`, `no_keys`, `loop`; of a skip `no_time`,
             `no_token`, `not_offered` or `no_context`
    status, reason  as CallFailed has them
    count    keys, people or columns found; `more` when there were further pages than we read
    """

    name: str
    outcome: str
    kind: str = ""
    status: int = 0
    reason: str = ""
    count: int | None = None
    more: bool = False


@dataclass(frozen=True)
class Place:
    """The course a platform was last launched from, and what that launch offered there."""

    context_pk: int
    memberships_url: str | None
    lineitems_url: str | None


def take_slot(platform: Platform) -> None:
    """A test begins now. Raises TriedJustNow when another began a moment ago, in whichever process."""
    with transaction():
        at = now()
        free = insert_for(ConnectionTest).values(
            district_id=platform.district_id, platform_id=platform.id, begun_at=at, checks=[], test_users=[]
        )
        taken = free.on_conflict_do_update(
            index_elements=["platform_id"],
            set_={"begun_at": at},
            where=ConnectionTest.begun_at <= at - EVERY,
        ).returning(ConnectionTest.id)
        mine = db.execute(taken).scalar_one_or_none()
    if mine is None:
        raise TriedJustNow(
            N_(
                "This platform was tested a moment ago; once in %(seconds)s seconds is enough.",
                seconds=EVERY.seconds,
            )
        )


def last_place(platform_id: int) -> Place | None:
    """Where the last launch came from; None when there was none, or none from a course."""
    row = db.execute(
        sa.select(Context)
        .join(ResourceLink, ResourceLink.context_pk == Context.id)
        .join(Launch, Launch.resource_link_id == ResourceLink.id)
        .where(Launch.platform_id == platform_id)
        .order_by(Launch.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return None if row is None else Place(row.id, row.memberships_url, row.lineitems_url)


def try_all(platform: Registered, place: Place | None) -> tuple[list[Check], list[str]]:
    """Every check in the order of the calls, and the roster's test users. Writes nothing, holds no lock."""
    caller = Caller(platform)
    checks = [_keys(caller), *_tokens(caller)]
    granted = {check.name.removeprefix("token_") for check in checks if check.outcome == "good"}
    roster, test_users = _roster(caller, place, "roster" in granted)
    return [*checks, roster, _lineitems(caller, place, "lineitem" in granted)], test_users


def write_findings(
    platform_id: int, checks: Iterable[Check], place: Place | None, test_users: list[str]
) -> None:
    row = db.scalars(sa.select(ConnectionTest).filter_by(platform_id=platform_id)).one()
    row.answered_at, row.checks = now(), [asdict(check) for check in checks]
    row.context_pk, row.test_users = place.context_pk if place else None, test_users


def findings(row: ConnectionTest | None) -> list[Check]:
    return [Check(**each) for each in row.checks] if row and row.answered_at else []


def _bad(name: str, failed: CallFailed) -> Check:
    outcome = "skipped" if failed.kind == "no_time" else "bad"
    return Check(name, outcome, failed.kind, failed.status, failed.reason)


def _keys(caller: Caller) -> Check:
    try:
        found = caller.get_keys()
    except CallFailed as failed:
        return _bad("keys", failed)
    usable = [key for key in found if isinstance(key.get("kid"), str)]
    return Check("keys", "good", count=len(usable)) if usable else Check("keys", "bad", "no_keys", 200)


def _tokens(caller: Caller) -> list[Check]:
    """One new token for each scope. An address that does not answer is not asked four times."""
    checks: list[Check] = []
    silent = False
    for short, scope in SCOPES.items():
        name = f"token_{short}"
        if silent:
            checks.append(Check(name, "skipped", "no_token"))
            continue
        try:
            given = caller.token(scope)
        except CallFailed as failed:
            silent = failed.kind == "no_answer"
            checks.append(_bad(name, failed))
        else:
            granted = scope in given.scopes
            checks.append(Check(name, "good") if granted else Check(name, "bad", "not_granted", 200))
    return checks


def _roster(caller: Caller, place: Place | None, granted: bool) -> tuple[Check, list[str]]:
    if place is None or not place.memberships_url or not granted:
        return _not_tried("roster", place, bool(place and place.memberships_url)), []
    try:
        members, more = _pages(caller, place.memberships_url, MEMBERSHIP_SCOPE, MEMBERS_TYPE, "members")
    except CallFailed as failed:
        return _bad("roster", failed), []
    test_users = [
        str(each["user_id"])
        for each in members
        if TEST_USER in (each.get("roles") or ()) and isinstance(each.get("user_id"), str | int)
    ]
    return Check("roster", "good", count=len(members), more=more), test_users[:MOST_TEST_USERS]


def _lineitems(caller: Caller, place: Place | None, granted: bool) -> Check:
    if place is None or not place.lineitems_url or not granted:
        return _not_tried("lineitems", place, bool(place and place.lineitems_url))
    try:
        items, more = _pages(caller, place.lineitems_url, LINEITEM_SCOPE, LINEITEMS_TYPE, None)
    except CallFailed as failed:
        return _bad("lineitems", failed)
    return Check("lineitems", "good", count=len(items), more=more)


def _not_tried(name: str, place: Place | None, offered: bool) -> Check:
    return Check(name, "skipped", "no_context" if place is None else "no_token" if offered else "not_offered")


def _pages(
    caller: Caller, url: str, scope: str, media_type: str, holds: str | None
) -> tuple[list[dict[str, Any]], bool]:
    """What is listed on the first pages, and whether there are more of them. Raises CallFailed."""
    found: list[dict[str, Any]] = []
    next_url: str | None = url
    seen: set[str] = set()
    while next_url and len(seen) < MOST_PAGES:
        if next_url in seen:
            raise CallFailed("loop", 200)
        seen.add(next_url)
        try:
            body, next_url = caller.call("GET", next_url, scope, media_type)
        except CallFailed as failed:
            if failed.kind == "no_time" and found:
                return found, True
            raise
        listed = body.get(holds) if holds and isinstance(body, dict) else body
        if not isinstance(listed, list):
            raise CallFailed("unreadable", 200)
        found += [each for each in listed if isinstance(each, dict)]
    return found, next_url is not None
