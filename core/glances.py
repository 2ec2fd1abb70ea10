"""One SELECT by itself, for answers somebody waits for at a door: no session, no transaction, no ping.

A request's own transaction costs a session, a BEGIN, an end, and on PostgreSQL the question whether the connection
still lives: four journeys for one. A single SELECT is consistent by itself, so a glance makes the one journey. It sees
what is committed, never what the request under way has written.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from core.database import bound_engine, forget_with_database, patience

AT_ONCE = 8
"""Glances under way in a process. A thread that waits for a ninth has a core's worth of others before it anyway."""

_engines: dict[sa.Engine, sa.Engine] = {}
"""{the engine of `db`: its twin for glances}, at most one."""

forget_with_database(_engines.clear)


def glance(select: sa.Select[*tuple[Any, ...]], values: Mapping[str, Any]) -> Sequence[sa.Row[Any]]:
    """The rows of one statement. A connection that was lost meanwhile is replaced once, without a word."""
    engine = glancing_engine()
    try:
        return _rows(engine, select, values)
    except sa.exc.DBAPIError as error:
        if not error.connection_invalidated:
            raise
    return _rows(engine, select, values)


def glancing_engine() -> sa.Engine:
    """The engine of `db` once more, with connections that begin nothing."""
    engine = bound_engine()
    if engine not in _engines:
        twin = _engines[engine] = _twin_of(engine)
        event.listen(engine, "engine_disposed", lambda _engine: twin.dispose())
    return _engines[engine]


def _rows(
    engine: sa.Engine, select: sa.Select[*tuple[Any, ...]], values: Mapping[str, Any]
) -> Sequence[sa.Row[Any]]:
    with engine.connect() as connection:
        return connection.execute(select, values).all()


def _twin_of(engine: sa.Engine) -> sa.Engine:
    options: dict[str, Any] = {
        "pool_use_lifo": True, "pool_reset_on_return": None, "pool_size": AT_ONCE, "max_overflow": 0,
    }  # fmt: skip
    if engine.dialect.name == "postgresql":
        args = patience(engine.url)
        return sa.create_engine(engine.url, connect_args=args, isolation_level="AUTOCOMMIT", **options)
    twin = sa.create_engine(engine.url, connect_args={"timeout": 30}, **options)
    event.listen(twin, "connect", _only_look)
    return twin


def _only_look(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # or the driver would begin by itself
    connection.execute("PRAGMA query_only=ON")
