"""flask db: the schema, up and down, and whether models and migrations agree."""

import click
from flask.cli import AppGroup

from core.cli import answer, as_json
from core.errors import Refused
from core.migrate import current_revision, differences, downgrade, upgrade

db_group = AppGroup("db", help="The database schema.")


@db_group.command("upgrade")
@click.argument("revision", default="head")
@as_json
def upgrade_command(revision: str, json: bool) -> None:
    """Migrate up to REVISION (default: the newest)."""
    upgrade(revision)
    answer(json, f"database is at {current_revision()}", revision=current_revision())


@db_group.command("downgrade")
@click.argument("revision")
@as_json
def downgrade_command(revision: str, json: bool) -> None:
    """Migrate down to REVISION (`base` is an empty database)."""
    downgrade(revision)
    answer(json, f"database is at {current_revision()}", revision=current_revision())


@db_group.command("check")
@as_json
def check_command(json: bool) -> None:
    """Fail when models and migrations differ."""
    found = differences()
    if found:
        raise Refused("models and migrations differ: " + "; ".join(found)[:2000])
    answer(json, f"models and migrations agree at {current_revision()}", revision=current_revision())
