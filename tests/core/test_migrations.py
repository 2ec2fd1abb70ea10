"""Migrations go up, down and up again on both databases, and agree with the models."""

import sqlalchemy as sa

from core import migrate
from core.database import db


def test_up_down_and_up(app):
    db.remove()
    migrate.downgrade("base")
    left = set(sa.inspect(db.get_bind()).get_table_names()) - {"alembic_version"}
    assert left == set()
    migrate.upgrade()
    assert migrate.differences() == [] and migrate.not_at_head() is None


def test_the_command_checks(app):
    answer = app.test_cli_runner().invoke(args=["db", "check", "--json"])
    assert answer.exit_code == 0, answer.output
