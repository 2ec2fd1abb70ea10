"""A zip that a stranger made: judged by its directory before anything is unpacked, and never written to disk."""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from rosters.bounds import HIGHEST_RATIO, LARGEST_PART, MOST_FILES, RosterRefused, echo

ENTRY = b"PK\x01\x02"
"""Begins each entry of a zip's directory."""
SMALL = 10_000
"""Bytes up to which the ratio says nothing."""
TAIL = 200_000
"""Bytes at the end of a zip in which the directory of fifty files lies, comment and all."""
WHOLE_PATH = re.compile(r"[/\\]|[A-Za-z]:")


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
            _look_at(entry)
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


def _look_at(entry: zipfile.ZipInfo) -> None:
    name, shown = entry.filename, echo(entry.filename)
    # orig_filename is the name as written: zipfile itself cuts names at a NUL.
    if WHOLE_PATH.match(name) or "\x00" in entry.orig_filename or ".." in re.split(r"[/\\]", name):
        raise RosterRefused(f"the zip has a file that leads out of its folder: {shown}")
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise RosterRefused(f"the zip has a link or a device where a file should be: {shown}")
    if entry.flag_bits & 0x1:
        raise RosterRefused(f"the zip is encrypted: {shown}")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise RosterRefused(f"the zip packs {shown} in a way that is not read here")
    if entry.file_size > LARGEST_PART:
        raise RosterRefused(f"{shown} in the zip unpacks to more than {LARGEST_PART // 1_000_000} MB")
    if entry.file_size > max(SMALL, HIGHEST_RATIO * entry.compress_size):
        raise RosterRefused(f"{shown} in the zip unpacks to more than {HIGHEST_RATIO} times its size")
