"""The page about mail: what it says, the switch, and who may not come in."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.database import db
from people.audit_models import AuditEntry
from people.models import District
from tests.browsers import sign_in_browser
from tests.reminders.conftest import MONDAY, Staff, work
from tests.reminders.post_office import PASSWORD

PAGE = "/admin/mail"
DUE = MONDAY + timedelta(days=30)


@pytest.fixture
def it(signed_in, staff):
    tess = staff.person("tess@evergreen.example")
    staff.office(tess, "it")
    return signed_in("learner", person=tess)


def test_before_anything_is_set_up_it_says_how(it):
    assert "No mail server is set up yet." in it.get(PAGE).text


def test_it_says_what_went_out_and_shows_no_secret(it, staff, settings):
    staff.owes("ann@evergreen.example", DUE)
    work()
    page = it.get(PAGE).text
    assert "Reminders go out." in page
    assert '<td class="number">1</td>' in page
    assert PASSWORD not in page and "ann@evergreen.example" not in page


def test_the_last_problem_stands_there_with_its_number(it, staff, settings, post, district):
    db.get_one(District, district.id)
    settings()
    from tests.reminders.test_sending import change

    change(district, password="wrong")
    staff.owes("ann@evergreen.example", DUE)
    work()
    page = it.get(PAGE).text
    assert "does not take the user name and password" in page and "It answered 535." in page


def test_the_switch_is_audited(it, settings, district):
    assert it.post(f"{PAGE}/pause").status_code == 303
    assert "Reminders are paused." in it.get(PAGE).text
    assert it.post(f"{PAGE}/resume").status_code == 303
    assert "Reminders go out." in it.get(PAGE).text
    actions = list(db.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.seq)))
    assert actions[-2:] == ["mail_paused", "mail_went_on"]


def test_refused_addresses_are_freed_with_one_press(it, staff, settings, post):
    staff.owes("ann@evergreen.example", DUE)
    post.refuse["ann@evergreen.example"] = "550 no"
    work()
    assert "does not know 1 address that" in it.get(PAGE).text
    assert it.post(f"{PAGE}/addresses").status_code == 303
    assert "does not know" not in it.get(PAGE).text


@pytest.mark.parametrize("office", [None, "hr", "school", "privacy"])
@pytest.mark.parametrize("role", ["learner", "teacher", "mentor"])
def test_others_are_not_let_in(signed_in, staff, settings, role, office):
    who = staff.person("who@evergreen.example")
    if office:
        staff.office(who, office, staff.building("elm", "Elm") if office == "school" else None)
    tab = signed_in(role, person=who)
    assert tab.get(PAGE).status_code == 403
    for action in ("pause", "resume", "addresses"):
        assert tab.post(f"{PAGE}/{action}").status_code == 403
    assert settings().paused_at is None


def test_an_administrator_and_the_district_office_are(signed_in, staff):
    assert signed_in("administrator").get(PAGE).status_code == 200
    head = staff.person("head@evergreen.example")
    staff.office(head, "district")
    assert signed_in("learner", person=head).get(PAGE).status_code == 200


def test_it_of_another_district_pauses_only_its_own(app, settings, it):
    other = District(slug="other", name="Other", timezone="America/New_York")
    db.add(other)
    db.commit()
    stranger = Staff(other)
    person = stranger.person("it@other.example")
    stranger.office(person, "it")
    tab = sign_in_browser(app, person, "learner", None, None)
    assert "No mail server is set up yet." in tab.get(PAGE).text
    assert tab.post(f"{PAGE}/pause").status_code == 409
    assert settings().paused_at is None


def test_nobody_is_not_let_in(client):
    assert client.get(PAGE).status_code == 401
    assert client.post(f"{PAGE}/pause").status_code == 401
