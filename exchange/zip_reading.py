"""The XML files of a zip that a stranger made: looked at before anything is unpacked, and never written to disk."""

import io
import zipfile
import zlib

from core.foreign_zips import ENTRY, fault_of
from exchange.bounds import HIGHEST_RATIO, LARGEST_PART, MOST_FILES, MOST_UNPACKED, FileRefused


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
        fault = fault_of(entry, repr(entry.filename), largest=LARGEST_PART, ratio=HIGHEST_RATIO)
        if fault:
            raise FileRefused(fault)
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise FileRefused("the zip has two files of one name")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise FileRefused(f"the zip unpacks to more than {MOST_UNPACKED // 1_000_000} MB")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """No more than the directory promised is unpacked, whatever the stream holds; zipfile compares the checksum."""
    with archive.open(entry) as stream:
        return stream.read(LARGEST_PART)
