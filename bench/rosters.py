"""A roster of 2,000 from the LMS into the class: in seconds, and in the same number of statements for each batch.

The LMS runs in a thread beside us, so its own work is in both figures: ours, and that of only reading its pages.
"""

from collections.abc import Iterator

import requests
import sqlalchemy as sa

from bench.figures import Figure, at_most, seconds_of
from bench.stage import DATABASES, stage
from core.clock import now
from core.database import db, transaction
from lti_tool.link_header import links_of
from lti_tool.memberships import sync_due
from lti_tool.models import Context
from lti_tool.scopes import MEMBERS_TYPE, MEMBERSHIP_SCOPE
from practice_lms.people import Person
from tests.lms import School

COURSE = "g4-room-12"
SIZES = (1000, 2000)
LONGEST = 5.0
"""Seconds for the larger one."""


def measure(sizes: tuple[int, int] = SIZES) -> Iterator[Figure]:
    for kind in DATABASES:
        with stage(kind) as (_app, school):
            school.launch("cruz", "g4-same-me")
            (few, _), (many, took) = (read(school, size) for size in sizes)
            bare = seconds_of(lambda school=school: read_bare(school))
        yield at_most(f"roster of {sizes[1]:,}, {kind}", "statements", many, few, f"those of {sizes[0]:,}", 2)
        yield Figure(
            f"roster of {sizes[1]:,}, {kind}", "ms", 1000 * took, 1000 * bare, "its pages, only read",
            f"< {LONGEST:g} s", kept=took < LONGEST,
        )  # fmt: skip


def read(school: School, size: int) -> tuple[int, float]:
    """Statements and seconds until the class has `size` more pupils than it began with, half of them new."""
    fill(school, size)
    with transaction():
        db.execute(sa.update(Context).values(roster_due_at=now()))
    statements: list[str] = []

    def note(*given: object) -> None:
        statements.append(str(given[2]))

    engine = db.get_bind()
    sa.event.listen(engine, "before_cursor_execute", note)
    took = seconds_of(sync_due)
    sa.event.remove(engine, "before_cursor_execute", note)
    return len([each for each in statements if not each.startswith("BEGIN")]), took


def fill(school: School, size: int) -> None:
    for number in range(size):
        key = f"many{number}"
        if key not in school.lms.world.people:
            person = Person(key, 50_000 + number, "Pupil", f"Number {number}", "Student", f"S{number}")
            school.lms.memberships.add_person(person)
        school.lms.memberships.enroll(key, COURSE)


def read_bare(school: School) -> None:
    """What any client must do at the least: read every page."""
    token = school.lms.issue_token(MEMBERSHIP_SCOPE)
    headers = {"Authorization": f"Bearer {token}", "Accept": MEMBERS_TYPE, "User-Agent": "bench"}
    url: str | None = school.lms.memberships_url(COURSE)
    with requests.Session() as session:
        while url:
            page = session.get(url, headers=headers)
            assert page.json()["members"], page.text
            url = links_of(page.headers.get("Link"), url).get("next")
