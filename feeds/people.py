"""Each person of a district once, with the standing a gate must act on and the names IT knows them by.

Read in portions by number, so that a district of a million costs no more memory than one of a thousand.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from access.listing import SCHEMES, strictest, vouched
from access.models import Standing
from completion.dates import last_day_before
from core.database import db
from feeds.listed import Listed
from people.directory import identities_of
from people.models import District, Person

PORTION = 1000


@dataclass(frozen=True)
class Since:
    """Of whom a list speaks: everybody, or those of whom a standing changed after a number or a time."""

    seq: int = 0
    changed_at: datetime | None = None


EVERYBODY = Since()


def everybody(district: District, since: Since = EVERYBODY) -> Iterator[Listed]:
    """Those with a standing, or with one that changed; always with their strictest.

    Whoever is denied is in it like everybody else: that a row is missing means nothing.
    """
    after: int | None = 0
    while after is not None:
        people, after = portion(district, since, after)
        yield from people


def portion(district: District, since: Since, after: int) -> tuple[list[Listed], int | None]:
    """The next of them after this number (0 to begin with), and the number to go on with; None after the last."""
    ids = list(
        db.scalars(
            _person_ids(district, since)
            .where(Standing.person_id > after)
            .order_by(Standing.person_id)
            .limit(PORTION)
        )
    )
    return list(_listed_by(district, ids)), ids[-1] if len(ids) == PORTION else None


def how_many(district: District, since: Since) -> int:
    return db.scalar(sa.select(sa.func.count()).select_from(_person_ids(district, since).subquery())) or 0


def _person_ids(district: District, since: Since) -> sa.Select[int]:
    wanted = sa.select(Standing.person_id).where(Standing.district_id == district.id)
    if since.seq:
        wanted = wanted.where(Standing.seq > since.seq)
    if since.changed_at is not None:
        wanted = wanted.where(Standing.changed_at > since.changed_at)
    return wanted.distinct()


def _listed_by(district: District, ids: list[int]) -> Iterator[Listed]:
    standings: dict[int, list[Any]] = defaultdict(list)
    for row in db.execute(
        sa.select(
            Standing.person_id, Person.public_id, Standing.audience, Standing.access, Standing.state,
            Standing.reason, Standing.valid_until, Standing.seq,
        )
        .join(Person, Person.id == Standing.person_id)
        .where(Standing.district_id == district.id, Standing.person_id.in_(ids))
        .order_by(Standing.id)
    ):  # fmt: skip
        standings[row.person_id].append(row)
    names = identities_of(ids, SCHEMES)
    for person_id in ids:
        yield _listed(district, standings[person_id], names.get(person_id, {}))


def _listed(district: District, rows: list[Any], names: dict[str, str]) -> Listed:
    first = strictest(rows)
    email = names.get("email", "")
    until = first.valid_until
    return Listed(
        id=first.public_id,
        sis=names.get("sis", ""),
        username=names.get("username", ""),
        email=email if email and vouched(email, district) else "",
        audience=first.audience,
        access=first.access,
        state=first.state,
        valid_until=last_day_before(until, district.timezone) if until else None,
        seq=max(row.seq for row in rows),
    )
