"""flask rules: what a district chooses about the annual requirement, for an audience and for a building."""

from dataclasses import asdict
from typing import Any

import click
from flask.cli import AppGroup

from completion.rule_changes import change_rules, move_year_start
from completion.rules import (
    AUDIENCES,
    BOUNDS,
    COUNTINGS,
    NARROWED,
    RULES_OF,
    WAYS,
    Parts,
    Rules,
    may_say,
    read_quiet,
    read_year_start,
    said_by,
)
from core.cli import answer, as_json
from core.database import only_reading, transaction
from people.audit import COMMAND
from people.cli import require_building, require_district
from people.models import District
from people.roster_models import Building

rules_group = AppGroup("rules", help="What a district chooses about the annual requirement.")
in_district = click.option("--district", "slug", required=True, metavar="SLUG")
for_audience = click.option("--audience", type=click.Choice(AUDIENCES), default="staff", show_default=True)
at_building = click.option(
    "--building", "key", metavar="KEY", help="For one building; without it, the district."
)

YEAR = "year"
"""What is written for days that end with the school year."""


class DaysOrYear(click.IntRange):
    """A number of days, or `year`: until it ends."""

    name = "days or year"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return YEAR if value == YEAR else super().convert(value, param, ctx)


def _year_start(
    _context: click.Context, _param: click.Parameter, value: str | None
) -> tuple[int, int] | None:
    try:
        return None if value is None else read_year_start(value)
    except ValueError as wrong:
        raise click.BadParameter(str(wrong)) from None


def _quiet(_context: click.Context, _param: click.Parameter, value: str | None) -> Parts | None:
    try:
        return None if value is None else read_quiet(value)
    except ValueError as wrong:
        raise click.BadParameter(str(wrong)) from None


@rules_group.command("show")
@in_district
@for_audience
@at_building
@as_json
def show(slug: str, audience: str, key: str | None, json: bool) -> None:
    """Say the rules, chosen and default."""
    with only_reading():
        district = require_district(slug)
        building = require_building(district, key) if key else None
        said = said_by(district.id, audience)
        _answer(json, district, audience, building, said.at([building.id] if building else []))


@rules_group.command("set")
@in_district
@for_audience
@at_building
@click.option("--year-start", callback=_year_start, metavar="MM-DD", help="When the school year begins.")
@click.option(
    "--renewal-days",
    type=click.IntRange(*BOUNDS["renewal_days"]),
    help="How long before it ends a pass may be renewed for the next year.",
)
@click.option(
    "--minimum-active-days",
    type=click.IntRange(*BOUNDS["minimum_active_days"]),
    help="What is earned later than this before the year ends holds for the next year too.",
)
@click.option(
    "--due-days",
    type=DaysOrYear(*BOUNDS["due_days"]),
    help="Days to finish, from the start of the year; year: until it ends.",
)
@click.option(
    "--grace-days", type=click.IntRange(*BOUNDS["grace_days"]), help="Days after that before access may end."
)
@click.option(
    "--new-hire-days",
    type=click.IntRange(*BOUNDS["new_hire_days"]),
    help="Days to finish for who joins later; 0 is the end of that day.",
)
@click.option("--new-hire-counting", type=click.Choice(COUNTINGS))
@click.option(
    "--extension-days",
    type=click.IntRange(*BOUNDS["extension_days"]),
    help="More time that may be given at most, within the school year; 0: none.",
)
@click.option("--ways", type=click.Choice(WAYS), help="What meets it.")
@click.option(
    "--quiet",
    callback=_quiet,
    metavar="DAYS",
    help="Days without reminders: sat,sun,2026-12-21..2027-01-01. They are no working days.",
)
@click.option(
    "--district-decides",
    "taken_back",
    multiple=True,
    type=click.Choice([each.replace("_", "-") for each in NARROWED]),
    help="A rule that this building takes back.",
)
@click.option("--present-too", is_flag=True, help="Count the dates of the present year anew as well.")
@as_json
def set_rules(
    *,
    slug: str,
    audience: str,
    key: str | None,
    year_start: tuple[int, int] | None,
    taken_back: tuple[str, ...],
    present_too: bool,
    json: bool,
    **chosen: Any,
) -> None:
    """Change some of the rules; the others stay."""
    changes = {name: None if value == YEAR else value for name, value in chosen.items() if value is not None}
    if not changes and year_start is None and not present_too and not taken_back:
        raise click.UsageError("say what to change; flask rules set --help lists it")
    _refuse_what_means_nothing(audience, key, {*changes, *(["year_start"] if year_start else [])}, taken_back)
    with transaction():
        district = require_district(slug)
        building = require_building(district, key) if key else None
        if year_start:
            move_year_start(district, *year_start, COMMAND)
        rules = change_rules(
            district,
            audience,
            changes,
            COMMAND,
            building=building,
            district_decides=[each.replace("-", "_") for each in taken_back],
            present_too=present_too,
        )
        _answer(json, district, audience, building, rules)


def _refuse_what_means_nothing(
    audience: str, key: str | None, names: set[str], taken_back: tuple[str, ...]
) -> None:
    for name in sorted(names):
        option = "--" + name.replace("_", "-")
        if name != "year_start" and name not in may_say(audience):
            raise click.UsageError(f"{option} means nothing for the audience {audience}")
        if key and name not in may_say(audience, building=True):
            raise click.UsageError(f"{option} is the whole district's; leave out --building")
    if taken_back and not key:
        raise click.UsageError("--district-decides is for a --building")


def _answer(json: bool, district: District, audience: str, building: Building | None, rules: Rules) -> None:
    known = {name: value for name, value in asdict(rules).items() if name in RULES_OF[audience]}
    facts = {
        "year_start": f"{district.year_starts_month:02d}-{district.year_starts_day:02d}",
        **known,
        "due_days": YEAR if rules.due_days is None else rules.due_days,
        **({"quiet": ",".join(rules.quiet)} if "quiet" in known else {}),
    }
    words = "\n".join(f"{name:<20} {value}" for name, value in facts.items())
    where = {"building": building.key} if building else {}
    answer(json, words, district=district.slug, audience=audience, **where, **facts)
