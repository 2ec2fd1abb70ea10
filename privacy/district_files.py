"""Everything of one district as files, for the district to keep: a file a table, readable, without what opens anything.

    <folder>/<table>.jsonl       one row a line, by number; what was sealed is plain here
    <folder>/evidence-keys.json  the public keys under which its evidence was signed
    <folder>/manifest.json       file, rows and SHA-256 of each; written last, so that a folder without one is not whole

Read in one snapshot and written as it is read: memory stays the same for any number of people.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import sqlalchemy as sa

from completion.evidence_keys import published_keys
from core.clock import now
from core.database import Base, db, snapshot
from core.errors import Refused
from core.sealed import Sealed
from held.district import its_tables, of_district
from held.inventory import table_called
from held.tables import INVENTORY
from people.models import District

MANIFEST = "manifest.json"
AT_ONCE = 500
OPENS = ("hash", "secret", "secrets", "password", "token")
"""Last words of the names of columns that open something."""
COPIES = {
    "evidence_pack_piece": "parts of files that can be made anew",
    "quarantined_row": "rows of its own files",
}
SHARED = ("requirement", "policy_edition")
"""Of the host, and what the numbers in the district's rows mean."""


def write_district(district_id: int, folder: Path) -> str:
    """SHA-256 of the manifest. What stands there from a try before is written anew. Raises Refused: a folder that
    holds something else."""
    _make_room(folder)
    files = []
    with snapshot():
        slug = db.scalars(sa.select(District.slug).filter_by(id=district_id)).one()
        for name, rows in _tables(district_id):
            files.append(_write_rows(folder, name, rows))
        keys = json.dumps({"keys": published_keys()}).encode() + b"\n"
    (folder / "evidence-keys.json").write_bytes(keys)
    files.append({"file": "evidence-keys.json", "sha256": hashlib.sha256(keys).hexdigest()})
    said = (
        json.dumps({"district": slug, "made_at": now().isoformat(), "files": files}, indent=1).encode()
        + b"\n"
    )
    half = folder / (MANIFEST + ".half")
    with _private(half) as out:
        out.write(said)
        out.flush()
        os.fsync(out.fileno())
    half.replace(folder / MANIFEST)
    return hashlib.sha256(said).hexdigest()


def columns_of(table: sa.Table) -> list[sa.Column[Any]]:
    """What goes out: of tables about people what the inventory shows; of others all but what is sealed or opens."""
    held = INVENTORY.get(table.name)
    if held is not None:
        return [column for column in table.columns if column.name not in held.secret]
    return [
        column for column in table.columns if not isinstance(column.type, Sealed) and not _opens(column.name)
    ]


def _opens(name: str) -> bool:
    return name.rpartition("_")[2] in OPENS


def _tables(district_id: int) -> Iterator[tuple[str, sa.Select[Any]]]:
    order = Base.metadata.sorted_tables
    for table in sorted(its_tables(), key=order.index):
        if table.name not in COPIES:
            yield table.name, sa.select(*columns_of(table)).where(of_district(table, district_id))
    for name in SHARED:
        yield name, sa.select(table_called(name))
    text, signed = table_called("policy_text"), table_called("attestation")
    of_its_own = sa.select(signed.c.policy_text_id).where(of_district(signed, district_id))
    yield "policy_text", sa.select(text).where(text.c.id.in_(of_its_own))


def _write_rows(folder: Path, name: str, wanted: sa.Select[Any]) -> dict[str, Any]:
    digest, count = hashlib.sha256(), 0
    with _private(folder / f"{name}.jsonl") as out:
        rows = db.execute(wanted.order_by(sa.text("id")).execution_options(yield_per=AT_ONCE)).mappings()
        for row in rows:
            line = json.dumps(dict(row), default=_plain, ensure_ascii=False).encode() + b"\n"
            out.write(line)
            digest.update(line)
            count += 1
        out.flush()
        os.fsync(out.fileno())
    return {"file": f"{name}.jsonl", "table": name, "rows": count, "sha256": digest.hexdigest()}


def _make_room(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    known = {f"{table.name}.jsonl" for table in Base.metadata.sorted_tables}
    known |= {"evidence-keys.json", MANIFEST, MANIFEST + ".half"}
    odd = sorted(each.name for each in folder.iterdir() if each.name not in known)
    if odd:
        raise Refused(f"{folder} holds something else already ({odd[0]}); give an empty folder")
    (folder / MANIFEST).unlink(missing_ok=True)


def _private(path: Path) -> BinaryIO:
    """Readable by nobody else: names are plain here."""
    return open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600))


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    raise TypeError(f"no way to write a {type(value).__name__}")
