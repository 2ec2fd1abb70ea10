"""Write a zip as a stream, file by file and row by row, and know the SHA-256 and size of each file at its end."""

import csv
import hashlib
import io
import stat
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Protocol

from core.spreadsheets import BYTE_ORDER_MARK, harmless

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment a zip can name; the day of the pack would make every file another one."""
LEVEL = 6
ROWS_AT_ONCE = 500

Cell = str | int | None


class Sink(Protocol):
    def write(self, data: bytes, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Packed:
    """`rows` without the head, None for what is no table."""

    name: str
    sha256: str
    size: int
    rows: int | None


class Pack:
    """Names are written in the order given; each once."""

    def __init__(self, out: Sink) -> None:
        self._out = _Forward(out)
        written: Any = self._out  # zipfile needs less of it than its stub says
        self._zip = zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)
        self.files: list[Packed] = []

    def add(self, name: str, data: bytes, rows: int | None = None) -> Packed:
        with self._file(name) as entry:
            entry.write(data)
        packed = Packed(name, hashlib.sha256(data).hexdigest(), len(data), rows)
        self.files.append(packed)
        return packed

    def table(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Packed:
        """CSV for a spreadsheet: UTF-8 with a byte order mark, and no cell that it would run as a formula."""
        digest, size, count = hashlib.sha256(), 0, 0
        with self._file(name) as entry:
            for text, more in _chunks(columns, rows):
                data = text.encode()
                digest.update(data)
                entry.write(data)
                size, count = size + len(data), count + more
        packed = Packed(name, digest.hexdigest(), size, count)
        self.files.append(packed)
        return packed

    def close(self) -> None:
        self._zip.close()

    def abandon(self) -> None:
        """Something broke: what a zip writes at its end, whoever ends it, goes nowhere."""
        self._out.deaf = True
        self._zip.close()

    @contextmanager
    def _file(self, name: str) -> Iterator[IO[bytes]]:
        entry = zipfile.ZipInfo(name, EARLIEST)
        entry.create_system = 3  # Unix, also when Windows writes it
        entry.external_attr = (stat.S_IFREG | 0o644) << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        # Written for a stream that can not go back, so whether a file is large must be known before: it may be.
        with self._zip.open(entry, "w", force_zip64=True) as opened:
            yield opened


def _chunks(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[tuple[str, int]]:
    out = io.StringIO()
    sheet = csv.writer(out, lineterminator="\r\n")
    out.write(BYTE_ORDER_MARK)
    sheet.writerow(columns)
    count = 0
    for row in rows:
        sheet.writerow(
            ["" if cell is None else harmless(cell) if isinstance(cell, str) else cell for cell in row]
        )
        count += 1
        if count == ROWS_AT_ONCE:
            yield out.getvalue(), count
            out.seek(0)
            out.truncate()
            count = 0
    yield out.getvalue(), count


class _Forward:
    """Can neither seek nor tell, so that a file and a stream get the same bytes."""

    def __init__(self, out: Sink) -> None:
        self._out = out
        self.deaf = False

    def write(self, data: bytes) -> int:
        if not self.deaf:
            self._out.write(data)
        return len(data)

    def flush(self) -> None:
        """Whoever owns the sink flushes it."""
