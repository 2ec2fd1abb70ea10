"""flask client: programs of a district's IT that may ask us things."""

import json as json_module

import click
from flask import current_app
from flask.cli import AppGroup

from access.description import openapi
from core.cli import answer, as_json
from core.database import transaction
from people import api_clients
from people.cli import require_district

client_group = AppGroup("client", help="API clients of a district's IT.")
district_option = click.option("--district", "slug", required=True, metavar="SLUG")


@client_group.command("add")
@district_option
@click.option("--name", required=True, help="As IT will recognize it in lists.")
@click.option(
    "--scope", "scopes", multiple=True, required=True, help="Repeatable: standing.read, standing.decide."
)
@as_json
def add(slug: str, name: str, scopes: tuple[str, ...], json: bool) -> None:
    """Let a program in. Its secret is printed this once."""
    with transaction():
        client, secret = api_clients.issue(require_district(slug), name, scopes)
        facts = {"client_id": client.client_id, "client_secret": secret, "scopes": client.scopes.split()}
    answer(
        json,
        f"client_id      {facts['client_id']}\nclient_secret  {secret}\nKeep the secret: it is not shown again.",
        **facts,
    )


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
    facts = [
        {
            "client_id": each.client_id,
            "name": each.name,
            "scopes": each.scopes.split(),
            "revoked_at": each.revoked_at,
        }
        for each in clients
    ]
    answer(json, "\n".join(lines) or "no client yet", clients=facts)


@client_group.command("revoke")
@click.argument("client_id")
@as_json
def revoke(client_id: str, json: bool) -> None:
    """Let a program in no more; its tokens end at once."""
    with transaction():
        client = api_clients.revoke(client_id)
        revoked_at = client.revoked_at
    answer(json, f"client {client_id} revoked", client_id=client_id, revoked_at=revoked_at)


@client_group.command("openapi")
def print_openapi() -> None:
    """Print the description of the interface (OpenAPI 3.1), for docs/openapi.json."""
    click.echo(json_module.dumps(openapi(current_app), indent=2))
