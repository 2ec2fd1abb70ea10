"""flask visitors: how long what a visitor signs holds in a district."""

import click
from flask.cli import AppGroup

from core.cli import answer, as_json
from core.database import transaction
from people.audit import COMMAND
from people.cli import require_district
from visitors.signing import days_of, set_days

visitors_group = AppGroup("visitors", help="Visitors and volunteers without an account.")
district_option = click.option("--district", "slug", required=True, metavar="SLUG")


@visitors_group.command("set")
@district_option
@click.option("--days", type=int, help="So many days; 1 is until the end of the day.")
@click.option("--school-year", is_flag=True, help="Until the school year ends, as for every guest.")
@as_json
def set_rule(slug: str, days: int | None, school_year: bool, json: bool) -> None:
    """Say how long a visitor's signature holds, from the next one on."""
    if (days is None) != school_year:
        raise click.UsageError("say either --days or --school-year")
    with transaction():
        set_days(require_district(slug), days, COMMAND)
    answer(json, _words(days), days=days)


@visitors_group.command("show")
@district_option
@as_json
def show(slug: str, json: bool) -> None:
    """Show how long a visitor's signature holds."""
    with transaction():
        days = days_of(require_district(slug).id)
    answer(json, _words(days), days=days)


def _words(days: int | None) -> str:
    if days is None:
        return "a visitor's signature holds until the school year ends"
    return (
        "a visitor's signature holds until the day ends"
        if days == 1
        else f"a visitor's signature holds {days} days"
    )
