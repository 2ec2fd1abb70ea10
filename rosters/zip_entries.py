"""A zip that a stranger made: judged by its directory before anything is unpacked, and never written to disk."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from core.foreign_zips import ENTRY, fault_of
from rosters.bounds import HIGHEST_RATIO, LARGEST_PART, MOST_FILES, RosterRefused, echo

TAIL = 200_000
"""Bytes at the end of a zip in which the directory of fifty files lies, comment and all."""


class RosterZip:
    """The files of a roster's zip, each to be read as a stream and as often as wanted."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._entries = {each.filename: each for each in archive.infolist() if not each.is_dir()}

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Raises RosterRefused for a stream that is not what the directory promised."""
        try:
            with self._archive.open(self._entries[name]) as stream:
                yield stream
        except BROKEN as error:
            raise RosterRefused(f"the zip is broken: {name}: {' '.join(str(error).split())}") from error


BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError)


@contextmanager
def open_zip(path: Path) -> Iterator[RosterZip]:
    """Raises RosterRefused for a bomb, a path that leads out, a link, an encrypted entry, or what is no zip."""
    _count_before_reading(path)
    try:
        archive = zipfile.ZipFile(path)
    except (*BROKEN, ValueError) as error:
        raise RosterRefused(f"the zip is broken: {' '.join(str(error).split())}") from error
    with archive:
        entries = archive.infolist()
        for entry in entries:
            fault = fault_of(entry, echo(entry.filename), largest=LARGEST_PART, ratio=HIGHEST_RATIO)
            if fault:
                raise RosterRefused(fault)
        names = [entry.filename for entry in entries]
        if len({name.casefold() for name in names}) < len(names):
            raise RosterRefused("the zip has two files of one name")
        yield RosterZip(archive)


def _count_before_reading(path: Path) -> None:
    """A directory of a million entries is refused before it is read into memory."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - TAIL))
        tail = file.read(TAIL)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        raise RosterRefused("the zip is broken: it has no directory at its end")
    count = int.from_bytes(tail[end + 10 : end + 12], "little")
    directory = int.from_bytes(tail[end + 12 : end + 16], "little")
    if count > MOST_FILES or directory > TAIL or tail.count(ENTRY) > MOST_FILES:
        raise RosterRefused(f"the zip has more than {MOST_FILES} files")
