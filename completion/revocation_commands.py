"""flask revocation: withdraw somebody's access and give it back, at once on every channel."""

from datetime import UTC, date, datetime

import click
from flask.cli import AppGroup

from completion.dates import local_day
from completion.deadlines import day_after
from completion.decision_models import Revocation
from completion.revocations import (
    CONDITIONS,
    REASONS,
    due_for_review,
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
@click.option("--emergency", is_flag=True, help="In force now; somebody decides within two days.")
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
        review = local_day(revoked.review_due_at, district.timezone)
        answer(
            json, f"{revoked.public_id}: access of {name} is withdrawn; look at it again by {review}",
            **_facts(revoked, review),
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
    """Those in force, and which wait for somebody to look at them again."""
    with only_reading():
        district = require_district(slug)
        at = now()
        waiting = {each.id for each in due_for_review(district.id, at)}
        found = [
            {**_facts(each, local_day(each.review_due_at, district.timezone)), "review_is_due": each.id in waiting}
            for each in in_force(district.id, at)
        ]  # fmt: skip
    lines = [
        f"{each['id']}  since {each['from']}  look at it again by {each['review_by']}"
        f"{'  DUE' if each['review_is_due'] else ''}"
        for each in found
    ]
    answer(json, "\n".join(lines) or "nobody's access is withdrawn", revocations=found)


def _facts(each: Revocation, review: date) -> dict[str, object]:
    return {
        "id": each.public_id,
        "from": _said(each.starts_at),
        "until": _said(each.ends_at) if each.ends_at else None,
        "emergency": each.emergency,
        "review_by": review.isoformat(),
    }


def _said(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds")
