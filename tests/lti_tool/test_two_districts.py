"""Two districts on one issuer, each registered by its own invitation, never share a row, a key or a token."""

from dataclasses import replace

import pytest

from core.database import db
from lti_tool.keys import published_keys
from lti_tool.models import Deployment, Platform
from lti_tool.registering import approve_deployment
from lti_tool.registrations import registered
from lti_tool.scopes import SCORE_SCOPE
from lti_tool.service_calls import PlatformService, forget_tokens
from people.models import District, Identity, Person
from practice_lms.registration import activate
from tests.lti_tool.registering import Administrator, an_lms, invitation


@pytest.fixture
def lms(lms_keys):
    with an_lms("canvas", lms_keys) as opened:
        yield opened


@pytest.fixture
def riverside(district) -> District:
    made = District(
        slug="riverside", name="Riverside School District", timezone="America/Los_Angeles", email_domains=[]
    )
    db.add(made)
    db.commit()
    return made


def registration_of(app, lms, district: District) -> int:
    """The number of a registration made by invitation, its installation approved and launching."""
    answer = Administrator(app, lms).registers(invitation(district))
    assert answer.status_code == 200, answer.text
    db.remove()
    return db.query(Platform.id).filter_by(district_id=district.id).scalar()


def launch_from(app, lms, number: int):
    """Ana opens a lesson through this registration."""
    platform = db.get_one(Platform, number)
    tool = activate(lms, platform.client_id)
    approve_deployment(platform, tool.deployment_id)
    db.commit()
    client = app.test_client()
    login = client.post("/lti/login", data=lms.login_parameters("ana", "g4-same-me"))
    fields = lms.authorize(login.headers["Location"]).fields
    db.remove()
    return client.post("/lti/launch", data=fields)


def token_of(lms, number: int) -> str:
    """A token for the services. The LMS looks whose assertion it gets: only that client's is good."""
    activate(lms, db.get_one(Platform, number).client_id)
    # It reads our keys as given, since the app is served in process.
    lms.connect(replace(lms.registration, jwks={"keys": published_keys()}))
    db.remove()
    return PlatformService(registered(number)).get_access_token([SCORE_SCOPE])


def test_two_districts_on_one_issuer_share_nothing(app, lms, district, riverside, curriculum):
    ours, theirs = registration_of(app, lms, district), registration_of(app, lms, riverside)
    one, other = db.get_one(Platform, ours), db.get_one(Platform, theirs)
    assert one.issuer == other.issuer and one.client_id != other.client_id
    for number in (ours, theirs):
        assert launch_from(app, lms, number).status_code == 303
    people = db.query(Person).all()
    assert sorted(person.district_id for person in people) == sorted([district.id, riverside.id])
    assert len({identity.fingerprint for identity in db.query(Identity)}) == len(db.query(Identity).all())
    assert {each.district_id for each in db.query(Deployment)} == {district.id, riverside.id}


def test_each_registration_signs_in_for_itself_and_keeps_its_own_token(app, lms, district, riverside):
    """The successor of pylti1p3 keeps tokens by issuer and scopes: there, district B's call went out with A's token."""
    forget_tokens()
    numbers = [registration_of(app, lms, each) for each in (district, riverside)]
    tokens = []
    for number in numbers:
        tokens.append(token_of(lms, number))
    assert tokens[0] != tokens[1]


def test_a_new_client_id_brings_a_new_token(app, lms, district):
    """Updated in place, the registration's old token was the old client's."""
    forget_tokens()
    number = registration_of(app, lms, district)
    first = token_of(lms, number)
    assert token_of(lms, number) == first
    Administrator(app, lms).registers(invitation(district), choice=str(number))
    assert token_of(lms, number) != first
