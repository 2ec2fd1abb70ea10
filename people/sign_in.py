"""Who is at the other end of this tab.

Two things must come together: the visit key in the address, one per launch, so that two items open side by
side keep apart; and a secret of the browser's own, so that an address that leaks opens nothing. The secret comes
in a partitioned cookie (CHIPS), which is what browsers still send inside an LMS frame when third-party cookies are
blocked; where even that is kept back, pages are carried by script and it comes in a header (docs/decisions/0011).
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
HEADER = "Browser"
"""Sent by core/static/core/carry.js. A page of another site can not send it: a browser would ask us first (CORS)."""

DOCUMENTS = {"document", "iframe", "frame", "embed", "object"}
FRAMES = DOCUMENTS - {"document"}
"""What `Sec-Fetch-Dest` says of a whole page, and of one in a frame."""

VISIT = "visit"
CHOOSER = "chooser"
"""The role of a tab that the LMS opened to let somebody choose lessons: it looks at them and takes part in none."""
OPERATOR = "operator"
"""The role of who came by a link from the command line (people.operators); no launch says it."""
LASTS = timedelta(hours=10)
"""A school day. A place in a lesson outlives it: it is kept by person, not by sign-in."""


NOT_ANY_MORE = N_("We can not tell who you are in this tab any more.")


class NotSignedIn(ToolError):
    status, code = 401, "not_signed_in"
    next_step = N_("Go back to your course and open the lesson again. Your place and your answers are kept.")


class NotForYou(Forbidden):
    code = "not_for_you"


def cookie_secrets() -> list[str]:
    """The secrets in this browser's cookies. Several frames that opened at once may each have left one."""
    return [
        value
        for name, value in request.cookies.items()
        if value and (name == COOKIE or name.startswith(f"{COOKIE}-"))
    ]


def browser_secret() -> str | None:
    """The one to go on with in this browser's cookies."""
    return next(iter(cookie_secrets()), None)


def browser_secrets() -> list[str]:
    """Every secret of this browser that came with this request: carried by script first, then kept in cookies."""
    carried = request.headers.get(HEADER)
    return ([carried] if carried else []) + cookie_secrets()


def fitting(secret_hash: str, secrets: list[str]) -> str | None:
    """The one of these secrets that the hash was made of."""
    return next((each for each in secrets if hmac.compare_digest(secret_hash, hash_secret(each))), None)


def set_browser_cookie(
    response: Response, secret: str, *, of_its_own: bool = False, partitioned: bool = True
) -> None:
    """`of_its_own`: beside the cookies of other logins, not over them; the browser has not told us which it has."""
    response.set_cookie(
        f"{COOKIE}-{hash_secret(secret)[:8]}" if of_its_own else COOKIE,
        secret,
        max_age=int(LASTS.total_seconds()),
        secure=True,
        httponly=True,
        samesite="None",
        partitioned=partitioned,
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
    key, secrets = request.args.get(VISIT), browser_secrets()
    if not key or not secrets:
        return None
    row = db.execute(_who, {"key": key}).one_or_none()
    if row is None or row[0].expires_at <= now():
        return None
    return (row[0], row[1]) if fitting(row[0].browser_hash, secrets) else None


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
        raise NotSignedIn(NOT_ANY_MORE)
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
