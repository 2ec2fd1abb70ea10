"""IT's list of 100,000 standings in constant memory; and a delta that costs by changes, not by people."""

import json
import time
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from access.models import Standing, StandingLog
from bench.figures import Figure, at_most
from bench.stage import DATABASES, stage
from core.clock import now
from core.database import db, transaction
from people import api_clients
from people.api_tokens import issue_token
from people.models import District, Person, new_person_id

SIZES = (1_000, 100_000)
CHANGES = 100
A_FEW_MB = 2_000_000


def measure(sizes: tuple[int, int] = SIZES, changes: int = CHANGES) -> Iterator[Figure]:
    for kind in DATABASES:
        with stage(kind) as (app, school):
            bearer = a_token(school.district)
            peaks, deltas = [], []
            for size in sizes:
                fill(school.district.id, size)
                delta, peak = listed(app, bearer)
                peaks.append(peak)
                change(school.district.id, changes)
                deltas.append(min(pulled(app, bearer, delta, changes) for _ in range(5)))
        yield Figure(
            f"standings list, peak memory, {sizes[1]:,} people, {kind}",
            "MB",
            peaks[1] / 1e6,
            peaks[0] / 1e6,
            f"that of {sizes[0]:,}",
            "<= 1.2 x + 2 MB",
            kept=peaks[1] <= 1.2 * peaks[0] + A_FEW_MB,
        )
        yield at_most(
            f"delta of {changes}, {sizes[1]:,} people, {kind}",
            "ms",
            1000 * deltas[1],
            1000 * deltas[0],
            f"that among {sizes[0]:,}",
            3,
        )


def a_token(district: District) -> str:
    with transaction():
        client, _ = api_clients.issue(db.merge(district), "bench", ["standing.read"])
        return issue_token(client, ["standing.read"])


def fill(district_id: int, size: int) -> None:
    with transaction():
        there = db.scalar(sa.select(sa.func.count(Standing.id))) or 0
        people = [
            {"district_id": district_id, "public_id": new_person_id(), "audience": "staff"}
            for _ in range(size - there)
        ]
        first = (db.scalar(sa.select(sa.func.max(Person.id))) or 0) + 1
        db.execute(sa.insert(Person), people)
        ids = db.scalars(sa.select(Person.id).where(Person.id >= first).order_by(Person.id)).all()
        seq = db.scalar(sa.select(sa.func.max(Standing.seq))) or 0
        db.execute(
            sa.insert(Standing),
            [
                {"district_id": district_id, "person_id": person_id, "requirement": "rua", "audience": "staff",
                 "period": "2026-27", "state": "complete", "access": "allow", "reason": "course",
                 "valid_until": now() + timedelta(days=200), "seq": seq + number, "changed_at": now()}
                for number, person_id in enumerate(ids, 1)
            ],
        )  # fmt: skip
        _number_to(district_id, seq + len(ids))


def change(district_id: int, changes: int) -> None:
    with transaction():
        seq = db.scalar(sa.select(sa.func.max(Standing.seq))) or 0
        few = db.scalars(sa.select(Standing).order_by(Standing.id).limit(changes)).all()
        for number, row in enumerate(few, 1):
            row.seq, row.state = seq + number, "expiring"
        _number_to(district_id, seq + changes)


def _number_to(district_id: int, seq: int) -> None:
    log = db.scalars(sa.select(StandingLog).filter_by(district_id=district_id)).one_or_none()
    if log is None:
        db.add(StandingLog(district_id=district_id, last_seq=seq))
    else:
        log.last_seq = seq


def get(app: Flask, path: str, bearer: str) -> dict:
    builder = EnvironBuilder(
        path, base_url="http://localhost:8000", headers={"Authorization": f"Bearer {bearer}"}
    )
    body, status, _ = run_wsgi_app(app, builder.get_environ(), buffered=True)
    assert status.startswith("200"), (status, path)
    return json.loads(b"".join(body))


def listed(app: Flask, bearer: str) -> tuple[str, int]:
    """All pages, each forgotten once read: the delta to go on with, and the most memory there was in bytes."""
    path = "/api/v1/standings?limit=1000"
    get(app, path, bearer)
    tracemalloc.start()
    try:
        while True:
            page = get(app, path, bearer)
            if page["next"] is None:
                return page["delta"], tracemalloc.get_traced_memory()[1]
            path = f"/api/v1/standings?limit=1000&cursor={page['next']}"
    finally:
        tracemalloc.stop()


def pulled(app: Flask, bearer: str, delta: str, changes: int) -> float:
    began = time.perf_counter()
    found = get(app, f"/api/v1/standings/changes?limit=1000&delta={delta}", bearer)
    spent = time.perf_counter() - began
    assert len(found["items"]) == changes, len(found["items"])
    return spent
