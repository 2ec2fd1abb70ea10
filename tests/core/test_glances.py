"""One SELECT by itself: it sees what is committed, writes nothing, and outlives a lost connection."""

import pytest
import sqlalchemy as sa

from core.database import db
from core.glances import glance, glancing_engine
from people.models import District

NAMES = sa.select(District.name).where(District.slug == sa.bindparam("slug"))


def names():
    return [row.name for row in glance(NAMES, {"slug": "evergreen"})]


def test_it_sees_what_is_committed_and_nothing_else(district):
    assert names() == ["Evergreen School District"]
    db.remove()
    db.execute(sa.update(District).values(name="Changed"))
    assert names() == ["Evergreen School District"], (
        "no waiting for who writes, and no look at what they wrote"
    )
    db.commit()
    assert names() == ["Changed"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True, scope="session")
def test_a_lost_connection_is_replaced(district):
    """On SQLite there is none to lose."""
    assert names()
    with db.get_bind().begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle'"
        )
    assert names() == ["Evergreen School District"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True, scope="session")
def test_on_sqlite_it_can_not_write(district):
    with glancing_engine().connect() as connection, pytest.raises(sa.exc.OperationalError, match="readonly"):
        connection.exec_driver_sql("UPDATE district SET name = 'x'")
