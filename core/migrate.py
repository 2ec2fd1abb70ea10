"""The schema, up and down, and whether models and migrations agree."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from core.database import Base, db

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def upgrade(revision: str = "head") -> None:
    """Bring the bound database to `revision`. Two at once wait for each other."""
    command.upgrade(alembic_config(), revision)


def downgrade(revision: str) -> None:
    command.downgrade(alembic_config(), revision)


def current_revision() -> str | None:
    with db.get_bind().connect() as connection:  # type: ignore[union-attr]
        return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str | None:
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def not_at_head() -> str | None:
    """A readiness check."""
    found = current_revision()
    return (
        None
        if found == head_revision()
        else f"database is at {found}, not at {head_revision()}; run: flask db upgrade"
    )


def differences() -> list[str]:
    """What the models have and the migrated database has not, or the other way round."""
    with db.get_bind().connect() as connection:  # type: ignore[union-attr]
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(difference) for difference in compare_metadata(context, Base.metadata)]


def lock_for_migrating(connection: sa.Connection) -> None:
    """On PostgreSQL one migration at a time; on SQLite BEGIN IMMEDIATE already sees to it."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(72019)"))
        connection.execute(sa.text("SET LOCAL lock_timeout = '4s'"))
