"""flask revocation: withdraw somebody's access and give it back, at once on every channel."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from completion.dates import local_day, written_time
from completion.deadlines import day_after, first_instant
from completion.decision_models import Revocation
from completion.revocation_reviews import due_for_review, lapsed_since, uphold
from completion.revocations import (
    CONDITIONS,
    DECISION_ONLY,
    REASONS,
    REVIEW,
    in_force,
    reinstate,
    revocation,
    revoke,
)
from core.cli import answer, as_json
from core.clock import now
from core.database import only_reading, transaction
from people.audit import COMMAND
from people.cli import require_district, require_person

revocation_group = AppGroup("revocation", help="Access that was withdrawn from somebody.")
in_district = click.option("--district", "slug", required=True, metavar="SLUG")


@revocation_group.command("add")
@in_district
@click.option("--person", "name", required=True, help="sis:100001, email:... or username:...")
@click.option("--reason", required=True, type=click.Choice(REASONS), help="Stays with personnel.")
@click.option("--decided-by", "decider", help="Who decided, named as with --person.")
@click.option(
    "--emergency", is_flag=True, help="In force now; somebody decides within two days, or it lapses."
)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Its last day; without one it has no end.")
@as_json
def add(  # noqa: PLR0917  # click names them
    slug: str,
    name: str,
    reason: str,
    decider: str | None,
    emergency: bool,
    until: datetime | None,
    json: bool,
) -> None:
    """Withdraw somebody's access from now on."""
    with transaction():
        district = require_district(slug)
        revoked = revoke(
            require_person(district, name),
            reason_code=reason,
            actor=COMMAND,
            decided_by=require_person(district, decider, "--decided-by") if decider else None,
            ends_at=day_after(until.date(), district.timezone) if until else None,
            emergency=emergency,
        )
        what = _what_waits(revoked, district.timezone)
        answer(
            json, f"{revoked.public_id}: access of {name} is withdrawn; {what}", **_facts(revoked, district.timezone)
        )  # fmt: skip


@revocation_group.command("confirm")
@in_district
@click.argument("public_id", metavar="ID")
@click.option("--decided-by", "decider", required=True, help="Who decided, named as with `add --person`.")
@click.option(
    "--review", type=click.DateTime(["%Y-%m-%d"]), help="When to look at it again: by default in 90 days."
)
@as_json
def confirm(slug: str, public_id: str, decider: str, review: datetime | None, json: bool) -> None:
    """Somebody of personnel or the district looked at it, and it stands. An emergency lapses no more."""
    with transaction():
        district = require_district(slug)
        found = revocation(district.id, public_id)
        due_at = first_instant(review.date(), district.timezone) if review else now() + REVIEW
        uphold(found, require_person(district, decider, "--decided-by"), COMMAND, due_at)
        answer(
            json, f"{public_id} stands; {_what_waits(found, district.timezone)}", **_facts(found, district.timezone)
        )  # fmt: skip


@revocation_group.command("end")
@in_district
@click.argument("public_id", metavar="ID")
@click.option("--condition", type=click.Choice(CONDITIONS), default="none", show_default=True)
@as_json
def end(slug: str, public_id: str, condition: str, json: bool) -> None:
    """Give access back. With `new_evidence` they take the course or sign anew first."""
    with transaction():
        district = require_district(slug)
        reinstate(revocation(district.id, public_id), COMMAND, condition)
        answer(json, f"{public_id} has ended", id=public_id, condition=condition)


@revocation_group.command("list")
@in_district
@as_json
def list_them(slug: str, json: bool) -> None:
    """Those in force, and which wait for somebody; those that lapsed in the last 30 days, as nobody had decided."""
    with only_reading():
        district = require_district(slug)
        at, zone = now(), district.timezone
        waiting = {each.id for each in due_for_review(district.id, at)}
        found = [(each, each.id in waiting) for each in in_force(district.id, at)]
        gone = lapsed_since(district.id, at, at - DECISION_ONLY)
        lines = [
            f"{each.public_id}  since {_said(each.starts_at)}  {_what_waits(each, zone)}{'  DUE' if due else ''}"
            for each, due in found
        ]
        lines += [f"{each.public_id}  LAPSED on {written_time(each.review_due_at, zone)}" for each in gone]
        answer(
            json,
            "\n".join(lines) or "nobody's access is withdrawn",
            revocations=[{**_facts(each, zone), "review_is_due": due} for each, due in found],
            lapsed=[_facts(each, zone) for each in gone],
        )


def _what_waits(each: Revocation, zone: str) -> str:
    if each.undecided:
        return f"nobody has decided: it lapses on {written_time(each.review_due_at, zone)}"
    return f"look at it again by {local_day(each.review_due_at, zone)}"


def _facts(each: Revocation, zone: str) -> dict[str, object]:
    return {
        "id": each.public_id,
        "from": _said(each.starts_at),
        "until": _said(each.ends_at) if each.ends_at else None,
        "emergency": each.emergency,
        "review_by": local_day(each.review_due_at, zone).isoformat(),
        "lapses_at": _said(each.review_due_at) if each.undecided else None,
    }


def _said(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds")
