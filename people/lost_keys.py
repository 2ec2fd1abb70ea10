"""Are the keys in the settings those of this database? Nobody asks a database that is not there, or not migrated.

No check value is kept: names and their fingerprints are one. The oldest are looked at, since whoever ran with another
key for an hour has made newer people under it; several of them, so that one damaged row shuts nobody out.
"""

from pathlib import Path

import sqlalchemy as sa

from core.database import bound_engine, db, only_reading
from core.sealed import CanNotUnseal, unseal
from core.settings import OddSetting
from people.directory import print_of
from people.models import Identity

LOOKED_AT = 20


def refuse_lost_keys() -> None:
    """At the door of every program. Raises OddSetting."""
    engine = bound_engine()
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    if file and file != ":memory:" and not Path(file).exists():
        return  # to look would make it
    try:
        with only_reading():
            lost = lost_keys()
    except sa.exc.DBAPIError:
        return  # the command, or the readiness of the service, says what the database lacks
    finally:
        engine.dispose()  # a server that forks after this must not share a connection
    if lost:
        raise OddSetting(lost)


def lost_keys() -> str | None:
    """Which setting must be set back, and to what; None where people are found. A readiness check."""
    sealed = sa.type_coerce(Identity.value, sa.Text).label("sealed")
    rows = db.execute(
        sa.select(Identity.district_id, Identity.scheme, Identity.issuer, Identity.fingerprint, sealed)
        .order_by(Identity.id)
        .limit(LOOKED_AT)
    ).all()
    read = [(row, value) for row in rows if (value := _read(row.sealed)) is not None]
    if rows and not read:
        return "DATA_KEYS_OLD: set back the DATA_KEY that was there before; names in this database are sealed under it"
    if read and not any(
        row.fingerprint == print_of(row.district_id, row.scheme, row.issuer, value) for row, value in read
    ):
        return "FINGERPRINT_KEY: set it back to the first DATA_KEY this database had; without it nobody is found again"
    return None


def _read(sealed: str) -> str | None:
    try:
        return unseal(sealed)
    except CanNotUnseal:
        return None
