"""flask enforcement: go live in stages, and look ahead before you do."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import click
from flask.cli import AppGroup

from access import forecast as forecasting
from access import stages
from access.enforcement import STAGES
from access.mapping import change_mapping
from access.policy import STRICTEST_FIRST
from completion.dates import local_day
from completion.states import STATES
from core.cli import answer, as_json
from core.clock import now
from core.database import only_reading, transaction
from people.audit import COMMAND
from people.cli import require_building, require_district
from people.models import District

enforcement_group = AppGroup("enforcement", help="How much of the policy is in force, for whom, from when.")
in_district = click.option("--district", "slug", required=True, metavar="SLUG")


@enforcement_group.command("show")
@in_district
@as_json
def show(slug: str, json: bool) -> None:
    """Say which stage is in force, and what is planned."""
    with only_reading():
        district, at = require_district(slug), now()
        plan = stages.plan_of(district, at)
        in_force = {audience: stages.stage_of(district, audience, at) for audience in stages.AUDIENCES}
        lines = [f"{audience}: {stage} is in force" for audience, stage in in_force.items()]
        lines += [_line(each, district) for each in plan if each.building or not each.in_force]
        steps = [
            {
                "audience": each.audience,
                "building": each.building,
                "stage": each.stage,
                "from": each.enforce_from.isoformat(),
                "in_force": each.in_force,
            }
            for each in plan
        ]
        answer(json, "\n".join(lines), in_force=in_force, steps=steps)


@enforcement_group.command("set")
@in_district
@click.option("--audience", required=True, type=click.Choice(stages.AUDIENCES))
@click.option("--stage", required=True, type=click.Choice(STAGES))
@click.option("--building", "key", help="One building's key; without it, the whole district.")
@click.option(
    "--from",
    "begins",
    metavar="DAY",
    help="2026-10-01: from the start of that day there; or an instant with its offset. Without it, now.",
)
@as_json
def set_stage(
    *, slug: str, audience: str, stage: str, key: str | None, begins: str | None, json: bool
) -> None:
    """Put a stage in force, now or from a day on."""
    with transaction():
        district = require_district(slug)
        building = require_building(district, key) if key else None
        begins_at = stages.set_stage(
            district, audience, stage, COMMAND, enforce_from=_instant(begins, district), building=building
        )
        present = stages.stage_of(district, audience, now())
        where = f"{audience} of {building.key}" if building else audience
        until = "" if begins_at <= now() or building else f"; now {present}"
        answer(
            json,
            f"{where}: {stage} from {_written(begins_at, district)}{until}. Standings follow within minutes.",
            audience=audience,
            building=key,
            stage=stage,
            **{"from": begins_at.isoformat()},
        )


@enforcement_group.command("map")
@in_district
@click.option("--audience", required=True, type=click.Choice(stages.AUDIENCES))
@click.option("--building", "key", help="One building's key; without it, the whole district.")
@click.argument("words", nargs=-1, required=True, metavar="STATE[.REASON]=ACCESS...")
@as_json
def map_states(slug: str, audience: str, key: str | None, words: tuple[str, ...], json: bool) -> None:
    """Say what states mean for the network: expired=deny assigned.newcomer=allow; default takes a word back."""
    changes = dict(_word(each) for each in words)
    with transaction():
        district = require_district(slug)
        mapping = change_mapping(
            district, audience, changes, COMMAND, building=require_building(district, key) if key else None
        )
        said = ", ".join(f"{state}={access}" for state, access in mapping.items())
        answer(json, said or "all as by default", audience=audience, building=key, mapping=mapping)


@enforcement_group.command("forecast")
@in_district
@click.option("--days", type=click.IntRange(1, 366), default=forecasting.DAYS, show_default=True)
@as_json
def show_forecast(slug: str, days: int, json: bool) -> None:
    """Say what would change if enforcement began now, and who loses access on which day."""
    with only_reading():
        district, at = require_district(slug), now()
        found = forecasting.forecast(district, at, days)
        lines = [f"{found.would_lose} of {found.people} people would lose access if enforcement began now"]
        lines += [
            f"  {each.building or 'no building'}: {len(each.people)} {each.access}"
            for each in found.if_begun_now
        ]
        lines += [
            f"{each.day:%a} {each.day}: {len(each.enforced)} lose access, "
            f"{len(each.observed)} would if all were in force"
            for each in found.losses
        ]
        answer(
            json,
            "\n".join(lines),
            people=found.people,
            would_lose=found.would_lose,
            if_begun_now=[
                {"building": each.building or None, "access": each.access, "people": each.people}
                for each in found.if_begun_now
            ],
            losses=[
                {"day": str(each.day), "enforced": each.enforced, "observed": each.observed}
                for each in found.losses
            ],
        )


def _word(text: str) -> tuple[str, str | None]:
    """(state or state.reason, access); None for access takes back what the district said."""
    state, _, access = text.partition("=")
    if state.partition(".")[0] not in STATES:
        raise click.BadParameter(f"{text}: a state is one of {', '.join(STATES)}", param_hint="STATE=ACCESS")
    # Whoever was revoked and is let in all the same was not revoked.
    allowed = ("limited", "deny", "default") if state.startswith("revoked") else (*STRICTEST_FIRST, "default")
    if access not in allowed:
        raise click.BadParameter(
            f"{text}: {state} may be {', '.join(sorted(allowed))}", param_hint="STATE=ACCESS"
        )
    return state, None if access == "default" else access


def _line(step: stages.Planned, district: District) -> str:
    where = f"{step.audience} of {step.building}" if step.building else step.audience
    return f"{where}: {step.stage} from {_written(step.enforce_from, district)}"


def _written(instant: datetime, district: District) -> str:
    return f"{instant.astimezone(ZoneInfo(district.timezone)):%Y-%m-%d %H:%M %Z}"


def _instant(text: str | None, district: District) -> datetime | None:
    """A day means its first instant there. Today means now; a day that is over is refused."""
    if text is None:
        return None
    zone = ZoneInfo(district.timezone)
    try:
        day = date.fromisoformat(text)
        instant = datetime(day.year, day.month, day.day, tzinfo=zone)
    except ValueError:
        instant = _with_offset(text)
        day = local_day(instant, district.timezone)
    if day < local_day(now(), district.timezone):
        raise click.BadParameter(f"{text} is past; leave it out for now", param_hint="--from")
    return instant


def _with_offset(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise click.BadParameter(
            "write a day as 2026-10-01, or an instant with its offset as 2026-10-01T06:00-07:00",
            param_hint="--from",
        )
    return instant
