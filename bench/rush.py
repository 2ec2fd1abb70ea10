"""The first minute of a school day: a thousand launches through four gunicorn workers, many at once.

Every launch opens a page or this fails; the platform's keys are fetched once by each process at most. The LMS that
signs the tokens and the browsers that carry them run on the same cores and count against us here.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from bench.figures import Figure, at_most
from bench.launches import run
from bench.served import served
from bench.stage import DATABASES, stage

LAUNCHES = 1000
WORKERS, AT_ONCE = 4, 16


def measure(launches: int = LAUNCHES) -> Iterator[Figure]:
    each = max(launches // AT_ONCE, 1)
    done = each * AT_ONCE
    for kind in DATABASES:
        with stage(kind) as (app, school):
            environment = {
                "DATABASE_URL": app.config["SETTINGS"].database_url,
                "ALLOW_PRIVATE_NETWORK": "true",
                "PUBLIC_URL": "http://localhost:8000",
            }
            school.lms.requests.clear()
            with served("wsgi", environment, core=None, workers=WORKERS) as tool:
                began = time.perf_counter()
                with ThreadPoolExecutor(AT_ONCE) as pool:
                    list(pool.map(partial(run, tool, school, each), range(0, done, each)))
                seconds = time.perf_counter() - began
            fetches = len(school.lms.requests.to("jwks"))
        yield at_most(
            f"{done} launches, {WORKERS} workers, {kind}", "s", seconds, 60 * done / LAUNCHES, "a minute", 1
        )
        yield at_most(
            f"fetches of the platform's keys meanwhile, {kind}", "fetches", fetches, WORKERS, "workers", 1
        )
