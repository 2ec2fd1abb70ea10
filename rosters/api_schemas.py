"""The shapes of roster imports, as IT's programs see them."""

from typing import Any

from marshmallow import Schema, fields, validate

from core.clock import now
from core.interface import Instant, described
from rosters.bounds import MOST_SHOWN, RosterRefused
from rosters.entries import KEY_SCHEME
from rosters.holding import Outcome
from rosters.models import RosterImport
from rosters.reporting import QUARANTINED

STATES = ("done", "held", "approved", "expired", "dry_run")


class TakeQuerySchema(Schema):
    dry_run = fields.Bool(
        load_default=False,
        truthy={"true"},
        falsy={"false"},
        **described("`true`: say what would change, and change nothing."),
    )


class CountsSchema(Schema):
    rows = fields.Int(**described("People the file names.", example=2500))
    added = fields.Int(**described("People who are new.", example=12))
    renamed = fields.Int(**described("People with a new number, address or user name.", example=3))
    opened = fields.Int(**described("Places at a building that begin.", example=14))
    closed = fields.Int(**described("Places that end.", example=9))
    corrected = fields.Int(**described("Places whose beginning or end is another.", example=0))
    outdated = fields.Int(**described("Rows of a delta that a later one has overtaken.", example=0))
    buildings = fields.Int(**described("Buildings that are new or have a new name.", example=0))
    quarantined = fields.Int(**described("Rows that could be two people; nothing was guessed.", example=1))
    left = fields.Dict(
        keys=fields.Str(),
        values=fields.Int(),
        **described("People who have no place of this source any more, by audience.", example={"staff": 3}),
    )
    before = fields.Dict(
        keys=fields.Str(),
        values=fields.Int(),
        **described("People who had one, by audience.", example={"pupil": 2250, "staff": 250}),
    )


class RosterSchema(Schema):
    """One file that was taken, held, or looked at. The file itself is not kept."""

    id = fields.Int(
        allow_none=True, **described("Null after a dry run, which leaves nothing behind.", example=12)
    )
    state = fields.Str(
        validate=validate.OneOf(STATES),
        **described(
            "`done`: everything is in. `held`: nothing was changed; many people would leave, and somebody has to "
            "approve it. `approved`: they have; send the same file again, under a new Idempotency-Key. `expired`: "
            "nobody did in time."
        ),
    )
    source = fields.Str(validate=validate.OneOf(tuple(KEY_SCHEME)), **described("Kind of file."))
    version = fields.Str(**described("Of the kind.", example="1.2"))
    bulk = fields.Bool(**described("Whether whoever is not in it has left."))
    sha256 = fields.Str(**described("Of the file, in hexadecimal."))
    counts = fields.Nested(CountsSchema, **described("What it did, or would do."))
    approve_at = fields.Str(
        allow_none=True,
        **described(
            "Of one that is held: where the personnel office or the district approves it.",
            example="https://dc.evergreen.example/completion/rosters",
        ),
    )
    expires_at = Instant(allow_none=True, **described("Of one that is held or approved."))
    created_at = Instant(allow_none=True)


class QuarantinedSchema(Schema):
    file = fields.Str(**described("File of the zip; `staff.csv` for a staff file.", example="users.csv"))
    line = fields.Int(**described("1 is the head.", example=17))
    reason = fields.Str(validate=validate.OneOf(tuple(QUARANTINED)))
    detail = fields.Str(**described("The same for people."))


class TakenSchema(RosterSchema):
    quarantine = fields.List(
        fields.Nested(QuarantinedSchema), **described(f"The first {MOST_SHOWN} rows that are in quarantine.")
    )
    would_be_held = fields.Bool(**described("Of a dry run: whether it would wait for approval."))


def import_item(row: RosterImport, approve_at: str) -> dict[str, Any]:
    """What RosterSchema dumps."""
    late = row.expires_at is not None and row.expires_at <= now()
    state = "expired" if late else row.state
    return {
        **{name: getattr(row, name) for name in ("id", "source", "version", "bulk", "sha256", "counts")},
        "state": state,
        "approve_at": approve_at if state == "held" else None,
        "expires_at": row.expires_at,
        "created_at": row.created_at,
    }


def taken_item(outcome: Outcome, file: dict[str, Any], approve_at: str) -> dict[str, Any]:
    """What TakenSchema dumps. `file`: source, version, bulk and sha256 of one that left no row behind."""
    row = outcome.done or outcome.held
    if row is not None:
        said = import_item(row, approve_at)
    else:
        counts = outcome.report.counts()
        empty = dict.fromkeys(("id", "approve_at", "expires_at", "created_at"))
        said = {**empty, **file, "state": "dry_run", "counts": counts}
    rows = [
        {
            "file": each.entry.file,
            "line": each.entry.line,
            "reason": each.quarantine,
            "detail": QUARANTINED[str(each.quarantine)],
        }
        for each in outcome.report.quarantined[:MOST_SHOWN]
    ]
    return {**said, "quarantine": rows, "would_be_held": outcome.would_be_held or outcome.held is not None}


def errors_of(refused: RosterRefused) -> list[dict[str, Any]]:
    return [{"file": each.file, "line": each.line, "detail": each.words} for each in refused.errors.shown]
