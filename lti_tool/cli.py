"""flask platform, flask keys: register an LMS, approve where it was installed, rotate our key."""

from collections.abc import Callable
from typing import Any

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import AppGroup

from core.cli import answer, as_json
from core.database import db, transaction
from core.settings import Settings
from lti_tool.claim_values import IDENTIFIER
from lti_tool.frame_origins import frame_origins
from lti_tool.keys import rotate
from lti_tool.models import Platform
from lti_tool.registering import (
    OddAddress,
    add_platform,
    approve_deployment,
    check_address,
    deployments_of,
    platform_numbered,
    set_frame_origins,
)
from people.cli import require_district

platform_group = AppGroup("platform", help="Registered LMSs.")
keys_group = AppGroup("keys", help="Our signing keys.")


ADDRESSES = ("issuer", "auth_login_url", "auth_token_url", "jwks_url")


def _fits(longest: int) -> Callable[[click.Context, click.Parameter, str], str]:
    def check(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
        if not 1 <= len(value) <= longest or not value.isprintable():
            raise click.BadParameter(f"expected 1 to {longest} characters")
        return value

    return check


def _installations(_context: click.Context, _parameter: click.Parameter, value: Any) -> Any:
    for each in (value,) if isinstance(value, str) else value:
        if not IDENTIFIER.fullmatch(each):
            raise click.BadParameter("expected 1 to 255 ASCII characters, as the LMS shows it")
    return value


def _check_addresses(given: dict[str, str], settings: Settings) -> None:
    for name in ADDRESSES:
        try:
            check_address(given[name], settings)
        except OddAddress as odd:
            raise click.BadParameter(odd.message, param_hint=f"--{name.replace('_', '-')}") from odd


NUMBER = click.IntRange(1, 2**31)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def our_addresses(public_url: str) -> dict[str, str]:
    """What the LMS's administrator pastes into its form."""
    return {
        "login_url": f"{public_url}/lti/login",
        "redirect_uri": f"{public_url}/lti/launch",
        "jwks_url": f"{public_url}/lti/jwks",
        "target_link_uri": f"{public_url}/lessons/g4",
    }


@platform_group.command("add")
@click.option("--district", "slug", required=True, help="The district's slug.")
@click.option("--name", required=True, callback=_fits(100), help="How people call this LMS.")
@click.option(
    "--issuer", required=True, callback=_fits(255), help="The platform's issuer (iss), to the letter."
)
@click.option("--client-id", required=True, callback=_fits(255))
@click.option("--auth-login-url", required=True, help="Authorization endpoint.")
@click.option("--auth-token-url", required=True, help="Access token endpoint.")
@click.option("--jwks-url", required=True, help="The platform's public keys.")
@click.option(
    "--deployment-id",
    "deployment_ids",
    multiple=True,
    callback=_installations,
    help="An approved deployment; repeatable.",
)
@click.option("--token-audience", help="Where the assertion's audience is not the token URL (Brightspace).")
@click.option(
    "--trust-custom-ids", is_flag=True, help="Let custom claims sis_id and username identify people to IT."
)
@as_json
def add(slug: str, deployment_ids: tuple[str, ...], trust_custom_ids: bool, json: bool, **given: Any) -> None:
    """Register an LMS."""
    settings = _settings()
    _check_addresses(given, settings)
    with transaction():
        platform = add_platform(
            require_district(slug), deployment_ids, custom_ids_trusted=trust_custom_ids, **given
        )
        answer(
            json,
            f"platform {platform.id} added; now give the LMS these:\n" + _pasteable(settings),
            id=platform.id,
            **our_addresses(settings.public_url),
        )


def _pasteable(settings: Settings) -> str:
    return "\n".join(f"  {name:16} {url}" for name, url in our_addresses(settings.public_url).items())


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
    )
    return {name: getattr(row, name) for name in names}


@platform_group.command("show")
@click.argument("number", type=NUMBER)
@as_json
def show(number: int, json: bool) -> None:
    """Show one LMS: what it needs from us, and its deployments."""
    settings = _settings()
    with transaction():
        platform = platform_numbered(number)
        installed = deployments_of(platform)
        lines = [f"{name:16} {value}" for name, value in _facts(platform).items() if value is not None]
        lines += ["give the LMS these:", _pasteable(settings), "deployments:"]
        lines += [f"  {each.deployment_id}  {each.state}" for each in installed] or ["  none yet"]
        answer(
            json,
            "\n".join(lines),
            **_facts(platform),
            ours=our_addresses(settings.public_url),
            deployments=[{"deployment_id": each.deployment_id, "state": each.state} for each in installed],
        )


@platform_group.command("approve-deployment")
@click.argument("number", type=NUMBER)
@click.argument("deployment_id", callback=_installations)
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
            set_frame_origins(platform, origins, _settings())
        except OddAddress as odd:
            raise click.BadParameter(odd.message, param_hint="ORIGINS") from odd
        allowed = frame_origins(platform.issuer, platform.auth_login_url, extra=platform.frame_origins)
        answer(
            json, "may frame our pages: " + " ".join(allowed), platform=number, frame_origins=list(allowed)
        )


@keys_group.command("rotate")
@as_json
def rotate_keys(json: bool) -> None:
    """Publish the next signing key now; it signs after the published overlap."""
    with transaction():
        key = rotate()
        answer(
            json,
            f"key {key.kid} is published and signs from {key.signs_from:%Y-%m-%d %H:%M} UTC",
            kid=key.kid,
            signs_from=key.signs_from.isoformat(),
        )
