"""A RADIUS server's questions, two gunicorn workers, whole application, against a bare endpoint in the same run.

The devices ask from another process over kept connections; they, both workers and the database share the two cores, so
an answer a second here is one with the asking paid for. The time of an answer is what the service itself counts.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import requests
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families

from access.radius_models import RadiusPolicy
from bench.figures import Figure, at_least, at_most
from bench.served import ROOT, Served, served
from bench.stage import CORES, DATABASES, stage
from bench.standings import add_people
from core.database import db, transaction
from people import api_clients
from people.models import District

PEOPLE, QUESTIONS, WARM_UP = 20_000, 6_000, 1_000
WORKERS, THREADS, CONNECTIONS = 2, 16, 32
"""As gunicorn.conf.py and docs/radius have it."""
A_SECOND, SLOWEST = 1_000, 50
"""Answers a second, and milliseconds of the 99th of a hundred."""


def measure(people: int = PEOPLE, questions: int = QUESTIONS) -> Iterator[Figure]:
    for kind in DATABASES:
        with stage(kind) as (app, school):
            credentials = set_up(school.district.id, people)
            environment = {"DATABASE_URL": app.config["SETTINGS"].database_url}
            os.sched_setaffinity(0, CORES)  # the stage gave us one core; it gives all back at its end
            bare, bare_cpu, _ = rate("bench.bare:app", environment, credentials, people, questions)
            ours, ours_cpu, slow = rate("wsgi", environment, credentials, people, questions)
        yield Figure(
            f"RADIUS answers, {WORKERS} workers, {kind}", "per s", ours, bare, "bare endpoint",
            f">= {A_SECOND:,} per s", kept=ours >= A_SECOND,
        )  # fmt: skip
        yield at_least(f"RADIUS answers, {kind}", "per CPU s", ours_cpu, bare_cpu, "bare endpoint", 0.25)
        yield at_most(f"RADIUS answer, p99 in the service, {kind}", "ms", slow, SLOWEST, "the limit", 1)


def set_up(district_id: int, people: int) -> str:
    """The credentials of a client; and people known by user names 1, 2, ..."""
    role = {"filter_id": None, "seconds": 600, "message": None}
    with transaction():
        db.add(
            RadiusPolicy(
                district_id=district_id,
                roles={name: {**role, "vlan": name} for name in ("staff", "limited", "unknown")},
            )
        )
        add_people(district_id, 0, people, scheme="username")
        client, secret = api_clients.issue(db.get_one(District, district_id), "bench", ["standing.decide"])
        if db.get_bind().dialect.name == "postgresql":
            db.execute(sa.text("ANALYZE"))
        return f"{client.client_id}:{secret}"


def rate(
    application: str, environment: dict[str, str], credentials: str, people: int, questions: int
) -> tuple[float, float, float]:
    """(answers a second, answers a second of the workers' processor time, p99 in ms or 0 of the bare one)."""
    with served(application, environment, core=None, workers=WORKERS, threads=THREADS) as service:
        ask(service, credentials, WARM_UP, people)
        ours = application == "wsgi"
        before = counted(service) if ours else {}
        spent = service.cpu_seconds()
        seconds = ask(service, credentials, questions, people)
        spent = service.cpu_seconds() - spent
        after = counted(service) if ours else {}
    slow = percentile_99({edge: after[edge] - before.get(edge, 0) for edge in after}) if ours else 0
    return questions / seconds, questions / spent, slow


def ask(service: Served, credentials: str, questions: int, people: int) -> float:
    """Seconds, without the start of the asking process."""
    port = urlsplit(service.url).port
    numbers = [str(each) for each in (CONNECTIONS, questions, people)]
    command = [sys.executable, "-m", "bench.radius_devices", str(port), credentials, *numbers]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return float(done.stdout)


def counted(service: Served) -> dict[float, float]:
    """{seconds: answers no slower}, of both workers."""
    said = requests.get(f"{service.url}/metrics", timeout=10).text
    return {
        float(sample.labels["le"]): sample.value
        for family in text_string_to_metric_families(said)
        for sample in family.samples
        if sample.name == "http_request_seconds_bucket" and sample.labels["endpoint"] == "radius.standing"
    }


def percentile_99(answers: dict[float, float]) -> float:
    """The edge in ms under which 99 of 100 lie: rounded up to the next bucket, never down."""
    wanted = 0.99 * answers[float("inf")]
    return 1000 * min(edge for edge, count in answers.items() if count >= wanted)
