"""What a launch that is accepted must leave behind, and what it must not."""

import sqlalchemy as sa
from werkzeug.test import TestResponse

from core.database import db
from lti_tool.models import Launch
from people.directory import identities_of
from people.models import Enrollment, Person
from tests.lti_tool.suite import Suite, rows

SCHEMES = ("lti", "sis", "email", "username")


def lands(
    suite: Suite, answer: TestResponse, *, role: str, audience: str | None = None, seated: bool = True
) -> Person:
    """Signed in once, in this role, on the page the link names; seated in the class when there is one."""
    sign_in = suite.accepts(answer)
    assert f"{suite.lms.target_of('g4-same-me')}?" in answer.headers["Location"]
    assert sign_in.role == role
    seat = db.query(Enrollment).one_or_none()
    assert (sign_in.classroom_id is not None) is seated is (seat is not None)
    if seat:
        assert seat.role == role and seat.person_id == sign_in.person_id
    assert db.query(Launch).one().sign_in_id == sign_in.id
    person = db.get_one(Person, sign_in.person_id)
    assert audience in (None, person.audience)
    return person


def forgets_names(person: Person, known: set[str]) -> None:
    """Known by these schemes and no others; no name stands in any row."""
    assert set(identities_of([person.id], SCHEMES)[person.id]) == known
    assert rows()["person"] == 1
    assert db.scalars(sa.select(Enrollment.display_name)).all() in ([None], [])
