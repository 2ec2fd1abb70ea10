"""What a gunicorn worker holds in memory once it has shown every lesson, against 150 MB."""

from collections.abc import Iterator
from pathlib import Path

import requests

from bench.figures import Figure, at_most
from bench.served import served
from bench.stage import stage
from core.database import db
from lessons import library
from people.sign_in import COOKIE

MEGABYTES = 150.0


def measure() -> Iterator[Figure]:
    with stage("sqlite") as (app, school):
        tab = school.launch("cruz", "g4")
        lessons = [
            (course.id, ref.id)
            for course in library.current_release().courses.values()
            for ref in course.lessons
        ]
        db.remove()
        environment = {
            "DATABASE_URL": app.config["SETTINGS"].database_url, "ALLOW_PRIVATE_NETWORK": "true",
            "PUBLIC_URL": "http://localhost:8000",
        }  # fmt: skip
        with served("wsgi", environment) as tool:
            for course, lesson in lessons * 2:
                answer = requests.get(
                    f"{tool.url}/lessons/{course}/{lesson}",
                    params={"visit": tab.visit},
                    timeout=10,
                    headers={"Cookie": f"{COOKIE}={tab.secret}"},
                )
                assert answer.status_code == 200
            resident = resident_megabytes(tool.worker())
    yield at_most("gunicorn worker, resident", "MB", resident, MEGABYTES, "150 MB", 1)


def resident_megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Rss:"):
            return int(line.split()[1]) / 1024
    raise LookupError("no Rss line")
