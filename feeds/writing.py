"""Write files into a folder so that whoever reads it sees a whole file, the old one or the new one.

Each is written beside its place, flushed to the disk and renamed; the manifest comes last and names the hash of each,
so that a reader who compares notices when it came in between.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from core.sealed import new_secret
from feeds.listed import Listed
from feeds.shapes import File

MODE = 0o640
"""The district's own account reads it by its group; nobody else on the machine does."""

OLD = 86_400
"""Seconds after which a part belongs to nobody."""


@dataclass
class Draft:
    """A file under way, beside its place."""

    file: File
    folder: Path
    rows: int = 0
    size: int = 0
    sha256: Any = field(default_factory=hashlib.sha256)

    def __post_init__(self) -> None:
        self.path = self.folder / f".{self.file.name}.{new_secret(6)}.part"
        self.out: BinaryIO = os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "wb")
        self._write(self.file.head)

    def add(self, person: Listed) -> None:
        line = self.file.line(person)
        if line is not None:
            self.rows += 1
            self._write(line)

    def _write(self, text: str) -> None:
        data = text.encode()
        self.out.write(data)
        self.sha256.update(data)
        self.size += len(data)

    def finish(self) -> None:
        self.out.flush()
        os.fsync(self.out.fileno())
        self.out.close()

    def put_in_place(self) -> None:
        digest = self.sha256.hexdigest()
        # First, so that a hash is never older than its file by more than the rename.
        _put(self.folder, f"{self.file.name}.sha256", f"{digest}  {self.file.name}\n")
        self.path.replace(self.folder / self.file.name)

    @property
    def facts(self) -> dict[str, Any]:
        return {
            "name": self.file.name,
            "rows": self.rows,
            "bytes": self.size,
            "sha256": self.sha256.hexdigest(),
        }


class Drafts:
    """Several files from one reading of the people. Leaves nothing behind when it is left without `put_in_place`."""

    def __init__(self, folder: Path, files: Iterable[File]) -> None:
        self.drafts: list[Draft] = []
        _sweep(folder)
        try:
            for file in files:
                self.drafts.append(Draft(file, folder))
        except OSError:
            self.throw_away()
            raise

    def __enter__(self) -> "Drafts":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.throw_away()

    def fill(self, people: Iterable[Listed]) -> int:
        """How many people were read."""
        count = 0
        for person in people:
            count += 1
            for draft in self.drafts:
                draft.add(person)
        for draft in self.drafts:
            draft.finish()
        return count

    def put_in_place(self) -> list[dict[str, Any]]:
        for draft in self.drafts:
            draft.put_in_place()
        return [draft.facts for draft in self.drafts]

    def counted(self) -> dict[str, int]:
        return {draft.file.name: draft.rows for draft in self.drafts if draft.file.counted}

    def throw_away(self) -> None:
        for draft in self.drafts:
            with suppress(OSError):
                draft.out.close()
            draft.path.unlink(missing_ok=True)


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    _put(folder, "manifest.json", json.dumps(manifest, indent=2) + "\n")
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)  # the renames themselves
    finally:
        os.close(place)


def _sweep(folder: Path) -> None:
    """What a worker left half written when it was killed."""
    before = time.time() - OLD
    for part in folder.glob(".*.part"):
        with suppress(OSError):
            if part.stat().st_mtime < before:
                part.unlink()


def _put(folder: Path, name: str, text: str) -> None:
    part = folder / f".{name}.{new_secret(6)}.part"
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "w") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        part.replace(folder / name)
    finally:
        part.unlink(missing_ok=True)
