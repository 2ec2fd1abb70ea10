"""Read standings: as a list, as what changed since, and one by one. A page costs the same wherever it lies."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

import sqlalchemy as sa

from access.bookmarks import Filters
from access.models import Standing, StandingLog
from access.policy import STRICTEST_FIRST
from core.database import db
from core.errors import NotFound
from people.directory import person_called, print_of
from people.merged import found_at, not_merged
from people.models import District, Identity, Person

Row = tuple[Standing, str]
"""A standing and the public id of its person."""

SCHEMES = ("sis", "email", "username")
"""Names by which IT knows people."""


SAYS_NOTHING = ("other_audience", "not_assigned")
"""Reasons of `not_applicable` that leave the word to the person's other requirements."""


class Judged(Protocol):
    """A standing, or a row with these columns of one."""

    @property
    def state(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def access(self) -> str: ...


S = TypeVar("S", bound=Judged)


class NoSuchStanding(NotFound):
    code = "no_such_standing"


def last_seq(district_id: int) -> int:
    """Everything numbered up to here is committed and to be seen."""
    return db.scalar(sa.select(StandingLog.last_seq).filter_by(district_id=district_id)) or 0


def page(district_id: int, filters: Filters, after: tuple[str, int] | None, limit: int) -> list[Row]:
    """Up to `limit` standings after (requirement, id), in that order."""
    return _rows(in_order(district_id, filters, after).limit(limit))


def in_order(district_id: int, filters: Filters, after: tuple[str, int] | None) -> sa.Select[Standing, str]:
    """The list from a place on, as the index has it: a far page costs what the first does.

    Whose record was merged into another's is not in it: the other one is.
    """
    wanted = _wanted(district_id, filters).where(not_merged(Standing.person_id))
    if filters.requirement:
        # Said by id alone: SQLite sorts anew when told the order of a column that has one value.
        place = after[1] if after else 0
        return wanted.where(Standing.id > place).order_by(Standing.id)
    if after:
        wanted = wanted.where(
            sa.tuple_(Standing.requirement, Standing.id) > sa.tuple_(*map(sa.literal, after))
        )
    return wanted.order_by(Standing.requirement, Standing.id)


def changed_since(district_id: int, filters: Filters, seq: int, limit: int) -> list[Row]:
    """The newest standing of each person that changed after `seq`, by number. Who changes while you read
    moves to the end, so nothing is missed and nothing old is seen twice.
    """
    wanted = _wanted(district_id, filters).where(Standing.seq > seq)
    return _rows(wanted.order_by(Standing.seq).limit(limit))


def how_many(district_id: int, filters: Filters) -> int:
    """People in the list."""
    wanted = _wanted(district_id, filters).where(not_merged(Standing.person_id))
    return db.scalar(wanted.with_only_columns(sa.func.count(Standing.person_id.distinct()))) or 0


def of_many(
    district: District, scheme: str, values: Sequence[str], requirement: str | None
) -> list[Row | None]:
    """For each value in its place what of_one answers, or None. The same number of queries for any number of them."""
    ids = _person_ids(district, scheme, values)
    wanted = sa.select(Standing, Person.public_id).join(Person, Person.id == Standing.person_id)
    wanted = wanted.where(Standing.person_id.in_(set(ids.values())), Standing.district_id == district.id)
    if requirement:
        wanted = wanted.where(Standing.requirement == requirement)
    of_person: dict[int, list[Row]] = {}
    for row in _rows(wanted.order_by(Standing.id)):
        of_person.setdefault(row[0].person_id, []).append(row)
    return [_strictest_row(of_person.get(ids.get(value, 0), [])) for value in values]


def of_one(district: District, scheme: str, value: str, requirement: str | None) -> Row:
    """A person's standing; without a requirement the strictest they have, which is what a gate must act on.

    Raises NoSuchStanding: nobody by that name here, or nothing is asked of them.
    """
    person_id = _person_id(district, scheme, value)
    wanted = sa.select(Standing, Person.public_id).join(Person, Person.id == Standing.person_id)
    # "+ 0" keeps SQLite from reading all of a district's standings by their index on (district, seq).
    wanted = wanted.where(Standing.person_id == person_id, Standing.district_id + 0 == district.id)
    if requirement:
        wanted = wanted.where(Standing.requirement == requirement)
    row = _strictest_row(_rows(wanted.order_by(Standing.id)) if person_id else [])
    if row is None:
        raise NoSuchStanding("There is no standing for this person here.")
    return row


def strictest(standings: Sequence[S]) -> S:
    """Of one person's standings the one to act on: the first of the strictest.

    A requirement for another audience, or one that was never asked, says nothing of somebody who has another: who was
    a pupil and now teaches is not denied for it.
    """
    speaking = [
        each for each in standings if each.state != "not_applicable" or each.reason not in SAYS_NOTHING
    ]
    return min(speaking or standings, key=lambda each: STRICTEST_FIRST.index(each.access))


def vouched(email: str, district: District) -> bool:
    """Whether the district answers for this address; one of another domain identifies nobody to its IT."""
    return vouched_in(email, district.email_domains)


def vouched_in(email: str, domains: Iterable[str]) -> bool:
    domain = email.rpartition("@")[2].casefold()
    return domain in {each.casefold() for each in domains}


def _person_id(district: District, scheme: str, value: str) -> int | None:
    if scheme == "email" and not vouched(value, district):
        return None
    person = person_called(district.id, scheme, value)
    return person.id if person else None


def _person_ids(district: District, scheme: str, values: Sequence[str]) -> dict[str, int]:
    """{value: person id} of those that are known, as _person_id finds them."""
    asked = {each for each in values if each.isprintable()}
    if scheme == "id":
        wanted = sa.select(Person.public_id, Person.id)
        wanted = wanted.where(Person.district_id == district.id, Person.public_id.in_(asked))
        known = {row.public_id: row.id for row in db.execute(wanted)}
        merged = found_at(district.id, list(known.values()))
        return {
            each: merged[person_id][0] if person_id in merged else person_id
            for each, person_id in known.items()
        }
    if scheme == "email":
        asked = {each for each in asked if vouched(each, district)}
    prints = {each: print_of(district.id, scheme, "", each) for each in asked}
    of_print = {
        row.fingerprint: row.person_id
        for row in db.execute(
            sa.select(Identity.fingerprint, Identity.person_id).where(
                Identity.district_id == district.id,
                Identity.scheme == scheme,
                Identity.issuer == "",
                Identity.fingerprint.in_(set(prints.values())),
            )
        )
    }
    return {each: of_print[found] for each, found in prints.items() if found in of_print}


def _strictest_row(rows: Sequence[Row]) -> Row | None:
    if not rows:
        return None
    strict = strictest([row[0] for row in rows])
    return next(row for row in rows if row[0] is strict)


def _wanted(district_id: int, filters: Filters) -> sa.Select[Standing, str]:
    wanted = (
        sa.select(Standing, Person.public_id)
        .join(Person, Person.id == Standing.person_id)
        .where(Standing.district_id == district_id)
    )
    if filters.requirement:
        wanted = wanted.where(Standing.requirement == filters.requirement)
    if filters.audience:
        wanted = wanted.where(Standing.audience == filters.audience)
    return wanted


def _rows(wanted: sa.Select[Standing, str]) -> list[Row]:
    found = db.execute(wanted)
    return [(standing, public_id) for standing, public_id in found]
