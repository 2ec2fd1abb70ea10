"""Set rows aside before they are destroyed: one file a batch, a manifest that lists them, nothing half written.

    <folder>/<district>/<kind>/<table>-<first id>-<last id>.jsonl    one row a line, as the table has it
    <folder>/<district>/<kind>/manifest.json                         file, rows, SHA-256 of each

What is sealed in the table stays sealed in the file: who finds a bundle reads no name in it. A batch that was written
and then not destroyed (the worker was killed in between) is written again under the same name.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.clock import now
from core.sealed import Sealed

MANIFEST = "manifest.json"


def as_stored(table: sa.Table) -> list[sa.ColumnElement[Any]]:
    """Every column, sealed ones as they stand there."""
    return [
        sa.type_coerce(column, sa.Text).label(column.name) if isinstance(column.type, Sealed) else column
        for column in table.columns
    ]


def set_aside(folder: Path, table: str, rows: Sequence[sa.RowMapping]) -> tuple[str, str]:
    """(file name, SHA-256) once the file is whole and on the disk."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{table}-{rows[0]['id']}-{rows[-1]['id']}.jsonl"
    data = b"".join(json.dumps(dict(row), default=_plain, sort_keys=True).encode() + b"\n" for row in rows)
    digest = hashlib.sha256(data).hexdigest()
    _write(folder / name, data)
    _list(
        folder, {"file": name, "table": table, "rows": len(rows), "sha256": digest, "at": now().isoformat()}
    )
    return name, digest


def forget_old(folder: Path, before: datetime) -> int:
    """Remove files that were set aside before this instant, and their lines of the manifest. Returns how many."""
    count = 0
    for place, old in _old(folder, before).items():
        for entry in old:
            (place / entry["file"]).unlink(missing_ok=True)
        _rewrite(place, [each for each in manifest(place) if each not in old])
        count += len(old)
    return count


def count_old(folder: Path, before: datetime) -> int:
    return sum(map(len, _old(folder, before).values()))


def _old(folder: Path, before: datetime) -> dict[Path, list[dict[str, Any]]]:
    places = [path.parent for path in sorted(folder.rglob(MANIFEST))]
    found = {
        place: [each for each in manifest(place) if datetime.fromisoformat(each["at"]) < before]
        for place in places
    }
    return {place: old for place, old in found.items() if old}


def manifest(folder: Path) -> list[dict[str, Any]]:
    path = folder / MANIFEST
    found: list[dict[str, Any]] = json.loads(path.read_text())["files"] if path.exists() else []
    return found


def _list(folder: Path, entry: dict[str, Any]) -> None:
    _rewrite(folder, [*(each for each in manifest(folder) if each["file"] != entry["file"]), entry])


def _rewrite(folder: Path, entries: list[dict[str, Any]]) -> None:
    _write(folder / MANIFEST, json.dumps({"files": entries}, indent=1).encode() + b"\n")


def _write(path: Path, data: bytes) -> None:
    """All or nothing: under another name first, on the disk, then renamed, and the folder on the disk as well."""
    half = path.with_name(path.name + ".half")
    with open(half, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    half.replace(path)
    entry = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    raise TypeError(f"no way to write a {type(value).__name__}")
