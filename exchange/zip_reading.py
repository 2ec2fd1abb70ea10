"""The XML files of a zip that a stranger made: looked at before anything is unpacked, and never written to disk."""

import io
import re
import stat
import zipfile
import zlib

from exchange.bounds import HIGHEST_RATIO, LARGEST_PART, MOST_FILES, MOST_UNPACKED, FileRefused

ENTRY = b"PK\x01\x02"
"""Begins each entry of a zip's directory."""
SMALL = 10_000
"""Bytes up to which the ratio says nothing: a short file of spaces is no bomb."""
WHOLE_PATH = re.compile(r"[/\\]|[A-Za-z]:")


def xml_files(data: bytes) -> dict[str, bytes]:
    """Content by name, in the order of the names. Raises FileRefused."""
    if data.count(ENTRY) > MOST_FILES:  # asked before the directory is read into memory
        raise FileRefused(f"the zip has more than {MOST_FILES} files")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _look_at_all(entries)
            wanted = sorted(
                (each for each in entries if each.filename.lower().endswith(".xml")),
                key=lambda each: each.filename,
            )
            return {each.filename: _unpacked(archive, each) for each in wanted}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError) as error:
        raise FileRefused(f"the zip is broken: {' '.join(str(error).split())}") from error


def _look_at_all(entries: list[zipfile.ZipInfo]) -> None:
    for entry in entries:
        _look_at(entry)
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise FileRefused("the zip has two files of one name")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise FileRefused(f"the zip unpacks to more than {MOST_UNPACKED // 1_000_000} MB")


def _look_at(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    # orig_filename is the name as written: zipfile itself cuts names at a NUL.
    if WHOLE_PATH.match(name) or "\x00" in entry.orig_filename or ".." in re.split(r"[/\\]", name):
        raise FileRefused(f"the zip has a file that leads out of its folder: {name!r}")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise FileRefused(f"the zip has a link or a device where a file should be: {name!r}")
    if entry.flag_bits & 0x1:
        raise FileRefused(f"the zip is encrypted: {name!r}")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FileRefused(f"the zip packs {name!r} in a way that is not read here")
    if entry.file_size > LARGEST_PART:
        raise FileRefused(f"{name!r} in the zip unpacks to more than {LARGEST_PART // 1_000_000} MB")
    if entry.file_size > max(SMALL, HIGHEST_RATIO * entry.compress_size):
        raise FileRefused(f"{name!r} in the zip unpacks to more than {HIGHEST_RATIO} times its size")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """No more than the directory promised is unpacked, whatever the stream holds; zipfile compares the checksum."""
    with archive.open(entry) as stream:
        return stream.read(LARGEST_PART)
