"""flask platform: register an LMS by hand, see what it needs, approve where it was installed."""

from typing import Any

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from core.cli import answer, as_json
from core.current import current_settings
from core.database import db, transaction
from lti_tool.frame_origins import frame_origins
from lti_tool.models import Platform
from lti_tool.platform_arguments import NUMBER, complete, fits, installations
from lti_tool.presets import PRESETS
from lti_tool.registering import (
    OddAddress,
    add_platform,
    approve_deployment,
    deployments_of,
    let_speak_for_staff,
    platform_numbered,
    set_frame_origins,
)
from lti_tool.tool_addresses import our_addresses
from people.audit import COMMAND
from people.cli import require_district

platform_group = AppGroup("platform", help="Registered LMSs.")


@platform_group.command("add")
@click.option("--district", "slug", required=True, help="The district's slug.")
@click.option(
    "--preset",
    type=click.Choice(list(PRESETS)),
    help="A kind of LMS whose addresses we know; others overrule it.",
)
@click.option("--base-url", help="The LMS's own address, where the preset asks for it (Moodle, Brightspace).")
@click.option("--name", callback=fits(100), help="How people call this LMS.")
@click.option("--issuer", callback=fits(255), help="The platform's issuer (iss), to the letter.")
@click.option("--client-id", callback=fits(255))
@click.option("--auth-login-url", help="Authorization endpoint.")
@click.option("--auth-token-url", help="Access token endpoint.")
@click.option("--jwks-url", help="The platform's public keys.")
@click.option(
    "--deployment-id",
    "deployment_ids",
    multiple=True,
    callback=installations,
    help="An approved deployment; repeatable.",
)
@click.option("--token-audience", help="Where the assertion's audience is not the token URL (Brightspace).")
@click.option(
    "--trust-custom-ids", is_flag=True, help="Let custom claims sis_id and username identify people to IT."
)
@click.option(
    "--speaks-for-staff/--not-for-staff",
    "speaks",
    default=None,
    help="Whether it is believed about who is on the staff. Without either: the district's first LMS is, a further "
    "one is not.",
)
@as_json
def add(
    slug: str,
    deployment_ids: tuple[str, ...],
    trust_custom_ids: bool,
    speaks: bool | None,
    json: bool,
    **given: Any,
) -> None:
    """Register an LMS."""
    values = complete(given.pop("preset"), given.pop("base_url"), given)
    public_url = current_settings().public_url
    with transaction():
        platform = add_platform(
            require_district(slug),
            deployment_ids,
            COMMAND,
            speaks=speaks,
            custom_ids_trusted=trust_custom_ids,
            **values,
        )
        answer(
            json,
            f"platform {platform.id} added; {SPEAKS[platform.speaks_for_staff]}\n"
            f"now give the LMS these:\n{_pasteable(public_url)}",
            id=platform.id,
            speaks_for_staff=platform.speaks_for_staff,
            **our_addresses(public_url),
        )


SPEAKS = {
    True: "it speaks for the district's staff",
    False: "it does not speak for the district's staff: its pupils are recognised by the roster, everybody else is "
    "linked by an office",
}


def _pasteable(public_url: str) -> str:
    return "\n".join(f"  {name:16} {url}" for name, url in our_addresses(public_url).items())


@platform_group.command("list")
@as_json
def list_platforms(json: bool) -> None:
    """List the registered LMSs."""
    with transaction():
        rows = db.scalars(sa.select(Platform).order_by(Platform.id)).all()
        answer(
            json,
            "\n".join(f"{row.id}  {row.name}  {row.issuer}  {row.client_id}" for row in rows) or "none yet",
            platforms=[_facts(row) for row in rows],
        )


def _facts(row: Platform) -> dict[str, Any]:
    names = (
        "id",
        "name",
        "issuer",
        "client_id",
        "auth_login_url",
        "auth_token_url",
        "jwks_url",
        "token_audience",
        "speaks_for_staff",
        "granted_scopes",
        "granted_claims",
    )
    return {name: getattr(row, name) for name in names}


@platform_group.command("show")
@click.argument("number", type=NUMBER)
@as_json
def show(number: int, json: bool) -> None:
    """Show one LMS: what it needs from us, and its deployments."""
    public_url = current_settings().public_url
    with transaction():
        platform = platform_numbered(number)
        installed = deployments_of(platform)
        lines = [f"{name:16} {value}" for name, value in _facts(platform).items() if value is not None]
        lines += [f"{name:16} {words}" for name, words in platform.service_problems.items()]
        lines += ["give the LMS these:", _pasteable(public_url), "deployments:"]
        lines += [f"  {each.deployment_id}  {each.state}" for each in installed] or ["  none yet"]
        answer(
            json,
            "\n".join(lines),
            **_facts(platform),
            ours=our_addresses(public_url),
            service_problems=platform.service_problems,
            deployments=[{"deployment_id": each.deployment_id, "state": each.state} for each in installed],
        )


@platform_group.command("speaks-for-staff")
@click.argument("number", type=NUMBER)
@click.argument("choice", type=click.Choice(["yes", "no"]))
@as_json
def speaking(number: int, choice: str, json: bool) -> None:
    """Say whether an LMS is believed about who is on the staff. Only one whose accounts the district makes should be:
    whoever runs an LMS can say of any account that it is the superintendent's."""
    with transaction():
        platform = platform_numbered(number)
        let_speak_for_staff(platform, choice == "yes", COMMAND)
        answer(
            json,
            f"{platform.name}: {SPEAKS[platform.speaks_for_staff]}; it works within five seconds",
            platform=number,
            speaks_for_staff=platform.speaks_for_staff,
        )


@platform_group.command("approve-deployment")
@click.argument("number", type=NUMBER)
@click.argument("deployment_id", callback=installations)
@as_json
def approve(number: int, deployment_id: str, json: bool) -> None:
    """Let people in from a deployment that knocked and waits as pending."""
    with transaction():
        approved = approve_deployment(platform_numbered(number), deployment_id)
        answer(
            json,
            f"deployment {approved.deployment_id} approved; it works within five seconds",
            platform=number,
            deployment_id=approved.deployment_id,
            state=approved.state,
        )


@platform_group.command("frame-origins")
@click.argument("number", type=NUMBER)
@click.argument("origins", nargs=-1)
@as_json
def frames(number: int, origins: tuple[str, ...], json: bool) -> None:
    """Say at which further sites people see this LMS; those may show our pages in a frame. None: the usual ones."""
    with transaction():
        platform = platform_numbered(number)
        try:
            set_frame_origins(platform, origins, current_settings())
        except OddAddress as odd:
            raise click.BadParameter(odd.message, param_hint="ORIGINS") from odd
        allowed = frame_origins(platform.issuer, platform.auth_login_url, extra=platform.frame_origins)
        answer(
            json, "may frame our pages: " + " ".join(allowed), platform=number, frame_origins=list(allowed)
        )
