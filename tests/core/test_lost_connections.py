"""Connections that wait in the pool while the database goes away."""

import socket
import time

import pytest
import sqlalchemy as sa

from core import database
from core.database import create_engine, db


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True, scope="session")
def test_a_connection_that_the_server_closed_is_not_handed_out(app, clean):
    """SQLite closes none."""
    engine = create_engine(db.get_bind().url.render_as_string(hide_password=False))
    backend = sa.select(sa.func.pg_backend_pid())
    with engine.connect() as one, engine.connect() as other:
        waiting = [one.scalar(backend), other.scalar(backend)]
    for number in waiting:
        assert db.scalar(sa.select(sa.func.pg_terminate_backend(number, 5000)))
    with engine.connect() as again:
        assert again.scalar(backend) not in waiting
    engine.dispose()


@pytest.mark.parametrize("more", ["", "?connect_timeout=2"])
def test_a_server_that_says_nothing_is_given_up_on(monkeypatch, more):
    monkeypatch.setattr(database, "CONNECT_TIMEOUT", 60 if more else 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        engine = create_engine(f"postgresql+psycopg://nobody@127.0.0.1:{silent.getsockname()[1]}/none{more}")
        began = time.monotonic()
        with pytest.raises(sa.exc.OperationalError):
            engine.connect()
        assert time.monotonic() - began < 20
