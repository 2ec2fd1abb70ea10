"""A district whose roles are set, people who stand somewhere, and the RADIUS server's client."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from access.models import Standing
from access.radius_models import RadiusPolicy
from core.clock import now
from core.database import db
from people.directory import link_identity
from people.models import District, Person
from tests.access.conftest import Program, make_program
from tests.radius.freeradius import FreeRadius, require_programs, running_freeradius
from tests.radius.front import Front, standing_before
from tests.radius.stage import Service, running_service

__all__ = ["make_program"]

ROLES = {
    "staff": {"vlan": "100", "filter_id": "staff-full", "seconds": 28800, "message": None},
    "pupil": {"vlan": "200", "filter_id": "pupil", "seconds": 28800, "message": None},
    "limited": {"vlan": "900", "filter_id": "course-only", "seconds": 600, "message": "Sign at %{User-Name} \\ x"},
    "unknown": {"vlan": "999", "filter_id": "unknown", "seconds": 600, "message": None},
    "denied": {"vlan": None, "filter_id": None, "seconds": 60, "message": "Ask the help desk"},
}  # fmt: skip


def set_roles(district: District, roles: dict[str, dict[str, object]] | None = None) -> None:
    db.add(RadiusPolicy(district_id=district.id, roles=ROLES if roles is None else roles))
    db.commit()


Stand = Callable[..., Person]


def standing_maker(district: District) -> Stand:
    """stand("jdoe", "allow") -> a person known by that user name and standing so; a person again adds a requirement."""
    numbers = iter(range(1, 10_000))

    def stand(
        username: str | None,
        access: str | None,
        *,
        person: Person | None = None,
        audience: str = "staff",
        email: str | None = None,
        requirement: str = "rua",
        state: str = "assigned",
        reason: str = "returning",
        next_change_at: datetime | None = None,
    ) -> Person:
        if person is None:
            person = Person(district_id=district.id, audience=audience if audience != "guest" else "unknown")
            db.add(person)
            db.flush()
        for scheme, value in (("username", username), ("email", email)):
            if value:
                link_identity(person, scheme=scheme, value=value, source="roster")
        if access:
            db.add(
                Standing(
                    district_id=district.id, person_id=person.id, requirement=requirement, audience=audience,
                    period="2026-27", state=state, access=access, would_be=access, reason=reason,
                    next_change_at=next_change_at, seq=next(numbers), changed_at=now() - timedelta(hours=1),
                )
            )  # fmt: skip
        db.commit()
        return person

    return stand


@pytest.fixture
def stand(district: District) -> Stand:
    return standing_maker(district)


@pytest.fixture
def gate(district: District, make_program) -> Program:
    """The client of the district's RADIUS server."""
    set_roles(district)
    return make_program(district, ("standing.decide",))


@pytest.fixture(scope="module")
def service(app, database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The tool, served by gunicorn."""
    require_programs()
    with running_service(database_url, tmp_path_factory.mktemp("service")) as running:
        yield running


@pytest.fixture
def front(service: Service) -> Iterator[Front]:
    """What stands before it, and can have a bad day."""
    with standing_before(service.port) as front:
        yield front


@pytest.fixture
def radius(front: Front, gate, tmp_path: Path) -> Iterator[FreeRadius]:
    """FreeRADIUS as docs/radius sets it up, asking through that."""
    with running_freeradius(tmp_path / "raddb", front.url, gate.client_id, gate.secret) as running:
        yield running
