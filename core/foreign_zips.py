"""What may be wrong with an entry of a zip that a stranger made, by its directory alone: nothing is unpacked for it."""

import re
import stat
import zipfile
from collections.abc import Iterator

ENTRY = b"PK\x01\x02"
"""Begins each entry of a zip's directory."""
SMALL = 10_000
"""Bytes up to which the ratio says nothing: a short file of spaces is no bomb."""
WHOLE_PATH = re.compile(r"[/\\]|[A-Za-z]:")


def fault_of(entry: zipfile.ZipInfo, shown: str, *, largest: int, ratio: int) -> str | None:
    """In words for whoever sent the file, or None.

    shown    the entry's name as it may be repeated
    largest  bytes an entry may unpack to
    ratio    how many times its packed size that may be
    """
    return next(_faults(entry, shown, largest, ratio), None)


def _faults(entry: zipfile.ZipInfo, shown: str, largest: int, ratio: int) -> Iterator[str]:
    name = entry.filename
    # orig_filename is the name as written: zipfile itself cuts names at a NUL.
    if WHOLE_PATH.match(name) or "\x00" in entry.orig_filename or ".." in re.split(r"[/\\]", name):
        yield f"the zip has a file that leads out of its folder: {shown}"
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        yield f"the zip has a link or a device where a file should be: {shown}"
    if entry.flag_bits & 0x1:
        yield f"the zip is encrypted: {shown}"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        yield f"the zip packs {shown} in a way that is not read here"
    if entry.file_size > largest:
        yield f"{shown} in the zip unpacks to more than {largest // 1_000_000} MB"
    if entry.file_size > max(SMALL, ratio * entry.compress_size):
        yield f"{shown} in the zip unpacks to more than {ratio} times its size"
