"""Migrations go up, down and up again on both databases, and agree with the models."""

import sqlalchemy as sa

from core import migrate
from core.database import db
from people.audit import Actor
from people.directory import link_identity
from people.merge_models import Merge
from people.merging import merge, undo
from people.models import BY_HAND, Identity


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


def test_accounts_that_were_linked_before_0035_were_linked_by_hand(district, make_person):
    """And undoing such a link still puts everything back."""
    kept, gone = db.merge(make_person("staff")), db.merge(make_person("staff"))
    link_identity(gone, scheme="lti", value="sub", issuer="1", source="roster")
    db.flush()
    made = merge(kept, gone, Actor("person:office"), accounts="roster").id
    db.commit()
    db.remove()
    migrate.downgrade("0034")
    migrate.upgrade()
    account = db.scalars(sa.select(Identity)).one()
    assert account.source == BY_HAND
    undo(db.get_one(Merge, made), Actor("person:office"))
    db.commit()
    account = db.scalars(sa.select(Identity)).one()
    assert (account.source, account.person_id) == ("roster", gone.id)
