"""/api/v1/webhooks: what `flask feed` and IT's page do with webhooks, for the programs of a district's IT."""

# flask-smorest carries no types.
# mypy: disable-error-code="import-untyped, untyped-decorator"

from typing import Any

from flask import Response, url_for
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema
from structlog.contextvars import bind_contextvars

from core.clock import now
from core.current import current_settings
from core.database import db
from core.interface import LAST_NUMBER, Part, refuse_parameters
from core.problems import answer_tool_error
from feeds import setting_up
from feeds.api_examples import EXAMPLES
from feeds.api_schemas import (
    AddedWebhookSchema,
    ChangedWebhookSchema,
    NewSecretSchema,
    NewWebhookSchema,
    PostedSchema,
    ReplaySchema,
    UndeliveredQuerySchema,
    UndeliveredSchema,
    WebhookSchema,
    WebhooksSchema,
    webhook_item,
)
from feeds.behind import lags
from feeds.models import Feed
from feeds.posting import Outcome
from feeds.secrets import OVERLAP
from feeds.trying import AT_MOST_EVERY, TooSoon, try_now
from feeds.undelivered import tell_one_again, undelivered
from feeds.wanted import AT_FIRST
from feeds.words import problem
from people.bearer import current_holder, require_scope
from people.idempotency import keep_answers, once
from people.models import District

NUMBER = f"<int(max={LAST_NUMBER}):number>"
NOTHING = Schema.from_dict({}, name="NothingSchema")

blueprint = Blueprint(
    "webhooks", __name__, url_prefix="/api/v1/webhooks", description="Who is told of changes."
)
blueprint.before_request(require_scope("webhook.manage", writes=True))
blueprint.register_error_handler(422, refuse_parameters)
keep_answers(blueprint)

part = Part(
    blueprint,
    "webhook.manage",
    EXAMPLES,
    sent=("NewWebhook", "ChangedWebhook", "Replay"),
)


@blueprint.errorhandler(TooSoon)
def wait(error: TooSoon) -> Response:
    answer = answer_tool_error(error)
    answer.headers["Retry-After"] = str(int(AT_MOST_EVERY.total_seconds()))
    return answer


@blueprint.get("")
@blueprint.arguments(NOTHING, location="query", unknown=RAISE)
@blueprint.response(200, WebhooksSchema)
def webhooks(_query: dict[str, Any]) -> dict[str, Any]:
    """All webhooks of the district"""
    found = lags(current_holder().district.id)
    return {"items": [webhook_item(each) for each in found if each.feed.kind == "webhook"]}


