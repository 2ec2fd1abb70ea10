"""The file of a pack in the database: written in sealed pieces while it is made, read one by one when it is fetched.

In the database and not in a folder, since the worker and the web may stand on different machines. Pieces and progress
are written beside the session, which meanwhile reads from one moment.
"""

import base64
from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa

from core.clock import now
from core.database import beside, db, only_reading, table_of
from proof.models import EvidencePack, EvidencePackPiece

SIZE = 256 * 1024


class LostLease(Exception):
    """Another worker has taken the pack over; whatever this one still writes counts for nothing."""


class Pieces:
    """What a pack is written to. `close` writes what is left."""

    def __init__(self, district_id: int, pack_id: int, lease: str, lasts: timedelta) -> None:
        self._row = {"district_id": district_id, "pack_id": pack_id, "lease": lease}
        self._pack_id, self._lease, self._lasts = pack_id, lease, lasts
        self._left = bytearray()
        self._number = 0
        self.size = 0

    def write(self, data: bytes) -> None:
        """Raises LostLease."""
        self._left += data
        self.size += len(data)
        while len(self._left) >= SIZE:
            self._keep(SIZE)

    def close(self) -> None:
        if self._left:
            self._keep(len(self._left))

    def _keep(self, length: int) -> None:
        data, self._left = bytes(self._left[:length]), self._left[length:]
        with beside() as connection:
            _hold(connection, self._pack_id, self._lease, self._lasts)
            connection.execute(
                sa.insert(table_of(EvidencePackPiece)).values(
                    **self._row, number=self._number, data=base64.b64encode(data).decode()
                )
            )
        self._number += 1


def tell_progress(pack_id: int, lease: str, lasts: timedelta, done: int, total: int) -> None:
    """Raises LostLease."""
    with beside() as connection:
        _hold(connection, pack_id, lease, lasts, done=done, total=total)


def _hold(connection: sa.Connection, pack_id: int, lease: str, lasts: timedelta, **values: int) -> None:
    held = connection.execute(
        sa.update(table_of(EvidencePack))
        .where(EvidencePack.id == pack_id, EvidencePack.leased_by == lease, EvidencePack.state == "making")
        .values(leased_until=now() + lasts, **values)
    )
    if held.rowcount != 1:
        raise LostLease


def forget_pieces(pack_id: int, lease: str | None = None, *, besides: str | None = None) -> None:
    """Those of one try, or of all, or of all but one."""
    gone = sa.delete(EvidencePackPiece).where(EvidencePackPiece.pack_id == pack_id)
    if lease is not None:
        gone = gone.where(EvidencePackPiece.lease == lease)
    if besides is not None:
        gone = gone.where(EvidencePackPiece.lease != besides)
    db.execute(gone.execution_options(synchronize_session=False))


def read_pieces(pack_id: int, lease: str) -> Iterator[bytes]:
    """The file of a pack that is ready, piece by piece. A slow reader holds no transaction."""
    number = 0
    while True:
        with only_reading():
            data = db.scalars(
                sa.select(EvidencePackPiece.data).filter_by(pack_id=pack_id, lease=lease, number=number)
            ).one_or_none()
        if data is None:
            return
        yield base64.b64decode(data)
        number += 1
