"""Files in a zip, the same bytes for the same content on every machine."""

import io
import stat
import zipfile
from collections.abc import Mapping

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment a zip can name; the day of the export would make every file another one."""


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of `files` by name, in the order given. Stored, for no two versions of zlib compress alike."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.create_system = 3  # Unix, also when Windows writes it
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, data)
    return out.getvalue()
