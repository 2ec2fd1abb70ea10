"""IT's list in constant memory, by page and as a stream; and a delta that costs by changes, not by people."""

import json
import tracemalloc
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from access import listing
from access.bookmarks import Bookmarks, Delta, Filters
from access.models import Standing, StandingLog
from access.streaming import NDJSON
from bench.figures import Figure, at_most, seconds_of
from bench.stage import DATABASES, stage
from core.clock import now
from core.database import db, only_reading, transaction
from people import api_clients
from people.api_tokens import issue_token
from people.directory import print_of
from people.models import District, Identity, Person, new_person_id

FEW, MANY, EVERYBODY, A_CROWD = 1_000, 10_000, 100_000, 1_000_000
CHANGES = 100
PULLS = 15
PAGE = 1_000
FILL = 10_000
"""Rows to an insert."""


def measure(
    few: int = FEW,
    many: int = MANY,
    everybody: int = EVERYBODY,
    changes: int = CHANGES,
    crowd: int = A_CROWD,
) -> Iterator[Figure]:
    for kind in DATABASES:
        with stage(kind) as (app, school):
            it = Reader(app, school.district)
            peaks, streams, exports, pulls = {}, {}, {}, {}
            for size in (few, many, everybody):
                fill(school.district.id, size)
                peaks[size], delta = it.list_all(size)
                change(school.district.id, changes)
                pulls[size] = it.pull(delta, changes)
                streams[size] = it.stream("/api/v1/standings", it.bearer, size)
                exports[size] = it.stream("/export/ise/v1/standings", it.basic, size)
            if kind == "postgresql":
                gather(school.district.id, crowd)
                delta = it.newest_delta(school.district.id)
                change(school.district.id, changes)
                pulls[crowd] = it.pull(delta, changes)
        yield Figure(
            f"IT list of {everybody:,}, peak memory, {kind}", "MB", peaks[everybody], peaks[many], f"that of {many:,}",
            "<= 1.2 x + 2 MB", kept=peaks[everybody] <= 1.2 * peaks[many] + 2,
        )  # fmt: skip
        for what, found in (("stream", streams), ("ISE list", exports)):
            yield Figure(
                f"{what} of {everybody:,}, peak memory, {kind}", "MB", found[everybody], found[many],
                f"that of {many:,}", "<= 1.2 x + 2 MB", kept=found[everybody] <= 1.2 * found[many] + 2,
            )  # fmt: skip
        if crowd in pulls:
            yield at_most(
                f"{changes} changes among {crowd:,}, {kind}", "ms", 1000 * pulls[crowd], 1000 * pulls[many],
                f"those among {many:,}", 10,
            )  # fmt: skip
        yield at_most(
            f"{changes} changes among {everybody:,}, {kind}", "ms", 1000 * pulls[everybody], 1000 * pulls[few],
            f"those among {few:,}", 3,
        )  # fmt: skip


class Reader:
    """A program of IT's that reads standings."""

    def __init__(self, app: Flask, district: District) -> None:
        self.app, self.district_id = app, district.id
        with transaction():
            client, secret = api_clients.issue(
                db.merge(district), "bench", ["standing.read"], per_minute=60_000
            )
            self.bearer = f"Bearer {issue_token(client, ['standing.read'])}"
            self.basic = f"Basic {b64encode(f'{client.client_id}:{secret}'.encode()).decode()}"

    def get(self, path: str) -> dict:
        headers = {"Authorization": self.bearer}
        environ = EnvironBuilder(path, base_url="http://localhost:8000", headers=headers).get_environ()
        body, status, _ = run_wsgi_app(self.app, environ, buffered=True)
        assert status.startswith("200"), (status, path)
        return json.loads(b"".join(body))

    def list_all(self, size: int) -> tuple[float, str]:
        """The most memory there was in MB, each page forgotten once it was counted; and the delta to go on with."""
        first = f"/api/v1/standings?limit={PAGE}"
        self.get(first)
        tracemalloc.start()
        try:
            page = self.get(first)
            read = len(page["items"])
            while page["next"]:
                page = self.get(f"{first}&cursor={page['next']}")
                read += len(page["items"])
            assert read == size, f"{read} of {size} standings were listed"
            return tracemalloc.get_traced_memory()[1] / 1e6, page["delta"]
        finally:
            tracemalloc.stop()

    def stream(self, path: str, who: str, size: int) -> float:
        """The most memory there was in MB, each line forgotten once it was counted."""
        headers = {"Authorization": who, "Accept": NDJSON}
        environ = EnvironBuilder(path, base_url="http://localhost:8000", headers=headers).get_environ()
        tracemalloc.start()
        try:
            body, status, _ = run_wsgi_app(self.app, environ, buffered=False)
            read = sum(chunk.count(b'"state":') for chunk in body)
            assert (status[:3], read) == ("200", size), f"{status}: {read} of {size} standings were streamed"
            return tracemalloc.get_traced_memory()[1] / 1e6
        finally:
            tracemalloc.stop()

    def newest_delta(self, district_id: int) -> str:
        """As the last page of a list would give it, without reading a million to get there."""
        with only_reading():
            last_seq = listing.last_seq(district_id)
        return Bookmarks(current_secret(self.app), district_id).delta(Delta(Filters(), last_seq))

    def pull(self, delta: str, changes: int) -> float:
        """Seconds of the quickest of a few pulls."""
        path = f"/api/v1/standings/changes?limit={PAGE}&delta={delta}"
        assert len(self.get(path)["items"]) == changes
        return min(seconds_of(lambda: self.get(path)) for _ in range(PULLS))


