"""Everything held about one person, found through the inventory, as data that a page and a file show alike."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.clock import now
from core.database import db
from held.inventory import table_called
from held.reaching import about
from held.shape import Held
from held.tables import INVENTORY
from held.topics import TOPICS
from people.audit import Actor
from people.audit_models import AuditEntry
from people.disclosure_models import Disclosure
from people.disclosures import disclose
from people.holds import held_among
from people.models import District, Enrollment, Person

FORMAT = 1

SAID_AS = {
    "school_year": "name", "requirement": "key", "classroom": "title", "building": "key", "policy_text": "sha256",
    "policy_edition": "version", "lesson_version": "content_hash", "platform": "name", "resource_link": "target",
    "line_item": "label", "person": "public_id",
}  # fmt: skip
"""Rows that a number points at, and the column that says which one it is; other numbers stay numbers."""

Row = dict[str, Any]


def everything_about(person: Person, reader: Actor, kind: str) -> dict[str, Any]:
    """`kind`, one of people.disclosures.KINDS, says in the disclosure log how it leaves."""
    district = db.get_one(District, person.district_id)
    disclose(district.id, reader, kind, f"person:{person.public_id}", 1)
    return {
        "format": FORMAT,
        "person": person.public_id,
        "district": district.slug,
        "made_at": now().isoformat(),
        "made_by": reader.name,
        "under_hold": bool(held_among(district.id, [person.id])),
        "records": {name: rows for name, rows in _records(person.id).items() if rows},
        "hand_in": _hand_in(person.id),
        "audit": _audit(person),
        "disclosures": _disclosures(person),
    }


def by_topic(records: Mapping[str, list[Row]]) -> list[tuple[str, list[tuple[str, list[Row]]]]]:
    """[(what the topic is called, [(table, its rows)])], for the page: topics in order, empty ones left out."""
    found = []
    for key, topic in TOPICS.items():
        tables = [
            (name, records[name]) for name, held in INVENTORY.items() if held.topic == key and name in records
        ]
        if tables:
            found.append((topic.title, tables))
    return found


def _records(person_id: int) -> dict[str, list[Row]]:
    raw = {name: _rows(held, person_id) for name, held in INVENTORY.items()}
    names = _names_of(raw)
    return {name: [_plain(name, row, names) for row in rows] for name, rows in raw.items()}


def _rows(held: Held, person_id: int) -> list[sa.RowMapping]:
    table = table_called(held.table)
    columns = [column for column in table.columns if column.name not in (*held.secret, "district_id")]
    wanted = sa.select(*columns).where(about(held, person_id)).order_by(table.c.id)
    return list(db.execute(wanted).mappings())


def _names_of(raw: Mapping[str, list[sa.RowMapping]]) -> dict[str, dict[int, Any]]:
    """{table: {number: what it is called}} for everything that the rows point at, one query a table."""
    wanted: dict[str, set[int]] = {}
    for name, rows in raw.items():
        for column, target in _pointers(name):
            wanted.setdefault(target, set()).update(
                row[column] for row in rows if row.get(column) is not None
            )
    found = {}
    for target, numbers in wanted.items():
        table = table_called(target)
        asked = sa.select(table.c.id, table.c[SAID_AS[target]]).where(table.c.id.in_(numbers))
        found[target] = {row[0]: row[1] for row in db.execute(asked)} if numbers else {}
    return found


def _pointers(name: str) -> Iterable[tuple[str, str]]:
    for key in table_called(name).foreign_keys:
        if key.column.table.name in SAID_AS:
            yield key.parent.name, key.column.table.name


def _plain(name: str, row: sa.RowMapping, names: Mapping[str, Mapping[int, Any]]) -> Row:
    targets = dict(_pointers(name))
    plain = {}
    for column, value in row.items():
        said = value
        if column in targets and value is not None:
            said = names[targets[column]].get(value)
        plain[str(column)] = said.isoformat() if isinstance(said, (datetime, date)) else said
    return plain


def _hand_in(person_id: int) -> list[Row]:
    """Where they had a hand in somebody else's records: how often, never what stands there about the other person."""
    found = []
    for name, held in INVENTORY.items():
        table = table_called(name)
        for column in held.by:
            rows = db.scalar(
                sa.select(sa.func.count()).select_from(table).where(table.c[column] == person_id)
            )
            if rows:
                found.append({"table": name, "column": column, "rows": rows})
    return found


def _audit(person: Person) -> list[Row]:
    name = f"person:{person.public_id}"
    entries = db.scalars(
        sa.select(AuditEntry)
        .where(
            AuditEntry.district_id == person.district_id,
            sa.or_(AuditEntry.subject == name, AuditEntry.actor == name),
        )
        .order_by(AuditEntry.seq)
    )
    return [
        {
            "seq": each.seq,
            "at": each.at.isoformat(),
            "actor": each.actor,
            "action": each.action,
            "subject": each.subject,
            "detail": each.detail,
        }
        for each in entries
    ]


def _disclosures(person: Person) -> list[Row]:
    """Who may have been given records of theirs: of them alone, of a class of theirs, of their audience, of all."""
    classes = db.scalars(sa.select(Enrollment.classroom_id).filter_by(person_id=person.id))
    subjects = [
        f"person:{person.public_id}",
        f"audience:{person.audience}",
        "district",
        *(f"class:{each}" for each in classes),
    ]
    kinds = (Disclosure.reader, Disclosure.kind, Disclosure.purpose, Disclosure.subject)
    rows = db.execute(
        sa.select(*kinds, sa.func.count(), sa.func.min(Disclosure.at), sa.func.max(Disclosure.at))
        .where(
            Disclosure.district_id == person.district_id,
            Disclosure.subject.in_(subjects),
            Disclosure.at >= person.created_at,
        )
        .group_by(*kinds)
        .order_by(*kinds)
    )
    return [
        {
            "reader": reader,
            "kind": kind,
            "purpose": purpose,
            "subject": subject,
            "times": times,
            "first_at": first.isoformat(),
            "last_at": last.isoformat(),
        }
        for reader, kind, purpose, subject, times, first, last in rows
    ]
