"""The retention schedule, carried out: what is past its term is set aside, counted where it counts, and destroyed.

A batch is one transaction. Its rows are on the disk before they leave the table, and are counted as delivered in the
transaction that removes them, so that a worker killed anywhere loses nothing and counts nothing twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.clock import now
from core.database import db, table_of
from held.inventory import table_called
from held.reaching import about, children_first, hanging_from, reach
from held.schedule import terms_of
from held.shape import Held
from held.tables import INVENTORY
from held.terms import Term
from people.audit import WORKER, record
from people.disclosure_models import Disclosure
from people.disclosures import disclose
from people.holds import holds_of, is_held, take_turns
from people.models import District, Enrollment, Person
from privacy import bundles
from privacy.deliveries import count_away
from privacy.due import Past, due_rows, kinds_of, past_years, people_gone
from privacy.erasing import erase
from privacy.models import Delivered

BATCH = 2000
PEOPLE_AT_ONCE = 50

BY_THEIR_DAY = {"disclosures": (Disclosure, Disclosure.at), "deliveries": (Delivered, Delivered.created_at)}
"""Kinds of the whole district. While any hold is in force there they rest, for they may speak of whoever it covers."""


@dataclass(frozen=True)
class Turn:
    """One district at one moment, and where its rows are set aside."""

    district: District
    terms: Mapping[str, Term]
    past: Mapping[str, Past]
    any_hold: bool
    folder: Path
    at: datetime

    def before(self, kind: str) -> datetime:
        """What is older than this is past its term. Counted backwards, which is a day late at the most."""
        return self.at - timedelta(days=self.terms[kind].most_days)


def purge_due(folder: Path) -> int:
    """Worker step, one transaction: one batch of one table of one district. Returns rows; 0 means nothing is due."""
    for district in db.scalars(sa.select(District).order_by(District.id)).all():
        take_turns(district.id)
        turn = _turn(district, folder)
        for work in (_purge_rows, _purge_people, _purge_by_day, _forget_names, _forget_bundles):
            if count := work(turn):
                return count
    return 0


def what_is_due(district: District, folder: Path) -> dict[str, int]:
    """{table or kind: how many}, with nothing changed."""
    turn = _turn(district, folder)
    found: dict[str, int] = {}
    for held, _kind, wanted in _wanted(turn):
        found[held.table] = found.get(held.table, 0) + _count(wanted)
    if (gone := people_gone(district, turn.past)) is not None:
        found["person"] = _count(gone)
    found |= {kind: _count(wanted) for kind, wanted in _by_day(turn)}
    found["enrollment.display_name"] = _count(_left_names(turn))
    found["bundles"] = 0 if turn.any_hold else bundles.count_old(turn.folder, turn.before("bundles"))
    return {name: count for name, count in found.items() if count}


def _turn(district: District, folder: Path) -> Turn:
    at, terms = now(), terms_of(district.id)
    any_hold = bool(holds_of(district.id, in_force=True))
    return Turn(district, terms, past_years(district, terms, at), any_hold, folder / district.slug, at)


def _wanted(turn: Turn) -> Iterator[tuple[Held, str, sa.Select[Any]]]:
    for held in children_first():
        for kind in kinds_of(held):
            if (wanted := due_rows(held, kind, turn.district, turn.past[kind])) is not None:
                yield held, kind, wanted


def _purge_rows(turn: Turn) -> int:
    for held, kind, wanted in _wanted(turn):
        if ids := list(db.scalars(wanted.limit(BATCH))):
            return _destroy(turn, held, kind, ids)
    return 0


def _destroy(turn: Turn, held: Held, kind: str, ids: Sequence[int]) -> int:
    """Rows and what hangs from them."""
    count = 0
    for child in hanging_from(held):
        column = table_called(child.table).c[child.about]
        hanging = sa.select(table_called(child.table).c.id).where(column.in_(ids)).order_by(sa.text("1"))
        if below := list(db.scalars(hanging)):
            count += _destroy(turn, child, kind, below)
    table = table_called(held.table)
    _keep_aside(turn, kind, held.table, table.c.id.in_(ids), people=_people_in(held, ids))
    if held.table == "evidence":
        count_away(turn.district, db.execute(sa.select(table).where(table.c.id.in_(ids))).mappings().all())
    db.execute(sa.delete(table).where(table.c.id.in_(ids)))
    return count + len(ids)


def _purge_people(turn: Turn) -> int:
    """Whoever is gone, with all that is left of them: a certificate for each."""
    gone = people_gone(turn.district, turn.past)
    people = (
        [db.get_one(Person, each) for each in db.scalars(gone.limit(PEOPLE_AT_ONCE))]
        if gone is not None
        else []
    )
    for person in people:
        kind = "staff_evidence" if person.audience == "staff" else "pupil_records"
        for held in INVENTORY.values():
            _keep_aside(turn, kind, held.table, about(held, person.id), people=1)
        erase(person, WORKER)
    return len(people)


def _by_day(turn: Turn) -> Iterator[tuple[str, sa.Select[Any]]]:
    if turn.any_hold:
        return
    for kind, (model, day) in BY_THEIR_DAY.items():
        table = table_of(model)
        wanted = sa.select(table.c.id).where(table.c.district_id == turn.district.id, day < turn.before(kind))
        yield kind, wanted.order_by(table.c.id)


def _purge_by_day(turn: Turn) -> int:
    for kind, wanted in _by_day(turn):
        if ids := list(db.scalars(wanted.limit(BATCH))):
            table = table_of(BY_THEIR_DAY[kind][0])
            _keep_aside(turn, kind, table.name, table.c.id.in_(ids), people=0)
            db.execute(sa.delete(table).where(table.c.id.in_(ids)))
            return len(ids)
    return 0


def _left_names(turn: Turn) -> sa.Select[Any]:
    """Names that a hold kept when their people left the class (people.directory), and that no hold keeps now."""
    return sa.select(Enrollment.id).where(
        Enrollment.district_id == turn.district.id,
        Enrollment.left_at.is_not(None),
        sa.type_coerce(Enrollment.display_name, sa.Text).is_not(None),
        sa.not_(is_held(Enrollment.person_id, turn.district.id)),
    )


def _forget_names(turn: Turn) -> int:
    ids = list(db.scalars(_left_names(turn).limit(BATCH)))
    db.execute(sa.update(table_of(Enrollment)).where(Enrollment.id.in_(ids)).values(display_name=None))
    return len(ids)


def _forget_bundles(turn: Turn) -> int:
    if turn.any_hold or not turn.folder.exists():
        return 0
    count = bundles.forget_old(turn.folder, turn.before("bundles"))
    if count:
        record(turn.district.id, WORKER, "bundles_removed", "retention:bundles", files=count)
    return count


def _keep_aside(turn: Turn, kind: str, name: str, which: sa.ColumnElement[bool], people: int) -> None:
    table = table_called(name)
    rows = db.execute(sa.select(*bundles.as_stored(table)).where(which).order_by(table.c.id)).mappings().all()
    if not rows:
        return
    file, digest = bundles.set_aside(turn.folder / kind, name, rows)
    record(
        turn.district.id,
        WORKER,
        "purged",
        f"retention:{kind}",
        table=name,
        rows=len(rows),
        file=file,
        sha256=digest,
    )
    disclose(turn.district.id, WORKER, "retention_bundle", "district", people)


def _people_in(held: Held, ids: Sequence[int]) -> int:
    source, person_id = reach(held)
    table = table_called(held.table)
    counted = sa.select(sa.func.count(sa.distinct(person_id))).select_from(source).where(table.c.id.in_(ids))
    return db.scalar(counted) or 0


def _count(wanted: sa.Select[Any]) -> int:
    return db.scalar(sa.select(sa.func.count()).select_from(wanted.order_by(None).subquery())) or 0
