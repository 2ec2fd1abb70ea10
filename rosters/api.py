"""/api/v1/rosters: hand in roster files, as `flask roster import` does. All of a file or nothing of it."""

# flask-smorest carries no types.
# mypy: disable-error-code="import-untyped, untyped-decorator"

from datetime import timedelta
from typing import Any

from flask import Response, url_for
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema
from structlog.contextvars import bind_contextvars

from core.current import current_settings
from core.database import db, only_reading
from core.interface import LAST_NUMBER, Part, refuse_parameters
from core.problems import problem
from people.bearer import current_holder, require_scope
from people.idempotency import given_key, keep_answers, told_before
from people.models import District
from rosters.api_examples import EXAMPLES
from rosters.api_schemas import (
    RosterSchema,
    TakenSchema,
    TakeQuerySchema,
    errors_of,
    import_item,
    taken_item,
)
from rosters.bounds import LARGEST_FILE, RosterRefused
from rosters.holding import Outcome, import_of, take
from rosters.opening import known_buildings, opened
from rosters.receiving import KINDS, received

TAKES = timedelta(minutes=30)
"""A first roster of a large district on a busy machine."""
NOTHING = Schema.from_dict({}, name="NothingSchema")

blueprint = Blueprint("roster_files", __name__, url_prefix="/api/v1/rosters", description="Who ought to.")
blueprint.before_request(require_scope("roster.write", writes=True))
blueprint.register_error_handler(422, refuse_parameters)
keep_answers(blueprint)

part = Part(blueprint, "roster.write", EXAMPLES)

FILE = {
    "required": True,
    "description": f"The file itself, up to {LARGEST_FILE // 1_000_000} MB: a OneRoster zip, or a staff CSV file.",
    "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in KINDS},
}


@blueprint.errorhandler(RosterRefused)
def refuse(refused: RosterRefused) -> Response:
    """With the rows, as many as fit on a screen."""
    db.rollback()
    return problem(
        422, refused.code, refused.message.partition("\n")[0],
        error_count=refused.errors.count, errors=errors_of(refused),
    )  # fmt: skip


@blueprint.post("")
@blueprint.doc(requestBody=FILE)
@blueprint.arguments(TakeQuerySchema, location="query", unknown=RAISE)
@blueprint.response(201, TakenSchema, description="Everything is in.")
@blueprint.alt_response(200, schema=TakenSchema, description="A dry run: nothing was changed.", success=True)
@blueprint.alt_response(
    202,
    schema=TakenSchema,
    description="Held: nothing was changed. Many people would leave, and somebody has to approve it.",
    success=True,
)
def take_file(query: dict[str, Any]) -> Any:
    """Take a roster file: all of it or nothing

    A OneRoster 1.1 or 1.2 zip, bulk or delta, or the staff CSV file; which one is told by its content. Where a bulk
    file lacks more than 5 percent and more than 25 people of an audience, it is held: 202, `state` is `held`, and
    `approve_at` says where somebody approves it; then send the same file again with a new Idempotency-Key.
    """
    given_key()  # before a large file comes over the wire
    with received() as body:
        before = told_before(body.sha256, TAKES)
        if before is not None:
            return before
        holder = current_holder()
        with only_reading():  # checked before anything is locked
            keys = known_buildings(holder.district.id)
        with opened(body.path, keys) as file:
            district = db.get_one(District, holder.district.id)
            outcome = take(district, file, body.sha256, holder.actor, dry_run=query["dry_run"])
            facts = {"source": file.kind, "version": file.version, "bulk": file.bulk, "sha256": body.sha256}
            return _answer(outcome, facts)


@blueprint.get(f"/<int(max={LAST_NUMBER}):number>")
@blueprint.arguments(NOTHING, location="query", unknown=RAISE)
@blueprint.response(200, RosterSchema)
@blueprint.alt_response(404, "NotFound")
def roster(_query: dict[str, Any], number: int) -> dict[str, Any]:
    """What became of a file

    One that is held turns to `approved`, and to `done` when it came again; it is gone when another file of its kind
    was taken instead.
    """
    bind_contextvars(asked=f"import:{number}")
    return import_item(import_of(current_holder().district.id, number), _approve_at())


def _answer(outcome: Outcome, facts: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    row = outcome.done or outcome.held
    status = 200 if row is None else 201 if outcome.done else 202
    place = {} if row is None else {"Location": url_for("roster_files.roster", number=row.id)}
    return taken_item(outcome, facts, _approve_at()), status, place


def _approve_at() -> str:
    return current_settings().public_url + url_for("rosters.imports")
