"""The database: one engine, one session per request or worker step, names for every constraint, UTC times.

The session is committed at the edge (core.web for requests, `transaction()` for the worker and commands),
never inside a verb, so that a request happens whole or not at all.
"""

import select
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, scoped_session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from core.clock import now

OLDEST_SQLITE = (3, 35, 0)  # UPDATE ... RETURNING, which the outbox claims rows with

db = scoped_session(sessionmaker(expire_on_commit=False))

# SQLite can not upgrade a read transaction to a write one while another writes ("database is locked" at
# once, whatever the busy timeout), so everything that may write begins IMMEDIATE, and only GETs begin DEFERRED.
_reading: ContextVar[bool] = ContextVar("reading", default=False)

BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An instant. Aware and UTC on our side; a naive value is refused rather than guessed at."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times must be aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What every table shares: constraint names that migrations can rely on, and an id."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: sa.JSON,
        list[Any]: sa.JSON,
    }

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


class TooOld(Exception):
    """The SQLite library lacks what we build on."""


CONNECT_TIMEOUT = 10
"""Seconds until a PostgreSQL server that says nothing counts as not there."""

_forget: list[Callable[[], None]] = []


def forget_with_database(forget: Callable[[], None]) -> Callable[[], None]:
    """A decorator for what empties a memory of rows: it is called when another database is opened."""
    _forget.append(forget)
    return forget


def connect(url: str, **options: Any) -> sa.Engine:
    """Open the database and make it the one `db` speaks to. Raises TooOld for SQLite before 3.35."""
    engine = create_engine(url, **options)
    db.remove()
    db.configure(bind=engine)
    for forget in _forget:
        forget()
    return engine


def bound_engine() -> sa.Engine:
    """The engine `db` speaks to, asked without a session."""
    return cast(sa.Engine, db.session_factory.kw["bind"])


def create_engine(url: str, **options: Any) -> sa.Engine:
    path = sa.make_url(url).database
    if path != ":memory:":
        # Last in, first out: the warmest connection serves next, with its page cache and prepared statements.
        # One for each thread of gunicorn.conf.py, since what is opened beyond them is closed after each use. Beyond
        # them, since a request that leaves something behind (`beside`) has two, and since a worker has a lane for each
        # of its steps, 22 so far, which may have two as well. What is not needed is not opened.
        options = {"pool_use_lifo": True, "pool_size": 16, "max_overflow": 29} | options
    if not url.startswith("sqlite"):
        engine = sa.create_engine(url, connect_args=patience(sa.make_url(url)), **options)
        event.listen(engine, "checkout", _still_connected)
        return engine
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, connect_args={"timeout": 30}, **options)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def patience(postgresql: sa.URL) -> dict[str, int]:
    """What to connect with. The driver waits for two minutes, and gunicorn gives a process up that has not started
    after one; the address may say otherwise."""
    return {} if "connect_timeout" in postgresql.query else {"connect_timeout": CONNECT_TIMEOUT}


def _still_connected(connection: Any, record: ConnectionPoolEntry, proxy: object) -> None:
    """A server that went away has closed its end, and a closed end can be read from; that of an idle one can not.

    The pool's own pre-ping asks the server, which costs as much as a query, at each request.
    """
    if "used" not in record.info:
        record.info["used"] = True  # made a moment ago; what stands here is forgotten with the connection
        return
    waiting = select.poll()
    if not connection.closed:
        waiting.register(connection.fileno(), select.POLLIN)
    if connection.closed or waiting.poll(0):
        raise sa.exc.InvalidatePoolError("the database closed this connection")


def _prepare_sqlite(connection: Any, record: ConnectionPoolEntry) -> None:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise TooOld(f"SQLite {sqlite3.sqlite_version} is too old; 3.35 or newer is needed")
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    cursor = connection.cursor()
    # FULL, not NORMAL: an answer we acknowledged must survive a power cut (docs/decisions/0003).
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN DEFERRED" if _reading.get() else "BEGIN IMMEDIATE")


def begin_reading(only_reads: bool) -> None:
    """Say of the transactions that begin next on this thread whether they write."""
    _reading.set(only_reads)


def read_from_here() -> None:
    """Nothing more is written in this request, so on SQLite whoever writes need not wait until it is through."""
    db.rollback()
    begin_reading(True)


@contextmanager
def transaction() -> Iterator[None]:
    """One unit of work outside a request: commits at the end, rolls back when anything is raised."""
    try:
        yield
        db.commit()
    finally:
        db.rollback()
        db.remove()


@contextmanager
def only_reading() -> Iterator[None]:
    """Work that writes nothing, so that SQLite readers never wait for writers."""
    token = _reading.set(True)
    try:
        yield
    finally:
        db.rollback()
        db.remove()
        _reading.reset(token)


def write_through(statement: Any) -> None:
    """Execute a write that must stay: in the transaction under way, or beside it where that one only reads.

    The transaction of a GET is thrown away at its end, so what it leaves behind is committed here and now.
    """
    if not _reading.get():
        db.execute(statement)
        return
    with beside() as connection:
        connection.execute(statement)


@contextmanager
def beside() -> Iterator[sa.Connection]:
    """A transaction of its own, committed at its end whatever becomes of the one under way.

    On SQLite never while that one writes: the two would wait for each other.
    """
    token = _reading.set(False)
    try:
        with cast(sa.Engine, db.get_bind()).begin() as connection:
            yield connection
    finally:
        _reading.reset(token)


@contextmanager
def snapshot() -> Iterator[None]:
    """`only_reading`, and everything is read as it stood at one moment, however long the reading takes.

    SQLite reads so anyway; PostgreSQL sees what others commit meanwhile unless it is told.
    """
    with only_reading():
        if dialect_name() == "postgresql":
            db.connection(
                execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            )
        yield


def table_of(model: type[Base]) -> sa.Table:
    """The table itself, for statements that go past the ORM."""
    return cast(sa.Table, model.__table__)


def insert_row(insert: sa.Insert, **values: Any) -> sa.CursorResult[Any]:
    """One row by a statement built once, past the unit of work: a third of the cost, for the few hot inserts.

    `insert` is `sa.insert(table_of(Model))`; column defaults apply.
    """
    return db.connection().execute(insert, values)


def dialect_name() -> str:
    return db.get_bind().dialect.name


def insert_for(model: type[Base] | sa.FromClause) -> Any:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`, for the database in use."""
    dialect = postgresql if dialect_name() == "postgresql" else sqlite
    return dialect.insert(model)
