"""The shapes of completions and of single pieces of evidence."""

from typing import Any

from marshmallow import Schema, fields, validate

from access.completions import Checked, Completion
from access.schemas import AUDIENCES, IdsSchema, limit
from core.interface import Instant, described

KINDS = ("course", "agreement", "group", "paper", "equivalent")
PERIOD = validate.Regexp(r"\A[0-9]{4}-[0-9]{2}\Z", error="Expected a school year such as 2026-27.")
KEY = validate.Regexp(r"\A[a-z0-9-]{1,80}\Z", error="Expected a key such as rua or passwords.")


class CompletionFiltersSchema(Schema):
    requirement = fields.Str(
        validate=KEY, **described("Only what this requirement may be met by.", example="rua")
    )
    lesson = fields.Str(validate=KEY, **described("Only this lesson.", example="dc-g4-l1"))
    period = fields.Str(validate=PERIOD, **described("Only this school year.", example="2026-27"))
    audience = fields.Str(validate=validate.OneOf(AUDIENCES), **described("Only people who are this now."))


class CompletionsQuerySchema(CompletionFiltersSchema):
    limit = limit()
    cursor = fields.Str(**described("`next` of the page before."))


class CompletionSchema(Schema):
    """A lesson or an agreement that somebody has shown, and which holds."""

    id = fields.Str(**described("Our name for the proof.", example="ev_qasa5tu9MIMZpluJf7ZglA"))
    person = fields.Str(**described("Our name for the person.", example="p_9aYkW2"))
    ids = fields.Nested(IdsSchema, **described("Names the district knows the person by."))
    audience = fields.Str(validate=validate.OneOf(AUDIENCES))
    part = fields.Str(**described("What was shown.", example="lesson:dc-g4-l1"))
    kind = fields.Str(
        validate=validate.OneOf(KINDS),
        **described("How: alone, signed, with the class, on paper, or another course accepted in its place."),
    )
    period = fields.Str(**described("School year.", example="2026-27"))
    version = fields.Str(**described("Exactly which text or lesson.", example="rua-2026.1"))
    completed_at = Instant()


class CompletionsSchema(Schema):
    items = fields.List(fields.Nested(CompletionSchema))
    next = fields.Str(allow_none=True, **described("Cursor of the next page; null on the last."))


class EvidenceSchema(CompletionSchema):
    """One piece of evidence with its signed record."""

    voided_at = Instant(allow_none=True, **described("It counts for nothing since then."))
    jws = fields.Str(
        allow_none=True,
        **described(
            "The signed record (compact JWS, EdDSA), to be checked with the keys at "
            "`/.well-known/evidence-keys`; null for what is older than our signatures."
        ),
    )


class VerdictSchema(Schema):
    """Whether a piece of evidence still says what was signed."""

    id = fields.Str(**described("Our name for the proof.", example="ev_qasa5tu9MIMZpluJf7ZglA"))
    holds = fields.Bool(**described("The signature is ours and the record was not changed since."))
    fault = fields.Str(allow_none=True, **described("What is wrong with it.", example="altered: score"))
    voided = fields.Bool(**described("Whether it counts for nothing any more, true as it may be."))


def completion_item(completion: Completion, ids: dict[str, str]) -> dict[str, Any]:
    """What CompletionSchema dumps."""
    row = completion.row
    return {
        "id": row.public_id,
        "person": completion.person,
        "ids": ids,
        "audience": completion.audience,
        "part": row.part,
        "kind": row.kind,
        "period": completion.period,
        "version": row.version,
        "completed_at": row.shown_at,
    }


def evidence_item(found: Checked, ids: dict[str, str]) -> dict[str, Any]:
    """What EvidenceSchema dumps."""
    row = found.completion.row
    return {**completion_item(found.completion, ids), "voided_at": row.voided_at, "jws": row.jws}
