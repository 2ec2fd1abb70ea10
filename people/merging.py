"""Put two records of one human being together, and take them apart again exactly.

Every table that points at a person is found in the metadata, so that a new one can not be forgotten: its rows follow
to the record that is kept. Where both have what only one may have, the package of the table says what gives way
(`when_both`); what nobody speaks for stays where it is, and is noted as neither moved nor lost.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from core.clock import now
from core.database import Base, UtcDateTime, db
from core.errors import Refused
from people.audit import Actor, record
from people.merge_models import Merge
from people.models import BY_HAND, Identity, Person
from people.operators import SCHEME as OPERATOR_SCHEME

STAY = {
    "person_merge.kept_id": "it says who was merged",
    "person_merge.gone_id": "it says who was merged",
    "review.person_id": "each record's standing is looked at by itself",
    "standing.person_id": "the worker writes the standing of both anew",
    "standing_change.person_id": "the numbered log says what readers were told then",
}
"""{table.column: why rows of it do not follow}"""

Resolver = Callable[[Sequence[Any], Sequence[Any], "Book"], None]
"""Rows of the one who is kept, rows of the one who goes, and where changes are written down."""

_resolvers: dict[str, Resolver] = {}
_told: list[Callable[[int, Sequence[int]], None]] = []


class CanNotMerge(Refused):
    code = "can_not_merge"


class Book:
    """What a merge changes besides whom rows name, with what stood there before."""

    def __init__(self) -> None:
        self.changed: list[list[Any]] = []

    def change(self, row: Any, **values: Any) -> None:
        for name, value in values.items():
            before = getattr(row, name)
            if before != value:
                self.changed.append([row.__tablename__, row.id, name, _plain(before), _plain(value)])
                setattr(row, name, value)


def when_both(table: str, resolver: Resolver) -> None:
    """Say what gives way in a table where each of two people has what one may have. app.py introduces the packages."""
    _resolvers[table] = resolver


def tell(reader: Callable[[int, Sequence[int]], None]) -> None:
    """Have `reader(district id, person ids)` called for both people after each merge and each undoing."""
    if reader not in _told:
        _told.append(reader)


def merge(kept: Person, gone: Person, actor: Actor, *, accounts: str = BY_HAND) -> Merge:
    """Everything of `gone` follows to `kept`. Raises CanNotMerge.

    `accounts`: the source of their accounts in LMSs from now on; that of an office, where nobody says otherwise.
    """
    _may_merge(kept, gone)
    book, moved = Book(), {}
    for account in db.scalars(sa.select(Identity).filter_by(person_id=gone.id, scheme="lti")):
        book.change(account, source=accounts)
    db.flush()
    for table in Base.metadata.sorted_tables:
        for column in person_columns(table):
            name = f"{table.name}.{column.name}"
            if name not in STAY:
                if column.name == "person_id" and table.name in _resolvers:
                    _resolve(table, kept, gone, book)
                ids = _move(table, column, gone.id, kept.id)
                if ids:
                    moved[name] = ids
    # An empty record owes nothing and is nobody's pupil or colleague.
    audience = "staff" if "staff" in (kept.audience, gone.audience) else kept.audience
    book.change(kept, audience=gone.audience if audience == "unknown" else audience)
    book.change(gone, audience="unknown")
    made = Merge(
        district_id=kept.district_id, kept_id=kept.id, gone_id=gone.id, by=actor.name, moved=moved,
        changed=book.changed,
    )  # fmt: skip
    db.add(made)
    db.flush()
    _note(made, actor, "people_merged", kept, gone)
    return made


def undo(made: Merge, actor: Actor) -> None:
    """Every row back to whom it was taken from, as it was. What has come since then stays with who was kept, and a
    row that has changed since then keeps its change. Raises CanNotMerge."""
    if made.undone_at is not None:
        raise CanNotMerge("This was undone already.")
    later = sa.select(Merge.id).where(
        Merge.id > made.id,
        Merge.undone_at.is_(None),
        sa.or_(
            Merge.kept_id.in_((made.kept_id, made.gone_id)), Merge.gone_id.in_((made.kept_id, made.gone_id))
        ),
    )
    if db.scalar(later.limit(1)):
        raise CanNotMerge("One of the two was merged again since then; undo that first.")
    db.flush()
    for name, ids in made.moved.items():
        table_name, column_name = name.split(".")
        table = Base.metadata.tables[table_name]
        column = table.c[column_name]
        db.execute(
            sa.update(table)
            .where(table.c.id.in_(ids), column == made.kept_id)
            .values({column_name: made.gone_id})
        )
    _change_back(made)
    made.undone_at, made.undone_by = now(), actor.name
    db.flush()
    db.expire_all()
    kept, gone = db.get_one(Person, made.kept_id), db.get_one(Person, made.gone_id)
    _note(made, actor, "merge_undone", kept, gone)


def _change_back(made: Merge) -> None:
    """Row by row, the last first: the columns of a row go together, and numbers do not meet."""
    rows: dict[tuple[str, int], list[tuple[str, Any, Any]]] = {}
    for table_name, row_id, column_name, before, after in reversed(made.changed):
        rows.setdefault((table_name, row_id), []).append((column_name, before, after))
    for (table_name, row_id), changes in rows.items():
        table = Base.metadata.tables[table_name]
        now_there = db.execute(sa.select(table).where(table.c.id == row_id)).mappings().one_or_none()
        values = {
            name: _typed(table.c[name], before)
            for name, before, after in changes
            if now_there is not None and now_there[name] == _typed(table.c[name], after)
        }
        if values:
            db.execute(sa.update(table).where(table.c.id == row_id).values(values))


def person_columns(table: sa.Table) -> Iterator[sa.Column[Any]]:
    """The columns of a table that name a person."""
    for column in table.columns:
        if any(key.target_fullname == "person.id" for key in column.foreign_keys):
            yield column


def was_known_as(district_id: int, public_id: str, now_known_as: str) -> bool:
    """Whether the record of one id was merged into that of another: what was signed under the one is the other's."""
    kept, gone = sa.orm.aliased(Person), sa.orm.aliased(Person)
    wanted = (
        sa.select(gone.public_id)
        .select_from(Merge)
        .join(kept, kept.id == Merge.kept_id)
        .join(gone, gone.id == Merge.gone_id)
        .where(Merge.district_id == district_id, Merge.undone_at.is_(None))
    )
    names, found = [now_known_as], {now_known_as}
    while names:  # a chain of merges is as long as somebody has accounts
        names = [each for each in db.scalars(wanted.where(kept.public_id.in_(names))) if each not in found]
        found.update(names)
    return public_id in found


