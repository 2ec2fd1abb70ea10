"""flask platform invite, flask platform sheet: set an LMS up without copying addresses, or with a list to copy."""

import click
from flask.cli import AppGroup, with_appcontext

from core.cli import answer, as_json
from core.current import current_settings
from core.database import transaction
from lti_tool.invites import invite_address, invite_district
from lti_tool.presets import PRESETS, preset_named
from lti_tool.registering import speaks_for_staff
from lti_tool.sheets import sheet_for
from people.cli import require_district


def add_invite_commands(platform_group: AppGroup) -> None:
    platform_group.add_command(invite)
    platform_group.add_command(sheet)


@click.command("invite")
@click.option("--district", "slug", required=True, help="The district's slug.")
@click.option(
    "--speaks-for-staff/--not-for-staff",
    "speaks",
    default=None,
    help="Whether the LMS that uses it is believed about who is on the staff. Without either: the district's first "
    "LMS is, a further one is not.",
)
@as_json
@with_appcontext
def invite(slug: str, speaks: bool | None, json: bool) -> None:
    """Print an address with which an LMS registers itself, once (Dynamic Registration)."""
    with transaction():
        district = require_district(slug)
        made, secret = invite_district(district, speaks)
        will = speaks_for_staff(district, made.speaks_for_staff)
        url = invite_address(current_settings().public_url, secret)
        answer(
            json,
            f"{url}\ngive this to the LMS as the tool's registration URL; it works once, until "
            f"{made.expires_at:%Y-%m-%d %H:%M} UTC, and is not shown again\n"
            f"the LMS that uses it {'speaks' if will else 'does not speak'} for the district's staff",
            url=url,
            district=slug,
            speaks_for_staff=will,
            expires_at=made.expires_at.isoformat(),
        )


@click.command("sheet")
@click.argument("preset", type=click.Choice(list(PRESETS)))
@as_json
@with_appcontext
def sheet(preset: str, json: bool) -> None:
    """Print what to paste into the form of one kind of LMS."""
    chosen = preset_named(preset)
    said = sheet_for(chosen, current_settings().public_url)
    width = max(len(label) for label, _ in said.fields)
    lines = [said.where, *(f"  {label:{width}}  {value}" for label, value in said.fields), said.then]
    base = " --base-url https://..." if chosen.needs_base_url else ""
    lines.append(f"Then: flask platform add --district ... --preset {preset}{base} --client-id ...")
    answer(
        json,
        "\n".join(lines),
        preset=preset,
        where=said.where,
        fields=[{"label": label, "value": value} for label, value in said.fields],
        then=said.then,
    )
