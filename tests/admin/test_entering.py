"""Who gets in: administrators by their launch, and whoever holds a fresh link from the command line, once."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
import time_machine

from access.models import Standing
from admin.models import AdminLink
from completion.models import Assignment
from core.clock import now
from core.database import db
from lessons.assignments import assign_due
from people.models import Enrollment, Identity, Person, SignIn
from people.sign_in import COOKIE
from tests.admin.conftest import words_of
from tests.browsers import Browser
from tests.lms import TOOL


@pytest.fixture
def link(app, district) -> str:
    """Path of a fresh link, as the command prints it."""
    done = app.test_cli_runner().invoke(args=["admin-link", "--district", "evergreen"])
    assert done.exit_code == 0, done.output
    return re.search(rf"{TOOL}(/admin/enter\?link=\S+)", done.output).group(1)


def secret_of(link: str) -> str:
    return parse_qs(urlsplit(link).query)["link"][0]


def enter(app, client, link: str) -> Browser:
    answer = client.post("/admin/enter", data={"link": secret_of(link)})
    assert answer.status_code == 303, answer.text
    visit = parse_qs(urlsplit(answer.headers["Location"]).query)["visit"][0]
    sign_in = db.query(SignIn).filter_by(key=visit).one()
    return Browser(app, db.get_one(Person, sign_in.person_id), client.get_cookie(COOKIE).value, visit)


def test_a_link_opens_the_set_up_pages_once(app, client, link):
    for _ in range(2):
        assert "Open the set-up pages" in client.get(link).text
    assert db.query(SignIn).count() == 0, "looking spends nothing"
    it = enter(app, client, link)
    assert "No LMS is connected yet." in words_of(it.get("/admin/"))
    again = client.post("/admin/enter", data={"link": secret_of(link)})
    assert (again.status_code, "has been used already" in again.text) == (403, True)
    assert client.get(link).status_code == 403


def test_the_link_is_kept_by_its_hash_only(link):
    row = db.query(AdminLink).one()
    assert secret_of(link) not in str(row.__dict__)


def test_a_link_expires(client, link):
    with time_machine.travel(now() + timedelta(minutes=31), tick=False):
        for answer in (client.get(link), client.post("/admin/enter", data={"link": secret_of(link)})):
            assert answer.status_code == 403
            assert "This link has expired." in answer.text
            assert "flask admin-link --district" in answer.text


@pytest.mark.parametrize("link", ["", "?link=", "?link=made-up", "?link=%ff%00"])
def test_a_link_that_is_none_of_ours(client, district, link):
    assert client.get(f"/admin/enter{link}").status_code in (400, 403)


def test_the_command_says_what_is_wrong(app, district):
    run = app.test_cli_runner().invoke
    assert run(args=["admin-link", "--district", "nowhere"]).exit_code == 1
    assert run(args=["admin-link", "--district", "evergreen", "--minutes", "0"]).exit_code == 2
    done = run(args=["admin-link", "--district", "evergreen", "--minutes", "5", "--json"])
    assert '"minutes": 5' in done.output


def test_the_operator_is_one_person_of_whom_nothing_is_asked(app, client, curriculum, district, link):
    """No audience, no seat, no name that IT's programs know: no requirement, no roster, no standing."""
    first = enter(app, client, link).person
    second = app.test_cli_runner().invoke(args=["admin-link", "--district", "evergreen", "--json"])
    again = enter(app, app.test_client(), re.search(r"http\S+?(?=\")", second.output).group(0)).person
    assert first.id == again.id
    assign_due()
    assert db.query(Assignment).filter_by(person_id=first.id).count() == 0
    assert db.query(Enrollment).filter_by(person_id=first.id).count() == 0
    assert db.query(Standing).filter_by(person_id=first.id).count() == 0
    identity = db.scalars(sa.select(Identity).filter_by(person_id=first.id)).one()
    assert identity.scheme == "operator"


@pytest.mark.parametrize(
    "path", ["/lessons/g4", "/lessons/ruc", "/completion/agreement", "/completion/class"]
)
def test_the_operator_can_do_nothing_that_would_be_recorded(app, client, curriculum, link, path):
    assert enter(app, client, link).get(path).status_code in (403, 404)


@pytest.mark.parametrize("role", ["learner", "teacher", "mentor", "other"])
def test_others_are_turned_away(signed_in, role):
    answer = signed_in(role).get("/admin/")
    assert answer.status_code == 403
    assert "for the people who look after the LMS" in answer.text


def test_nobody_is_let_in_without_a_sign_in(client):
    assert client.get("/admin/").status_code == 401


def test_an_administrator_comes_in_by_a_launch(school):
    it = school.launch("admin", "g4")
    assert "Your LMS answers." in words_of(it.get("/admin/"))


def test_a_launch_may_lead_to_the_set_up_pages_themselves(school):
    target = {"https://purl.imsglobal.org/spec/lti/claim/target_link_uri": f"{TOOL}/admin/"}
    it = school.launch("admin", "g4", **target)
    assert it.get(it.landed).status_code == 200


def test_an_administrator_finds_the_set_up_from_a_course_and_a_teacher_does_not(signed_in, curriculum):
    assert "/admin/" in signed_in("administrator").get("/lessons/g4").text
    assert "/admin/" not in signed_in("teacher").get("/lessons/g4").text
