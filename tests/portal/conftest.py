"""A district whose staff course has ten parts, and people whose network sends them to the page."""

from collections.abc import Callable

import pytest

from access.tickets import ticket_for
from completion import requirements
from completion.ledger import record_evidence
from completion.policy_texts import publish_policy_text
from core.clock import now
from core.database import db
from people.models import District, Person
from people.roster_models import Building

PARTS = [f"lesson:m{number}" for number in range(10)]


@pytest.fixture
def staff_course(no_curriculum, district) -> None:
    publish_policy_text("rua", "2026.1", "en", "## Rules\n\nAsk.\n", title="Agreement", intent="I agree.")
    requirements.define("rua", "staff", "Responsible use", [PARTS, ["attestation:rua"]])
    db.commit()


@pytest.fixture
def owing(staff_course, year, make_person) -> Callable[..., Person]:
    """owing(6) -> somebody of the staff with six of ten parts done."""

    def make(done: int = 0, audience: str = "staff", requirement: str = "rua") -> Person:
        person = db.merge(make_person(audience))
        requirements.assign(person, requirement, year)
        for part in PARTS[:done]:
            record_evidence(person, part, year, kind="course", version="v1", source=f"attempt {part}")
        db.commit()
        return person

    return make


@pytest.fixture
def page_of(client, district) -> Callable[..., str]:
    """page_of(person) -> the text of the page that their network sends them to."""

    def read(person: Person, lang: str = "en", slug: str = "evergreen") -> str:
        ticket = ticket_for(person.district_id, person.id, now())
        db.remove()
        answer = client.get(f"/public/{slug}/held/{ticket}?lang={lang}")
        assert answer.status_code == 200
        return " ".join(answer.text.split())

    return read


@pytest.fixture
def elm(district: District) -> Building:
    made = Building(district_id=district.id, key="elm", name="Elm Elementary")
    db.add(made)
    db.commit()
    return made
