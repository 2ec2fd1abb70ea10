"""Alembic's door: migrates the database that core.database is connected to."""

from alembic import context

from core.database import Base, db
from core.migrate import lock_for_migrating


def run() -> None:
    engine = db.get_bind()
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transactional_ddl=True,  # with our BEGIN, a migration that fails midway on SQLite leaves nothing behind
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
        )
        with context.begin_transaction():
            lock_for_migrating(connection)
            context.run_migrations()


run()
