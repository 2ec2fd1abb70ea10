"""A roster file as it comes over the wire: written to a temporary file piece by piece, never whole in memory."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import request

from core.errors import ToolError
from rosters.bounds import LARGEST_FILE

KINDS = ("application/zip", "text/csv", "application/octet-stream")
PIECE = 64 * 1024


class OddKind(ToolError):
    status, code = HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "odd_kind"


class Empty(ToolError):
    status, code = HTTPStatus.UNPROCESSABLE_ENTITY, "empty"


@dataclass(frozen=True)
class Received:
    path: Path
    sha256: str


@contextmanager
def received() -> Iterator[Received]:
    """The body of this request; gone again at the end. Raises OddKind, Empty; beyond LARGEST_FILE it is a 413."""
    if request.mimetype not in KINDS:
        raise OddKind(f"Send the file itself, as {', '.join(KINDS)}.", field="Content-Type")
    request.max_content_length = LARGEST_FILE
    digest = hashlib.sha256()
    size = 0
    with TemporaryDirectory(prefix="roster-") as folder:
        path = Path(folder) / "file"
        with path.open("wb") as file:
            while piece := request.stream.read(PIECE):
                size += len(piece)
                digest.update(piece)
                file.write(piece)
        if not size:
            raise Empty("The request has no body; send the file itself.")
        yield Received(path, digest.hexdigest())
