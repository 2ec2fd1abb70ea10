"""Another district's administrator finds nothing: what is not theirs is not there."""

import pytest

from core.database import db
from lti_tool.connection_models import Refusal
from lti_tool.models import Deployment, Platform
from people.models import District, Person
from tests.browsers import Browser, sign_in_browser


@pytest.fixture
def stranger(app, school) -> Browser:
    """The administrator of the district next door."""
    other = District(slug="next-door", name="Next Door", timezone="America/Los_Angeles")
    db.add(other)
    db.flush()
    person = Person(district_id=other.id, audience="staff")
    db.add(person)
    db.commit()
    return sign_in_browser(app, person, "administrator", None)


@pytest.fixture
def waiting(school) -> int:
    row = Deployment(
        district_id=school.district.id, platform_id=school.platform.id, deployment_id="9:new", state="pending"
    )
    db.add(row)
    db.commit()
    return row.id


def test_their_list_names_no_lms_of_ours(stranger, school, waiting):
    seen = stranger.get("/admin/").text
    assert "Practice LMS" not in seen
    assert "9:new" not in seen


@pytest.mark.parametrize("path", ["", "/change"])
def test_our_pages_are_not_there_for_them(stranger, page, path):
    assert stranger.get(page + path).status_code == 404


@pytest.mark.parametrize("path", ["/test", "/score", "/score/remove", "/change", "/withdraw", "/restore"])
def test_they_can_set_nothing_going(stranger, school, page, path):
    school.lms.requests.clear()
    assert stranger.post(page + path, data={"name": "Mine", "typed": "x", "course": 1}).status_code == 404
    assert len(school.lms.requests) == 0
    db.remove()
    platform = db.query(Platform).one()
    assert (platform.name, platform.withdrawn_at) == ("Practice LMS", None)


@pytest.mark.parametrize("verb", ["approve", "withdraw", "dismiss"])
def test_they_decide_nothing(stranger, page, waiting, verb):
    assert stranger.post(f"{page}/deployments/{waiting}/{verb}").status_code == 404
    db.remove()
    row = db.get_one(Deployment, waiting)
    assert (row.state, row.dismissed_at) == ("pending", None)


def test_an_installation_of_another_lms_is_not_decided_through_ours(app, stranger, page, waiting):
    mine = Platform(
        district_id=stranger.person.district_id,
        name="Theirs",
        issuer="https://theirs.example",
        client_id="1",
        auth_login_url="https://theirs.example/a",
        auth_token_url="https://theirs.example/t",
        jwks_url="https://theirs.example/k",
    )
    db.add(mine)
    db.commit()
    answer = stranger.post(f"/admin/platforms/{mine.id}/deployments/{waiting}/approve")
    assert answer.status_code == 404


def test_a_reference_of_ours_tells_them_nothing(stranger, school):
    db.add(
        Refusal(
            district_id=school.district.id,
            platform_id=school.platform.id,
            reference="abcd1234",
            code="token_refused",
            message="This link was meant for another tool.",
        )
    )
    db.commit()
    seen = stranger.get("/admin/?reference=abcd1234").text
    assert "meant for another tool" not in seen
    assert "Nothing is kept under" in seen


@pytest.mark.parametrize("role", ["learner", "teacher"])
def test_pupils_and_teachers_of_our_own_are_turned_away_from_every_page(signed_in, page, role):
    them = signed_in(role)
    for path in ("/admin/", page, "/admin/platforms/new", f"{page}/change"):
        assert them.get(path).status_code == 403
    for path in ("/test", "/score", "/withdraw", "/change"):
        assert them.post(page + path).status_code == 403