@blueprint.post("")
@blueprint.arguments(NewWebhookSchema, location="json", unknown=RAISE)
@blueprint.response(201, AddedWebhookSchema)
@once
def add(asked: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Add a webhook

    The answer has its signing secret, shown this once (and again to whoever repeats the very same request within a
    day). Try it with `/test`.
    """
    feed, secret = setting_up.add_webhook(
        _district(), asked["name"], asked["url"], current_holder().actor, plain_allowed=_plain_allowed(),
        after=asked.get("after"), types=asked.get("events", AT_FIRST),
    )  # fmt: skip
    place = url_for("webhooks.webhook", number=feed.id)
    return {**_item(feed), "secret": secret}, 201, {"Location": place}


@blueprint.get(f"/{NUMBER}")
@blueprint.arguments(NOTHING, location="query", unknown=RAISE)
@blueprint.response(200, WebhookSchema)
@blueprint.alt_response(404, "NotFound")
def webhook(_query: dict[str, Any], number: int) -> dict[str, Any]:
    """One webhook: how far it is, what went wrong last, when it is tried again"""
    return _item(_found(number))


@blueprint.patch(f"/{NUMBER}")
@blueprint.arguments(ChangedWebhookSchema, location="json", unknown=RAISE)
@blueprint.response(200, WebhookSchema)
@blueprint.alt_response(404, "NotFound")
@once
def change(asked: dict[str, Any], number: int) -> dict[str, Any]:
    """Change a webhook, pause it, let it go on

    Only what you send is changed. A new address is tried at once, and signed with the same secret.
    """
    feed, actor = _found(number), current_holder().actor
    setting_up.change_webhook(
        feed, actor, plain_allowed=_plain_allowed(), name=asked.get("name"), url=asked.get("url"),
        types=asked.get("events"),
    )  # fmt: skip
    if "paused" in asked:
        (setting_up.pause if asked["paused"] else setting_up.resume)(feed, actor)
    db.flush()
    return _item(feed)


@blueprint.delete(f"/{NUMBER}")
@blueprint.arguments(NOTHING, location="query", unknown=RAISE)
@blueprint.response(204)
@blueprint.alt_response(404, "NotFound")
@once
def remove(_query: dict[str, Any], number: int) -> Response:
    """Take a webhook away"""
    setting_up.remove(_found(number), current_holder().actor)
    return Response(status=204)


@blueprint.post(f"/{NUMBER}/secret")
@blueprint.arguments(NOTHING, location="query", unknown=RAISE)
@blueprint.response(200, NewSecretSchema)
@blueprint.alt_response(404, "NotFound")
@once
def new_secret(_query: dict[str, Any], number: int) -> dict[str, Any]:
    """Sign with a new secret

    For a day posts carry two signatures, so that the receiver can change over without a gap.
    """
    feed = _found(number)
    secret = setting_up.rotate_secret(feed, current_holder().actor)
    return {"id": feed.id, "secret": secret, "previous_signs_until": now() + OVERLAP}


@blueprint.post(f"/{NUMBER}/test")
@blueprint.arguments(NOTHING, location="query", unknown=RAISE)
@blueprint.response(200, PostedSchema)
@blueprint.alt_response(404, "NotFound")
@once
def test(_query: dict[str, Any], number: int) -> dict[str, Any]:
    """Post a test now

    An event of type `feed.test` with empty `data`. Says what became of it; at most every five seconds.
    """
    _found(number)
    return _posted(try_now(current_holder().district, number))


@blueprint.get(f"/{NUMBER}/undelivered")
@blueprint.arguments(UndeliveredQuerySchema, location="query", unknown=RAISE)
@blueprint.response(200, UndeliveredSchema)
@blueprint.alt_response(404, "NotFound")
def list_undelivered(query: dict[str, Any], number: int) -> dict[str, Any]:
    """What it has not taken yet

    A receiver is told in order: the oldest is the one that fails, those after it wait for it. Nothing is ever lost;
    to go on without them, replay from a later number.
    """
    items, more = undelivered(current_holder().district, _found(number), query["limit"])
    return {"items": items, "more": more}


@blueprint.post(f"/{NUMBER}/replay")
@blueprint.arguments(ReplaySchema, location="json", unknown=RAISE)
@blueprint.response(200, WebhookSchema)
@blueprint.alt_response(404, "NotFound")
@once
def replay(asked: dict[str, Any], number: int) -> dict[str, Any]:
    """Tell it everything again since a number

    Ids of events are what they were. A later number than it was told goes on from there.
    """
    feed = _found(number)
    setting_up.replay(feed, asked["after"] + 1, current_holder().actor)
    db.flush()
    return _item(feed)


@blueprint.post(f"/{NUMBER}/replay/<int(max={LAST_NUMBER}):seq>")
@blueprint.arguments(NOTHING, location="query", unknown=RAISE)
@blueprint.response(200, PostedSchema)
@blueprint.alt_response(404, "NotFound")
@once
def replay_one(_query: dict[str, Any], number: int, seq: int) -> dict[str, Any]:
    """Post one event again, now

    One that was told before, by its number in the log, under the same id; what comes after it stays told.
    """
    _found(number)
    return _posted(tell_one_again(current_holder().district, number, seq, current_holder().actor))


def _found(number: int) -> Feed:
    """A webhook of the caller's district. Raises NoSuchFeed, also for a file feed."""
    bind_contextvars(asked=f"webhook:{number}")
    feed = setting_up.feed_of(current_holder().district.id, number)
    if feed.kind != "webhook":
        raise setting_up.NoSuchFeed(f"There is no webhook {number} in this district.")
    return feed


def _item(feed: Feed) -> dict[str, Any]:
    return webhook_item(next(each for each in lags(feed.district_id) if each.feed.id == feed.id))


def _posted(outcome: Outcome) -> dict[str, Any]:
    return {
        "taken": outcome.problem is None,
        "status": outcome.status,
        "error": outcome.problem,
        "detail": problem(outcome.problem, outcome.status) or None,
    }


def _district() -> District:
    return db.get_one(District, current_holder().district.id)


def _plain_allowed() -> bool:
    return current_settings().allow_private_network
