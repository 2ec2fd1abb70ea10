"""Each person of a district once, with the standing a gate must act on and the names IT knows them by.

Read in portions by number, so that a district of a million costs no more memory than one of a thousand.
"""

from collections import defaultdict
from collections.abc import Iterator
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


def everybody(
    district: District, *, after_seq: int = 0, changed_since: datetime | None = None
) -> Iterator[Listed]:
    """Those with a standing, or with one that changed after a number or a time; always with their strictest.

    Whoever is denied is in it like everybody else: that a row is missing means nothing.
    """
    after = 0
    while True:
        ids = _next_ids(district, after, after_seq, changed_since)
        if not ids:
            return
        yield from _portion(district, ids)
        after = ids[-1]


def _next_ids(district: District, after: int, after_seq: int, changed_since: datetime | None) -> list[int]:
    wanted = sa.select(Standing.person_id).where(
        Standing.district_id == district.id, Standing.person_id > after
    )
    if after_seq:
        wanted = wanted.where(Standing.seq > after_seq)
    if changed_since is not None:
        wanted = wanted.where(Standing.changed_at > changed_since)
    return list(db.scalars(wanted.distinct().order_by(Standing.person_id).limit(PORTION)))


def _portion(district: District, ids: list[int]) -> Iterator[Listed]:
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
