"""A district with a mail server of its own, and staff who owe something, on a Monday morning in October."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
import time_machine

from access.models import Standing
from completion import requirements
from completion.models import Assignment, Requirement, Review, ReviewSweep
from core.database import db, transaction
from people.audit import COMMAND
from people.directory import link_identity
from people.models import District, Person
from people.office_models import Office
from people.roster_models import Building, RosterInterval
from reminders.mail_settings import set_mail
from reminders.models import MailSettings
from reminders.planning import plan_due
from reminders.sending import send_due
from tests.reminders.post_office import LOGIN, PASSWORD, PostOffice, make_certificate, post_office

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
MONDAY = date(2026, 10, 5)
COURSE = "https://lms.evergreen.example/courses/7"


def morning(day: date, hour: int = 8) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=LOS_ANGELES)


def end_of(day: date) -> datetime:
    return morning(day + timedelta(days=1), 0).astimezone(UTC)


class Clock:
    """Moves to a morning of the district."""

    def __init__(self, traveller) -> None:
        self.traveller = traveller

    def at(self, day: date, hour: int = 8) -> None:
        self.traveller.move_to(morning(day, hour))

    def on(self, **time: float) -> None:
        self.traveller.shift(timedelta(**time))


@pytest.fixture
def clock(district) -> Iterator[Clock]:
    with time_machine.travel(morning(MONDAY), tick=True) as traveller:
        yield Clock(traveller)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificate")
    make_certificate(folder)
    return folder


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))


@pytest.fixture
def post(certificate: Path, trusted: None) -> Iterator[PostOffice]:
    with post_office(certificate) as opened:
        yield opened


@pytest.fixture
def settings(clock: Clock, district: District, post: PostOffice) -> Callable[[], MailSettings]:
    """The district sends through the server; called, they are as they stand now."""
    set_mail(
        db.get_one(District, district.id),
        {
            "host": "localhost", "port": post.port, "login": LOGIN, "password": PASSWORD,
            "sender": "lessons@evergreen.example", "course_url": COURSE,
        },
        COMMAND,
    )  # fmt: skip
    db.commit()

    def now_set() -> MailSettings:
        db.remove()
        return db.scalars(sa.select(MailSettings).filter_by(district_id=district.id)).one()

    return now_set


@pytest.fixture
def rua(clean: None) -> Iterator[Requirement]:
    found = requirements.define("rua", "staff", "Responsible use", [["lesson:m7"], ["attestation:rua"]])
    db.commit()
    yield found
    db.remove()
    for table in (ReviewSweep, Review, Assignment):
        db.execute(sa.delete(table))
    db.execute(sa.delete(Standing))
    db.execute(sa.delete(Requirement).where(Requirement.key == "rua"))
    db.commit()


class Staff:
    """Makers; every one commits."""

    def __init__(self, district: District) -> None:
        self.district_id, self.seq = district.id, 0

    def building(self, key: str, name: str) -> Building:
        made = Building(district_id=self.district_id, key=key, name=name)
        db.add(made)
        db.commit()
        return made

    def person(
        self, *addresses: str, language: str | None = None, building: Building | None = None, audience="staff"
    ) -> Person:
        person = Person(district_id=self.district_id, audience=audience, language=language)
        db.add(person)
        db.flush()
        for address in addresses:
            link_identity(person, scheme="email", value=address, source="roster")
        if building:
            db.add(
                RosterInterval(
                    district_id=self.district_id, person_id=person.id, building_id=building.id, audience=audience,
                    starts_at=morning(date(2026, 8, 1)), source="staff_csv",
                )
            )  # fmt: skip
        db.commit()
        return person

    def stands(
        self, person: Person, state: str, due: date | None = None, grace: date | None = None, **more: object
    ) -> None:
        self.seq += 1
        db.execute(sa.delete(Standing).where(Standing.person_id == person.id))
        db.add(
            Standing(
                **{
                    "district_id": person.district_id, "person_id": person.id, "requirement": "rua",
                    "audience": person.audience, "period": "2026-27", "state": state, "access": "allow",
                    "would_be": "allow", "reason": "returning", "due_at": due and end_of(due),
                    "grace_until": (grace or due) and end_of(grace or due), "seq": self.seq,
                    "changed_at": morning(MONDAY), **more,
                }
            )
        )  # fmt: skip
        db.commit()

    def owes(self, address: str, due: date, grace: date | None = None, **more) -> Person:
        person = self.person(address, **more)
        self.stands(person, "assigned", due, grace)
        return person

    def office(self, person: Person, office: str, building: Building | None = None) -> None:
        db.add(
            Office(
                district_id=self.district_id, person_id=person.id, office=office,
                building_id=building.id if building else None,
            )
        )  # fmt: skip
        db.commit()


@pytest.fixture
def staff(rua: Requirement, district: District) -> Staff:
    return Staff(district)


def work(timeout: float = 5) -> int:
    """The worker's two steps, until nothing is due; says how many letters were settled."""
    db.remove()
    total = 0
    while True:
        with transaction():
            planned = plan_due()
        settled = send_due(timeout=timeout)
        total += settled
        if not planned and not settled:
            return total
