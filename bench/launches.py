"""A whole launch (login, launch, first lesson page; person, seat and nonce in the database) against a bare app
that does nothing but redirect and verify the token with a cached key.

Both stand behind gunicorn on one core. What is compared is launches per second of processor time, so that the
LMS's own signing, the client and whatever else runs on the machine do not count. They take turns, a few launches
each, because a busy machine also makes each second of processor time worth less, and should to both alike.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import requests

from bench.figures import Figure, at_least
from bench.served import Served, served
from bench.stage import DATABASES, stage
from tests.lms import School

LAUNCHES = 300
WARM_UP = 30
A_TURN = 20


def measure(launches: int = LAUNCHES) -> Iterator[Figure]:
    for kind in DATABASES:
        with stage(kind) as (app, school):
            settings = app.config["SETTINGS"]
            environment = {"DATABASE_URL": settings.database_url, "ALLOW_PRIVATE_NETWORK": "true"}
            bare = {
                "BARE_JWKS_URL": school.lms.jwks_url,
                "BARE_AUTH_URL": school.lms.auth_url,
                "BARE_CLIENT_ID": school.lms.client_id,
            }
            ours, yardstick, fetches = rates(environment, environment | bare, school, launches)
        yield at_least(
            f"whole launches, {kind}", "per CPU s", ours, yardstick, "bare redirect and verify", 0.5
        )
        assert fetches <= 2, f"{fetches} fetches of the platform's keys in {launches} launches of each"


def rates(
    environment: dict[str, str], bare: dict[str, str], school: School, launches: int
) -> tuple[float, float, int]:
    """Launches per second of processor time, ours and bare; and how often the platform's keys were fetched."""
    # The worker's PUBLIC_URL stays the registered one; only the client calls another port.
    here = {"PUBLIC_URL": "http://localhost:8000"}
    with served("wsgi", environment | here) as tool, served("bench.bare:app", bare | here) as yardstick:
        both = (tool, yardstick)
        for each in both:
            run(each, school, WARM_UP)
        school.lms.requests.clear()
        before = [each.cpu_seconds() for each in both]
        for first in range(0, launches, A_TURN):
            for each in both:
                run(each, school, min(A_TURN, launches - first), first)
        ours, theirs = (
            launches / (each.cpu_seconds() - began) for each, began in zip(both, before, strict=True)
        )
    return ours, theirs, len(school.lms.requests.to("jwks"))


def run(tool: Served, school: School, launches: int, first: int = 0) -> None:
    """`launches` one after another, by the pupils from number `first` on. Every one opens, or this fails."""
    session = requests.Session()
    session.trust_env = False
    for number in range(first, first + launches):
        person = f"pupil{3 + number % 24:02d}"
        answer = session.post(
            f"{tool.url}/lti/login",
            data=school.lms.login_parameters(person, "g4-same-me"),
            allow_redirects=False,
        )
        cookie = re.match(r"[^;]+", answer.headers["Set-Cookie"])
        assert cookie is not None
        fields = dict(school.lms.authorize(answer.headers["Location"]).fields)
        headers = {"Cookie": cookie.group(0)}
        answer = session.post(f"{tool.url}/lti/launch", data=fields, headers=headers, allow_redirects=False)
        assert answer.status_code == 303, answer.text[-500:]
        landed = urlsplit(answer.headers["Location"])
        page = session.get(f"{tool.url}{landed.path}?{landed.query}", headers=headers)
        assert page.status_code == 200, page.text[-500:]
        session.cookies.clear()
