"""A district that imports its rosters by command, as IT does at night."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result

from core.database import db
from people.directory import find_by_identity, link_identity
from people.models import District, Person
from people.roster_models import Building, RosterInterval


@pytest.fixture
def run(app, district) -> Callable[..., Result]:
    """run("import", path, "--dry-run") -> what the command said, in words."""

    def command(*arguments: object) -> Result:
        db.remove()
        return app.test_cli_runner().invoke(args=["roster", *map(str, arguments), "--district", "evergreen"])

    return command


@pytest.fixture
def take(run) -> Callable[..., dict[str, Any]]:
    """take(path) -> the counts of an import that goes through."""

    def imported(path: Path, *arguments: str) -> dict[str, Any]:
        answer = run("import", path, "--json", *arguments)
        assert answer.exit_code == 0, answer.stderr
        counts: dict[str, Any] = json.loads(answer.stdout)
        return counts

    return imported


@pytest.fixture
def refuse(run) -> Callable[..., str]:
    """refuse(path) -> why an import is refused; and that it changed nothing."""

    def refused(path: Path, *arguments: str) -> str:
        before = everything()
        answer = run("import", path, *arguments)
        assert answer.exit_code == 1, answer.output
        assert everything() == before
        return answer.stderr

    return refused


@pytest.fixture
def known(district) -> Callable[..., Person]:
    """known("sis", "100001") -> that person."""

    def find(scheme: str, value: str) -> Person:
        db.remove()
        person = find_by_identity(district.id, scheme, value)
        assert person is not None, (scheme, value)
        return person

    return find


@pytest.fixture
def make_other(district) -> Callable[..., Person]:
    """make_other(sis="1") -> somebody of the district next door, by these names."""

    def make(**names: str) -> Person:
        other = District(slug="north", name="North", timezone="UTC", email_domains=["evergreen.example"])
        db.add(other)
        db.flush()
        person = Person(district_id=other.id, audience="staff")
        db.add(person)
        db.flush()
        for scheme, value in names.items():
            link_identity(person, scheme=scheme, value=value, source="launch")
        db.commit()
        return person

    return make


def everything() -> list[Any]:
    db.remove()
    rows = [
        db.execute(sa.select(*each.__table__.c).order_by(each.id)).all()  # type: ignore[attr-defined]
        for each in (Person, Building, RosterInterval)
    ]
    db.remove()
    return rows


def places(person: Person) -> list[tuple[str | None, str, str | None, str | None, bool]]:
    """(building, audience, job, grade, whether it is open) of every interval, oldest first."""
    db.remove()
    rows = db.execute(
        sa.select(Building.key, RosterInterval)
        .outerjoin(Building, Building.id == RosterInterval.building_id)
        .where(RosterInterval.person_id == person.id)
        .order_by(RosterInterval.starts_at, RosterInterval.id)
    ).all()
    return [(key, row.audience, row.job, row.grade, row.ends_at is None) for key, row in rows]
