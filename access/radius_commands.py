"""flask radius: what each role means on the district's network."""

from typing import Any

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from access.radius_models import RadiusPolicy
from access.radius_roles import DENIED, LATEST, ROLES, SECONDS, SOONEST, Role, checked, lacking
from access.redirects import KINDS, fits, page_for
from core.cli import answer, as_json
from core.current import current_settings
from core.database import db, transaction
from core.errors import Refused
from people.audit import COMMAND, record
from people.cli import require_district
from people.models import District

radius_group = AppGroup("radius", help="What RADIUS servers are told about each role.")
district_option = click.option("--district", "slug", required=True, metavar="SLUG")
role_option = click.option("--role", "name", required=True, type=click.Choice(ROLES))


@radius_group.command("set")
@district_option
@role_option
@click.option("--vlan", metavar="VLAN", help="Number or name (Tunnel-Private-Group-Id).")
@click.option(
    "--filter-id", metavar="NAME", help="Name of a role or access list on your switches (Filter-Id)."
)
@click.option(
    "--seconds",
    type=click.IntRange(SOONEST, LATEST),
    help="At most until the device is asked for again; 28800 for staff, pupil and guest, else 600.",
)
@click.option("--message", metavar="TEXT", help="Reply-Message; few devices show it.")
@click.option(
    "--redirect",
    type=click.Choice(KINDS),
    help="Send a browser to our page that says what is missing, by this vendor's attribute; off unless said.",
)
@click.option(
    "--redirect-acl", metavar="NAME", help="With cisco: the access list on the switch (url-redirect-acl)."
)
@as_json
def set_role(
    *,
    slug: str,
    name: str,
    vlan: str | None,
    filter_id: str | None,
    seconds: int | None,
    message: str | None,
    redirect: str | None,
    redirect_acl: str | None,
    json: bool,
) -> None:
    """Say what a role means. What was said of this role before is replaced whole."""
    with transaction():
        district = require_district(slug)
        said = Role(
            vlan,
            filter_id,
            seconds or SECONDS.get(name, SOONEST),
            message or None,
            redirect,
            redirect_acl or None,
        )
        role = checked(name, said)
        if redirect and not fits(redirect, page_for(current_settings().public_url, slug)):
            raise Refused("the address of our page is too long for an attribute of RADIUS; see PUBLIC_URL")
        policy = _policy(district)
        if policy is None:
            policy = RadiusPolicy(district_id=district.id, roles={})
            db.add(policy)
        policy.roles = {**policy.roles, name: role.row()}
        record(district.id, COMMAND, "radius_role_set", f"radius:{name}", **role.row())
        missing = lacking(policy.roles)
    words = f"{name}: {_words(name, role.row())}"
    if missing:
        words += f"\nno answers yet: set {' and '.join(missing)} too"
    answer(json, words, role=name, **role.row(), still_missing=missing)


@radius_group.command("remove")
@district_option
@role_option
@as_json
def remove_role(slug: str, name: str, json: bool) -> None:
    """Forget a role; whoever is allowed and has no role is treated as unknown."""
    with transaction():
        district = require_district(slug)
        policy = _policy(district)
        if policy is None or name not in policy.roles:
            raise Refused(f"{slug} has no role {name}")
        policy.roles = {each: role for each, role in policy.roles.items() if each != name}
        record(district.id, COMMAND, "radius_role_removed", f"radius:{name}")
        missing = lacking(policy.roles)
    answer(json, f"{name}: removed", role=name, still_missing=missing)


@radius_group.command("show")
@district_option
@as_json
def show(slug: str, json: bool) -> None:
    """Show what each role means."""
    with transaction():
        policy = _policy(require_district(slug))
        roles: dict[str, Any] = policy.roles if policy else {}
    lines = [f"{name:8} {_words(name, roles.get(name))}" for name in ROLES]
    missing = lacking(roles)
    if missing:
        lines.append(f"no answers yet: set {' and '.join(missing)}")
    answer(json, "\n".join(lines), roles=roles, still_missing=missing)


def _policy(district: District) -> RadiusPolicy | None:
    return db.scalars(sa.select(RadiusPolicy).filter_by(district_id=district.id)).one_or_none()


def _words(name: str, role: dict[str, Any] | None) -> str:
    said = [f'"{role["message"]}"'] if role and role["message"] else []
    if role and role.get("redirect"):
        acl = role.get("redirect_acl")
        said.append(f"redirect {role['redirect']}" + (f" (access list {acl})" if acl else ""))
    if name == DENIED:
        return ", ".join(["rejected", *said])
    if role is None:
        return "not set; treated as unknown"
    where = [f"VLAN {role['vlan']}"] if role["vlan"] else []
    where += [f"Filter-Id {role['filter_id']}"] if role["filter_id"] else []
    return ", ".join([*where, f"{role['seconds']} seconds", *said])
