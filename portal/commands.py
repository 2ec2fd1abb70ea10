"""flask portal: what the page for people held back says, and where networks find it."""

import click
from flask.cli import AppGroup

from access.redirects import page_for
from core.cli import answer, as_json
from core.current import current_settings
from core.database import transaction
from core.errors import Refused
from people.audit import COMMAND
from people.cli import require_building, require_district
from portal import setting_up
from portal.captive_views import address_of
from portal.hosts import hosts_of

portal_group = AppGroup(
    "portal", help="The page for people whose network access waits, and how devices find it."
)
district_option = click.option("--district", "slug", required=True, metavar="SLUG")


@portal_group.command("set")
@district_option
@click.option(
    "--start-url", metavar="URL", help="Where staff begin: the LMS address that launches course or agreement."
)
@click.option("--lms-url", metavar="URL", help="Where everybody else begins: the LMS.")
@click.option("--help-desk", "help_en", metavar="TEXT", help="Whom to ask, in English.")
@click.option("--help-desk-es", "help_es", metavar="TEXT", help="The same in Spanish.")
@as_json
def set_portal(slug: str, json: bool, **given: str | None) -> None:
    """Say what the page offers. What is not named stays; an empty text takes it back."""
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        raise Refused("say at least one of --start-url, --lms-url, --help-desk and --help-desk-es")
    with transaction():
        district = require_district(slug)
        made = setting_up.set_portal(district, changes, COMMAND, current_settings())
        facts = {name: getattr(made, name) for name in setting_up.FIELDS}
    answer(json, _words(slug, facts), page=page_for(current_settings().public_url, slug), **facts)


@portal_group.command("show")
@district_option
@as_json
def show(slug: str, json: bool) -> None:
    """Show the page's address and what it offers."""
    with transaction():
        said = setting_up.settings_of(require_district(slug))
        facts = {name: getattr(said, name) for name in setting_up.FIELDS}
    answer(json, _words(slug, facts), page=page_for(current_settings().public_url, slug), **facts)


@portal_group.command("site")
@district_option
@click.option("--building", "key", required=True, metavar="KEY", help="As the roster names it.")
@click.option("--withdraw", is_flag=True, help="Answer there no more.")
@as_json
def site(slug: str, key: str, withdraw: bool, json: bool) -> None:
    """Make the address for DHCP option 114 of a building's walled garden; one made before answers no more."""
    with transaction():
        building = require_building(require_district(slug), key)
        if withdraw:
            if not setting_up.withdraw_site(building, COMMAND):
                raise Refused(f"{key} has no address")
            answer(json, f"{key}: withdrawn", building=key, url=None)
            return
        url = address_of(current_settings().public_url, setting_up.give_site(building, COMMAND).token)
    answer(json, f"{key}: {url}", building=key, url=url)


@portal_group.command("hosts")
@district_option
@as_json
def hosts(slug: str, json: bool) -> None:
    """List the hosts a walled garden must let through, as far as they are known here."""
    with transaction():
        district = require_district(slug)
        found = hosts_of(district, setting_up.settings_of(district), current_settings().public_url)
    lines = [f"{host}  {why}" for host, why in found.items()]
    answer(
        json, "\n".join([*lines, "and those of your sign-in (IdP), which are not known here"]), hosts=found
    )


def _words(slug: str, facts: dict[str, str | None]) -> str:
    lines = [page_for(current_settings().public_url, slug)]
    return "\n".join([*lines, *(f"{name}: {value or 'not said'}" for name, value in facts.items())])