def fill(district_id: int, size: int) -> None:
    """Staff with a number of theirs, all of whom have done what was asked, until there are `size`."""
    with transaction():
        there = db.scalar(sa.select(sa.func.count(Standing.id))) or 0
        for begin in range(there, size, FILL):
            add_people(district_id, begin, min(FILL, size - begin))
        if db.get_bind().dialect.name == "postgresql":
            db.execute(sa.text("ANALYZE"))  # as autovacuum would within the minute


def add_people(district_id: int, begin: int, count: int, scheme: str = "sis") -> None:
    district = {"district_id": district_id}
    db.execute(
        sa.insert(Person),
        [district | {"public_id": new_person_id(), "audience": "staff"} for _ in range(count)],
    )
    newest = sa.select(Person.id).order_by(Person.id.desc()).limit(count)
    people = list(enumerate(sorted(db.scalars(newest)), begin + 1))
    db.execute(
        sa.insert(Identity),
        [
            district
            | {
                "person_id": person_id,
                "scheme": scheme,
                "issuer": "",
                "value": f"{number}",
                "source": "roster",
            }
            | {"fingerprint": print_of(district_id, scheme, "", f"{number}")}
            for number, person_id in people
        ],
    )
    done = {
        "requirement": "rua", "audience": "staff", "period": "2026-27", "state": "complete", "access": "allow",
        "would_be": "allow",
        "reason": "course", "valid_until": now() + timedelta(days=200), "changed_at": now(),
    }  # fmt: skip
    seq = draw(district_id, count)
    db.execute(
        sa.insert(Standing),
        [district | done | {"person_id": each, "seq": seq + place} for place, (_, each) in enumerate(people)],
    )


def gather(district_id: int, size: int) -> None:
    """Until there are `size` people with a standing each; those who come have no name, and are in no change.

    PostgreSQL makes the rows itself: a million of ours would take the minutes that only the sealing of names takes.
    """
    with transaction():
        there = db.scalar(sa.select(sa.func.count(Standing.id))) or 0
        said = {"district": district_id, "count": size - there, "seq": draw(district_id, size - there)}
        db.execute(
            sa.text(
                "WITH come AS (INSERT INTO person (district_id, public_id, audience, created_at) "
                "SELECT :district, 'p_crowd' || (:seq + n), 'staff', now() "
                "FROM generate_series(1, :count) n RETURNING id) "
                "INSERT INTO standing (district_id, person_id, requirement, audience, period, state, access, would_be, "
                "reason, seq, changed_at, created_at) SELECT :district, id, 'rua', 'staff', '2026-27', 'complete', "
                "'allow', 'allow', 'course', :seq - 1 + row_number() OVER (ORDER BY id), now(), now() FROM come"
            ),
            said,
        )
        db.execute(sa.text("ANALYZE"))


def current_secret(app: Flask) -> str:
    return app.config["SETTINGS"].secret_key


def change(district_id: int, changes: int) -> None:
    """Some of them have a new standing each."""
    with transaction():
        named = sa.select(Identity.person_id)
        some = db.scalars(
            sa.select(Standing)
            .where(Standing.person_id.in_(named))
            .order_by(Standing.id.desc())
            .limit(changes)
        ).all()
        for seq, row in enumerate(some, draw(district_id, changes)):
            row.seq, row.state = seq, "expiring"


def draw(district_id: int, count: int) -> int:
    """The first of `count` new numbers of the district's log."""
    log = db.scalars(sa.select(StandingLog).filter_by(district_id=district_id)).one_or_none()
    if log is None:
        log = StandingLog(district_id=district_id, last_seq=0)
        db.add(log)
    log.last_seq += count
    db.flush()
    return log.last_seq - count + 1