def _may_merge(kept: Person, gone: Person) -> None:
    if kept.id == gone.id:
        raise CanNotMerge("These are the same record already.")
    if kept.district_id != gone.district_id:
        raise CanNotMerge("People of two districts are two people here.")
    over = sa.select(Merge.id).where(Merge.gone_id.in_((kept.id, gone.id)), Merge.undone_at.is_(None))
    if db.scalar(over.limit(1)):
        raise CanNotMerge("One of the two was merged into another record already.")
    identity = Base.metadata.tables["identity"]
    operators = sa.select(identity.c.id).where(
        identity.c.person_id.in_((kept.id, gone.id)), identity.c.scheme == OPERATOR_SCHEME
    )
    if db.scalar(operators.limit(1)):
        raise CanNotMerge("The operator of the command line is nobody of the district.")


def _resolve(table: sa.Table, kept: Person, gone: Person, book: Book) -> None:
    model = next(each.class_ for each in Base.registry.mappers if each.local_table is table)
    rows = {
        person.id: db.scalars(sa.select(model).where(model.person_id == person.id).order_by(model.id)).all()
        for person in (kept, gone)
    }
    if rows[kept.id] and rows[gone.id]:
        _resolvers[table.name](rows[kept.id], rows[gone.id], book)
        db.flush()


def _move(table: sa.Table, column: sa.Column[Any], gone_id: int, kept_id: int) -> list[int]:
    """Ids of the rows that follow. One that would break a rule of its table stays."""
    ids = list(db.scalars(sa.select(table.c.id).where(column == gone_id).order_by(table.c.id)))
    if not ids or _moves(table, column, ids, kept_id):
        return ids
    return [each for each in ids if _moves(table, column, [each], kept_id)]


def _moves(table: sa.Table, column: sa.Column[Any], ids: list[int], kept_id: int) -> bool:
    try:
        with db.begin_nested():
            db.execute(sa.update(table).where(table.c.id.in_(ids)).values({column.name: kept_id}))
    except IntegrityError:
        return False
    return True


def _note(made: Merge, actor: Actor, action: str, kept: Person, gone: Person) -> None:
    db.expire_all()
    record(
        made.district_id, actor, action, f"person:{kept.public_id}", gone=f"person:{gone.public_id}",
        merge=made.id, rows=sum(len(ids) for ids in made.moved.values()),
    )  # fmt: skip
    for reader in _told:
        reader(made.district_id, (made.kept_id, made.gone_id))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _typed(column: sa.Column[Any], value: Any) -> Any:
    is_time = isinstance(column.type, UtcDateTime) and value is not None
    return datetime.fromisoformat(value) if is_time else value
