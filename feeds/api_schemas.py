"""The shapes of webhooks, as IT's programs see them."""

from typing import Any

from marshmallow import Schema, fields, validate

from access.events import TYPES
from core.interface import LAST_NUMBER, Instant, Whole, described
from feeds.addresses import LONGEST, shown
from feeds.behind import Lag, state_of
from feeds.wanted import wanted
from feeds.words import DISABLED, PROBLEMS, problem

STATES = ("ok", "failing", "paused", "off")


def _number(words: str, **more: Any) -> fields.Int:
    return Whole(validate=validate.Range(0, LAST_NUMBER), **described(words, example=184467), **more)


def _name(**more: Any) -> fields.Str:
    said = described("As IT will recognize it in lists.", example="SIEM")
    return fields.Str(validate=validate.Length(1, 100), **said, **more)


def _url(**more: Any) -> fields.Str:
    said = described(
        "Where to post: https, and not inside our own network. It is never shown again in full.",
        format="uri",
        example="https://hooks.evergreen.example/standings?key=k3y",
    )
    return fields.Str(validate=validate.Length(1, LONGEST), **said, **more)


def _events(words: str) -> fields.List[Any]:
    return fields.List(
        fields.Str(validate=validate.OneOf(TYPES, error="There is no such type of event.")),
        validate=validate.Length(1, len(TYPES)),
        **described(words, example=["standing.changed", "person.erased"]),
    )


class NewWebhookSchema(Schema):
    name = _name(required=True)
    url = _url(required=True)
    events = _events("Types of events it is told; `standing.changed` and `person.erased` when left out.")
    after = _number("Begin after this number of the log; with what happens next when left out.")


class ChangedWebhookSchema(Schema):
    name = _name()
    url = _url()
    events = _events("Types of events it is told.")
    paused = fields.Bool(
        truthy={True},
        falsy={False},
        **described(
            "true: tell it nothing for now, nothing is lost; false: go on at once, also after it was switched off."
        ),
    )


class ReplaySchema(Schema):
    after = _number("Tell everything after this number of the log again; 0 is the beginning.", required=True)


class WebhookSchema(Schema):
    id = fields.Int(**described("Its number, as `flask feed list` shows it.", example=1))
    name = fields.Str(**described("As IT named it.", example="SIEM"))
    url_shown = fields.Str(
        **described(
            "Scheme and host only: the path of such addresses is often a key.",
            example="https://hooks.evergreen.example/…",
        )
    )
    events = fields.List(fields.Str(validate=validate.OneOf(TYPES)), **described("Types it is told."))
    state = fields.Str(
        validate=validate.OneOf(STATES),
        **described("`off`: it answered 410, or the last of ten tries failed; `paused: false` goes on."),
    )
    told_to = fields.Int(**described("Everything up to this number of the log has arrived.", example=184467))
    behind = fields.Int(**described("Numbers of the log after it.", example=0))
    waiting_since = Instant(allow_none=True, **described("When the oldest change it was not told happened."))
    tries = fields.Int(**described("Failures in a row.", example=0))
    last_ok_at = Instant(allow_none=True)
    failed_at = Instant(allow_none=True)
    last_error = fields.Str(
        allow_none=True,
        validate=validate.OneOf(tuple(PROBLEMS)),
        **described("A word for what went wrong last; null when it went well."),
    )
    last_status = fields.Int(allow_none=True, **described("What it answered then, where it answered."))
    detail = fields.Str(allow_none=True, **described("The same for people, and what to do."))
    next_try_at = Instant(allow_none=True)
    created_at = Instant()


class NewSecretSchema(Schema):
    id = fields.Int(**described("Of the webhook.", example=1))
    secret = fields.Str(
        **described("What posts are signed with from now on. Shown this once.", example="whsec_MfKQ9r8...")
    )
    previous_signs_until = Instant(
        allow_none=True, **described("Until then posts carry the signature of the secret before as well.")
    )


class AddedWebhookSchema(WebhookSchema):
    secret = fields.Str(
        **described("What posts are signed with. Shown this once.", example="whsec_MfKQ9r8...")
    )


class WebhooksSchema(Schema):
    items = fields.List(fields.Nested(WebhookSchema), **described("The oldest first; there are 20 at most."))


class PostedSchema(Schema):
    taken = fields.Bool(**described("Whether it answered 200 to 299 in time."))
    status = fields.Int(allow_none=True, **described("What it answered, where it answered.", example=204))
    error = fields.Str(
        allow_none=True, validate=validate.OneOf(tuple(PROBLEMS)), **described("A word for what went wrong.")
    )
    detail = fields.Str(allow_none=True, **described("The same for people."))


class UndeliveredQuerySchema(Schema):
    limit = fields.Int(load_default=100, validate=validate.Range(1, 1000), **described("1 to 1000."))


class UndeliveredEventSchema(Schema):
    event = fields.Str(**described("Id of the event.", example="evt_evergreen_184467"))
    type = fields.Str(**described("What happened.", example="standing.changed"))
    timestamp = fields.Str(**described("When.", format="date-time", example="2026-11-24T07:00:00Z"))
    seq = fields.Int(**described("Number in the log.", example=184467))
    tries = fields.Int(**described("Posts that failed; 0 for one that waits behind another.", example=3))
    last_error = fields.Str(allow_none=True, validate=validate.OneOf(tuple(PROBLEMS)))
    last_status = fields.Int(
        allow_none=True, **described("What it answered, where it answered.", example=503)
    )
    failed_at = Instant(allow_none=True)
    next_try_at = Instant(allow_none=True)


class UndeliveredSchema(Schema):
    items = fields.List(
        fields.Nested(UndeliveredEventSchema),
        **described("The oldest first: that is the one being tried, the others wait for it."),
    )
    more = fields.Bool(**described("Whether there are more than these."))


def webhook_item(lag: Lag) -> dict[str, Any]:
    """What WebhookSchema dumps."""
    feed = lag.feed
    assert feed.address is not None, "a webhook has one"
    why = DISABLED.get(feed.disabled_reason or "")
    return {
        "id": feed.id,
        "name": feed.name,
        "url_shown": shown(feed.address),
        "events": wanted(feed),
        "state": state_of(feed),
        "told_to": feed.cursor,
        "behind": lag.behind,
        "waiting_since": lag.waiting_since,
        "tries": feed.tries,
        "last_ok_at": feed.last_ok_at,
        "failed_at": feed.failed_at,
        "last_error": feed.last_error,
        "last_status": feed.last_status,
        "detail": why or problem(feed.last_error, feed.last_status) or None,
        "next_try_at": feed.next_try_at,
        "created_at": feed.created_at,
    }
