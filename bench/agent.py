"""The directory agent: a district's staff put into the groups of a real OpenLDAP, and a second run that writes nothing.

The yardstick is what any program must do: write the same members into the same directory, in the same chunks, without
asking anybody who they are. On SQLite only: the agent sees the database through the API, which `standings` measures.
"""

import tempfile
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from ldap3 import MODIFY_ADD, MODIFY_DELETE

from bench.figures import Figure, seconds_of
from bench.stage import stage
from tests.access_agent.conftest import Agent
from tests.access_agent.served import Service, serving
from tests.access_agent.slapd import Slapd, group_dn, person_dn, running_slapd

PEOPLE = 2_500
LONGEST = 10.0
"""Seconds."""
CHUNK = 500


def measure(people: int = PEOPLE) -> Iterator[Figure]:
    with stage("sqlite") as (app, school), tempfile.TemporaryDirectory(prefix="bench-") as folder:
        (Path(folder) / "slapd").mkdir()
        with running_slapd(Path(folder) / "slapd", people) as directory, serving(app) as (url, front):
            plain = seconds_of(lambda: write(directory, people, MODIFY_ADD))
            write(directory, people, MODIFY_DELETE)
            service = Service(app, school.district, url, front)
            service.staff(people)
            service.stand(range(1, people // 5), "overdue", "allow")
            agent = Agent(Path(folder), service, directory)
            took = seconds_of(lambda: run(agent))
            assert sum(directory.everywhere().values()) == people
            before = directory.written()
            again = seconds_of(lambda: run(agent))
            writes = sum(1 for dn, number in directory.written().items() if before[dn] != number)
    yield Figure(
        f"{people:,} people put into LDAP groups", "ms", 1000 * took, 1000 * plain, "the members, only written",
        f"< {LONGEST:g} s", kept=took < LONGEST,
    )  # fmt: skip
    yield Figure(
        f"the same again, {people:,} people", "ms", 1000 * again, 1000 * took, "the first run",
        f"< {LONGEST:g} s", kept=again < LONGEST,
    )  # fmt: skip
    yield Figure(
        f"groups written by that second run, {people:,} people", "writes", writes, len(before), "the groups",
        "none", kept=writes == 0,
    )  # fmt: skip


def run(agent: Agent) -> None:
    with redirect_stdout(StringIO()):
        assert agent.run() == 0


def write(directory: Slapd, people: int, operation: str) -> None:
    """Everybody into one group, or out of it again so that the agent finds it empty."""
    names = [person_dn(f"s{number}") for number in range(1, people + 1)]
    with directory.admin() as connection:
        for start in range(0, people, CHUNK):
            chunk = names[start : start + CHUNK]
            connection.modify(group_dn("RUA-Current"), {"member": [(operation, chunk)]})
