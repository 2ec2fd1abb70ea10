"""Who is at the other end of this tab.

Two things must come together: the visit key in the address, one per launch, so that two items open side by
side keep apart; and the browser's own cookie, so that an address that leaks opens nothing. The cookie is
partitioned (CHIPS), which is what browsers still send inside an LMS frame when third-party cookies are blocked.
"""

import hmac
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, g, request

from core.clock import now
from core.database import db, insert_row, table_of
from core.errors import Forbidden, ToolError
from core.framing import let_frame
from core.language import N_, speak
from core.sealed import hash_secret, new_secret
from people.models import Person, SignIn
from people.way_back import way_back

COOKIE = "browser"
VISIT = "visit"
CHOOSER = "chooser"
"""The role of a tab that the LMS opened to let somebody choose lessons: it looks at them and takes part in none."""
OPERATOR = "operator"
"""The role of who came by a link from the command line (people.operators); no launch says it."""
LASTS = timedelta(hours=10)
"""A school day. A place in a lesson outlives it: it is kept by person, not by sign-in."""


class NotSignedIn(ToolError):
    status, code = 401, "not_signed_in"
    next_step = N_("Go back to your course and open the lesson again. Your place and your answers are kept.")


class NotForYou(Forbidden):
    code = "not_for_you"


def browser_secret() -> str | None:
    """The secret in this browser's cookie, as sent with this request."""
    return request.cookies.get(COOKIE) or None


def set_browser_cookie(response: Response, secret: str) -> None:
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(LASTS.total_seconds()),
        secure=True,
        httponly=True,
        samesite="None",
        partitioned=True,
    )


_add_sign_in = sa.insert(table_of(SignIn)).returning(table_of(SignIn).c.id)


def open_sign_in(
    person: Person,
    browser: str,
    *,
    role: str,
    classroom_id: int | None,
    locale: str = "en",
    framed_by: str = "",
    return_url: str | None = None,
    document_target: str | None = None,
    about: Sequence[int] = (),
) -> tuple[int, str]:
    """A place in one tab of this browser: its number and its visit key."""
    key = new_secret()
    made = insert_row(
        _add_sign_in,
        district_id=person.district_id,
        key=key,
        browser_hash=hash_secret(browser),
        person_id=person.id,
        classroom_id=classroom_id,
        role=role,
        locale=locale,
        framed_by=framed_by,
        return_url=return_url,
        document_target=document_target,
        about=list(about),
        expires_at=now() + LASTS,
    )
    return made.scalar_one(), key


_who = (
    sa.select(SignIn, Person)
    .join(Person, Person.id == SignIn.person_id)
    .where(SignIn.key == sa.bindparam("key"))
)


def _look_up() -> tuple[SignIn, Person] | None:
    key, browser = request.args.get(VISIT), browser_secret()
    if not key or not browser:
        return None
    row = db.execute(_who, {"key": key}).one_or_none()
    if row is None or row[0].expires_at <= now():
        return None
    return (row[0], row[1]) if hmac.compare_digest(row[0].browser_hash, hash_secret(browser)) else None


def signed_in() -> bool:
    """Whether somebody is, for pages that anyone may see."""
    if "sign_in" not in g:
        found = _look_up()
        g.sign_in, g.person = found if found else (None, None)
        if found:
            speak(g.person.language, g.sign_in.locale)
            let_frame(found[0].framed_by.split())
    return g.sign_in is not None


def current_sign_in() -> SignIn:
    """Raises NotSignedIn."""
    if not signed_in():
        raise NotSignedIn(N_("We can not tell who you are in this tab any more."))
    sign_in: SignIn = g.sign_in
    return sign_in


def current_person() -> Person:
    """Raises NotSignedIn."""
    current_sign_in()
    person: Person = g.person
    return person


def require_signed_in() -> None:
    """A blueprint's guard: somebody, whoever. Not the operator, who is nobody's pupil and leaves no evidence."""
    if current_sign_in().role == OPERATOR:
        raise NotForYou(N_("A link from the command line opens the set-up pages only."))


def require_role(
    *roles: str, words: str = N_("This page is for teachers and staff of the class.")
) -> Callable[[], None]:
    """A blueprint's guard: somebody in one of these roles, as their launch said. Others read `words`."""

    def guard() -> None:
        if current_sign_in().role not in roles:
            raise NotForYou(words)

    return guard


def anyone() -> None:
    """A blueprint's guard that says out loud: no account is needed here."""


def keep_visit_in_links(app: Flask) -> None:
    """Every address we make inside a signed-in request carries its visit key."""

    @app.url_defaults
    def add_visit(endpoint: str, values: dict[str, Any]) -> None:
        if VISIT in values or endpoint.endswith("static") or not g.get("sign_in"):
            return
        values[VISIT] = g.sign_in.key

    @app.context_processor
    def who() -> dict[str, Any]:
        return {"sign_in": g.get("sign_in"), "way_back": way_back}


def forget_old_sign_ins() -> None:
    """Worker step: a sign-in that has run out opens nothing any more. Launches stay, without it."""
    db.execute(sa.delete(SignIn).where(SignIn.expires_at < now()))
