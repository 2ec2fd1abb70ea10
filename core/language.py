"""The language of a request, and texts, dates and numbers in it (docs/decisions/0013).

Somebody who is signed in reads their own choice, else the language their LMS told us at the launch. Before that a
cookie holds the choice, and without one the browser's Accept-Language decides. English is what is left.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from typing import Any

from babel import Locale, dates
from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug import Response

from core.catalogs import LANGUAGES, SOURCE, catalog, is_reviewed
from core.messages import N_, Message

__all__ = ["N_", "_", "ngettext"]  # what a page is worded with, whoever makes it


COOKIE = "language"
A_YEAR = 365 * 24 * 3600

REGIONS = {"en": "en_US", "es": "es_US"}
"""Whose dates and numbers: Spanish in the United States writes 92.5 and 8:05 a.m."""


_outside: ContextVar[str] = ContextVar("language outside of requests", default=SOURCE)


def _(text: str, /, **values: Any) -> str:
    """A text in the language of this request."""
    said: str = catalog(language()).gettext(text)
    return said % values if values else said


def ngettext(one: str, many: str, count: int, /, **values: Any) -> str:
    """One of the two, for `count`, which stands in them as %(num)s."""
    said: str = catalog(language()).ngettext(one, many, count)
    return said % {"num": count, **values}


def set_up_language(app: Flask, who_reads: Callable[[], object]) -> None:
    """`who_reads` looks for somebody who is signed in and lets them `speak`; it is asked where no guard has been."""
    app.extensions["who_reads"] = who_reads
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension brings it
        lambda text: catalog(language()).gettext(text),
        lambda one, many, count: catalog(language()).ngettext(one, many, count),
        newstyle=True,
    )
    app.jinja_env.filters.update(
        translated=translated, written_date=written_date, written_number=written_number
    )
    app.jinja_env.tests["message"] = lambda text: isinstance(text, Message)  # ours, not that of the content
    for tag in LANGUAGES:
        catalog(tag)  # read at the start, not in somebody's first request

    @app.context_processor
    def known() -> dict[str, Any]:
        return {"language": language(), "languages": _choices()}


def language() -> str:
    """The language of this request; outside of one (worker, commands) that of `speaking`, else English."""
    if not has_request_context():
        return _outside.get()
    told: str | None = g.get("language")  # asked at every text, so: one look
    if told is None:
        g.language = (
            spoken(request.cookies.get(COOKIE))
            or next((tag for each in request.accept_languages.values() if (tag := spoken(each))), None)
            or SOURCE
        )
        with suppress(SQLAlchemyError):  # the page that says so must stand without a database, too
            current_app.extensions["who_reads"]()
        told = str(g.language)
    return told


def speak(*wishes: str | None) -> None:
    """From here on this request speaks the first of these that we know, else English."""
    g.language = next((tag for wish in wishes if (tag := spoken(wish))), SOURCE)


def speak_as_asked() -> None:
    """Pages for browsers without cookies say their language in the address (`?lang=es`); it goes before all else."""
    if tag := spoken(request.args.get("lang")):
        speak(tag)


def spoken(wish: str | None) -> str | None:
    """Our language for a tag as LMSs write them: `es` for "es-MX", "es_mx" and "ES"."""
    tag = (wish or "").replace("_", "-").split("-")[0].lower()
    return tag if tag in LANGUAGES else None


@contextmanager
def speaking(wish: str | None) -> Iterator[None]:
    """Outside of requests, for a letter: texts, dates and numbers in this language, in English if we do not know it."""
    token = _outside.set(spoken(wish) or SOURCE)
    try:
        yield
    finally:
        _outside.reset(token)


def choose_in_this_browser(response: Response, tag: str) -> None:
    """For pages before anybody is signed in. Partitioned, as an LMS frame may send nothing else."""
    response.set_cookie(
        COOKIE, tag, max_age=A_YEAR, secure=True, httponly=True, samesite="None", partitioned=True
    )


def translated(text: str) -> str:
    """A Message in the language of this request; any other text as it is."""
    if not isinstance(text, Message):
        return text
    said: str = catalog(language()).gettext(text.template)
    if not text.values:
        return said
    return said % {name: translated(v) if isinstance(v, str) else v for name, v in text.values.items()}


def said_in(tag: str, text: str) -> str:
    """A marked text in this language, whatever the request speaks: for words about content that is in it."""
    said: str = catalog(tag).gettext(text)
    return said


def written_date(day: date) -> str:
    """November 24, 2026"""
    return dates.format_date(day, "long", locale=_region())


def written_day(day: date) -> str:
    """November 24"""
    return dates.format_skeleton("MMMMd", day, locale=_region())


def written_weekday(day: date) -> str:
    """Tuesday, November 24, 2026"""
    return dates.format_date(day, "full", locale=_region())


def written_time_of_day(local: datetime) -> str:
    """8:05 AM"""
    return dates.format_time(local, "h:mm a", locale=_region())


def written_number(value: float) -> str:
    """At most two decimals, and none where they are zero."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", _decimal_point(language()))


def _region() -> Locale:
    return _locale(language())


@cache
def _locale(tag: str) -> Locale:
    return Locale.parse(REGIONS[tag])


@cache
def _decimal_point(tag: str) -> str:
    return str(_locale(tag).number_symbols["latn"]["decimal"])


@cache
def _choices() -> list[tuple[str, str]]:
    """[(tag, what the choice says)]. What no person has read says so, in its own language."""
    return [
        (tag, name if is_reviewed(tag) else f"{name} ({_unread(tag)})") for tag, name in LANGUAGES.items()
    ]


def _unread(tag: str) -> str:
    return catalog(tag).gettext(N_("machine translation, under review"))
