"""IT's page: who is told of changes, how far they are, what went wrong, and what can be done about it."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from access.forecast import forecast
from access.listing import last_seq
from completion.dates import written_time
from core.clock import now
from core.current import current_settings
from core.errors import Refused, ToolError
from core.language import written_date
from feeds import page_words, setting_up, words
from feeds.addresses import shown
from feeds.behind import lags, state_of
from feeds.files import accept_held
from feeds.guard import holds_office, require_holder, require_it
from feeds.looking_up import look_up
from feeds.models import Feed
from feeds.trying import try_now
from feeds.wanted import wanted
from people.current import current_actor, current_district
from people.disclosures import disclose

blueprint = Blueprint(
    "feeds_pages",
    __name__,
    url_prefix="/admin/feeds",
    template_folder="templates",
)
blueprint.before_request(require_it)


class OddNumber(ToolError):
    code = "odd_number"
    next_step = "Go back and write the number of a change, such as 184467."


@blueprint.get("/")
def overview() -> str:
    return _overview()


@blueprint.post("/add")
def add() -> str | tuple[str, int]:
    """The secret is shown this once, on the answer itself. With an error the form comes back, filled."""
    name, url = request.form.get("name", "").strip(), request.form.get("url", "").strip()
    try:
        feed, secret = setting_up.add_webhook(
            current_district(),
            name,
            url,
            current_actor(),
            plain_allowed=current_settings().allow_private_network,
        )
    except Refused as refused:
        return _overview(given={"name": name, "url": url}, error=refused.message), 400
    return _feed_page(feed.id, secret=secret, told="added")


@blueprint.get("/<int:number>")
def feed_page(number: int) -> str:
    return _feed_page(number)


@blueprint.post("/<int:number>/test")
def test(number: int) -> Response:
    outcome = try_now(current_district(), number)
    return _to(number, "test_failed" if outcome.problem else "tested")


@blueprint.post("/<int:number>/pause")
def pause(number: int) -> Response:
    setting_up.pause(_own(number), current_actor())
    return _to(number, "paused")


@blueprint.post("/<int:number>/resume")
def resume(number: int) -> Response:
    setting_up.resume(_own(number), current_actor())
    return _to(number, "resumed")


@blueprint.post("/<int:number>/replay")
def replay(number: int) -> Response:
    first = request.form.get("first", "").strip()
    if not first.isascii() or not first.isdecimal() or len(first) > 18:
        raise OddNumber("This is no number of a change.", field="first")
    setting_up.replay(_own(number), int(first), current_actor())
    return _to(number, "replayed")


@blueprint.post("/<int:number>/secret")
def new_secret(number: int) -> str:
    """Shown this once, on the answer itself."""
    return _feed_page(number, secret=setting_up.rotate_secret(_own(number), current_actor()))


@blueprint.post("/<int:number>/accept")
def accept(number: int) -> Response:
    accept_held(_own(number), current_actor())
    return _to(number, "accepted")


@blueprint.post("/<int:number>/remove")
def remove(number: int) -> Response:
    setting_up.remove(_own(number), current_actor())
    return redirect(url_for("feeds_pages.overview", told="removed"), 303)  # type: ignore[return-value]


@blueprint.get("/forecast")
def what_would_change() -> str:
    district = current_district()
    return _page("feeds/forecast.html", forecast=forecast(district, now()), written_date=written_date)


@blueprint.get("/person")
def ask_person() -> str:
    require_holder()
    return _page("feeds/person.html", behind=None, name="")


@blueprint.post("/person")
def person() -> str:
    """By POST, so that nobody's name stands in an address."""
    require_holder()
    district, name = current_district(), request.form.get("name", "").strip()
    found = look_up(district, name)
    disclose(district.id, current_actor(), "person_standing", f"person:{found.person.public_id}", 1)
    newest = max((each.seq for each in found.standings), default=0)
    told = [(lag.feed, lag.feed.cursor >= newest) for lag in lags(district.id)]
    return _page("feeds/person.html", behind=found, name=name, told_feeds=told)


def _own(number: int) -> Feed:
    return setting_up.feed_of(current_district().id, number)


def _overview(given: dict[str, str] | None = None, error: str | None = None) -> str:
    found = lags(current_district().id)
    return _page(
        "feeds/overview.html",
        lags=found,
        headline=page_words.headline(found),
        given=given or {},
        error=error,
    )


def _feed_page(number: int, secret: str | None = None, told: str | None = None) -> str:
    feed = _own(number)
    lag = next(each for each in lags(feed.district_id) if each.feed.id == feed.id)
    return _page(
        "feeds/feed.html",
        lag=lag,
        feed=feed,
        secret=secret,
        newest=last_seq(feed.district_id),
        **({"told": told} if told else {}),
    )


def _page(template: str, **more: Any) -> str:
    district = current_district()
    given: dict[str, Any] = {
        "page_name": "feeds",
        "band": "staff",
        "district": district,
        "words": words,
        "said": page_words,
        "state_of": state_of,
        "shown": shown,
        "wanted": wanted,
        "time": lambda at: written_time(at, district.timezone),
        "may_look_up": holds_office(),
        "told": request.args.get("told"),
    }
    return render_template(template, **{**given, **more})


def _to(number: int, told: str) -> Response:
    place: dict[str, Any] = {"number": number, "told": told}
    return redirect(url_for("feeds_pages.feed_page", **place), 303)  # type: ignore[return-value]
