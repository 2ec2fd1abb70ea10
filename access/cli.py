"""flask client: programs of a district's IT that may ask us things."""

import json as json_module
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from access.description import openapi
from core.cli import answer, as_json
from core.database import transaction
from people import api_clients
from people.cli import require_district
from people.client_keys import read_public_keys

client_group = AppGroup("client", help="API clients of a district's IT.")
district_option = click.option("--district", "slug", required=True, metavar="SLUG")
jwk_option = click.option(
    "--jwk",
    "key_file",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Its public key or keys (JWK or JWK set): it signs, and has no secret.",
)
ONCE = "Keep the secret: it is not shown again."


@client_group.command("add")
@district_option
@click.option("--name", required=True, help="As IT will recognize it in lists.")
@click.option(
    "--scope", "scopes", multiple=True, required=True, help=f"Repeatable: {', '.join(api_clients.SCOPES)}."
)
@jwk_option
@click.option("--per-minute", default=600, show_default=True, help="Calls it may make in a minute.")
@as_json
def add(  # noqa: PLR0917  # click names them
    slug: str, name: str, scopes: tuple[str, ...], key_file: Path | None, per_minute: int, json: bool
) -> None:
    """Let a program in. Its secret is printed this once."""
    with transaction():
        client, secret = api_clients.issue(
            require_district(slug), name, scopes, jwks=_keys(key_file), per_minute=per_minute
        )
        facts = {"client_id": client.client_id, "scopes": client.scopes.split()}
    _say(json, facts, secret)


@client_group.command("list")
@district_option
@as_json
def list_clients(slug: str, json: bool) -> None:
    """List a district's clients."""
    with transaction():
        clients = api_clients.clients_of(require_district(slug))
    lines = [
        f"{each.client_id}  {each.name}  {'revoked' if each.revoked_at else each.scopes}" for each in clients
    ]
    answer(json, "\n".join(lines) or "no client yet", clients=[api_clients.facts(each) for each in clients])


@client_group.command("revoke")
@click.argument("client_id")
@as_json
def revoke(client_id: str, json: bool) -> None:
    """Let a program in no more; its tokens end at once."""
    with transaction():
        client = api_clients.revoke(client_id)
        revoked_at = client.revoked_at
    answer(json, f"client {client_id} revoked", client_id=client_id, revoked_at=revoked_at)


@client_group.command("rotate")
@click.argument("client_id")
@click.option(
    "--keep-old",
    "hours",
    type=click.FloatRange(0, 168),
    default=24,
    show_default=True,
    help="Hours for which the old secret still opens; 0 ends it and all tokens at once.",
)
@jwk_option
@as_json
def rotate(client_id: str, hours: float, key_file: Path | None, json: bool) -> None:
    """Give a program a new secret, printed this once, or other keys in the place of the old ones."""
    with transaction():
        client, secret = api_clients.rotate(client_id, keeps_for=timedelta(hours=hours), jwks=_keys(key_file))
        facts = {"client_id": client.client_id, "old_secret_until": client.previous_until}
    _say(json, facts, secret)


@client_group.command("limit")
@click.argument("client_id")
@click.argument("per_minute", type=int)
@as_json
def limit(client_id: str, per_minute: int, json: bool) -> None:
    """Say how many calls a program may make in a minute."""
    with transaction():
        api_clients.limit(client_id, per_minute)
    answer(json, f"{client_id}: {per_minute} calls a minute", client_id=client_id, per_minute=per_minute)


@client_group.command("openapi")
def print_openapi() -> None:
    """Print the description of the interface (OpenAPI 3.1), for docs/openapi.json."""
    click.echo(json_module.dumps(openapi(current_app), indent=2))


def _keys(key_file: Path | None) -> list[dict[str, Any]] | None:
    if key_file is None:
        return None
    try:
        written = key_file.read_bytes()
    except OSError as error:
        raise click.BadParameter(
            f"{key_file} can not be read: {error.strerror}", param_hint="--jwk"
        ) from error
    return read_public_keys(written.decode(errors="replace"))


def _say(json: bool, facts: dict[str, Any], secret: str | None) -> None:
    words = f"client_id      {facts['client_id']}"
    if secret is not None:
        facts["client_secret"] = secret
        words += f"\nclient_secret  {secret}\n{ONCE}"
    answer(json, words, **facts)
