"""Names and Roles (LTI Advantage Conformance Certification Guide 6.3): five official tests."""

import pytest
import sqlalchemy as sa

from core.database import db
from lti_tool.memberships import sync_due
from lti_tool.models import Context
from people.models import Enrollment
from tests.lms import School

ALL_KINDS = pytest.mark.parametrize("school", ["canvas", "schoology", "moodle"], indirect=True)
MEMBERS = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"


def asked(school: School) -> list:
    """The roster requests of one reading, after a teacher's launch."""
    school.launch("cruz", "g4-same-me")
    assert sync_due() == 1
    return school.lms.requests.to("memberships")


def test_38_the_claim_is_kept_with_the_course(school):
    """CERT 6.3 "Launch with NRPS": what the teacher's launch says about the roster is kept for the worker."""
    school.launch("cruz", "g4-same-me")
    db.remove()
    context = db.scalars(sa.select(Context)).one()
    assert context.memberships_url == school.lms.memberships_url("g4-room-12")
    assert context.roster_due_at is not None


@ALL_KINDS
def test_39_the_roster_is_asked_for_and_seated(school):
    """CERT 6.3 "Request received": GET of the address in the claim; everybody in it has a seat afterwards."""
    first = asked(school)[0]
    assert (first.method, first.status) == ("GET", 200)
    assert school.lms.memberships_url("g4-room-12").endswith(first.path)
    db.remove()
    seats = db.scalar(sa.select(sa.func.count()).select_from(Enrollment))
    assert seats == len(school.lms.memberships.of("g4-room-12"))


def test_40_the_header_names_the_media_type(school):
    """CERT 6.3 "JSON header"; NRPS 2.0, 2.1."""
    assert {each.headers["Accept"] for each in asked(school)} == {MEMBERS}


def test_41_the_bearer_token_was_given_by_the_platform(school):
    """CERT 6.3 "Bearer token": client credentials with a signed assertion; the practice LMS checks both."""
    sent = asked(school)[0].headers["Authorization"]
    assert sent.startswith("Bearer ") and sent.removeprefix("Bearer ") in school.lms.state.tokens
    assert len(school.lms.requests.to("token")) == 1


def test_42_the_token_is_for_the_roster_and_nothing_else(school):
    """CERT 6.3 "Bearer scope": exactly contextmembership.readonly."""
    token = asked(school)[0].headers["Authorization"].removeprefix("Bearer ")
    assert school.lms.state.tokens[token].scopes == {SCOPE}
