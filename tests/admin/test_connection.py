"""“Test now” really asks the LMS, and says for every fault what to click where."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from admin.words import TITLES
from core.database import db
from lti_tool.connection_models import ConnectionTest
from lti_tool.models import Platform
from lti_tool.registrations import forget_platforms
from practice_lms.settings import ALL_SCOPES, MEMBERSHIPS, SCORE
from tests.admin.conftest import rest, result_of, words_of
from tests.lms import TOOL, open_school


def grant(school, *scopes) -> None:
    school.lms.settings = replace(school.lms.settings, granted_scopes=scopes)


@pytest.mark.parametrize("school", ["canvas", "schoology", "moodle"], indirect=True)
def test_everything_is_really_asked_for_and_answers(school, press_test, it, page):
    school.lms.requests.clear()
    seen = press_test()
    for title in TITLES.values():
        assert result_of(seen, title).startswith("Works"), (title, seen)
    assert "28 people" in result_of(seen, TITLES["roster"]) or "29 people" in result_of(
        seen, TITLES["roster"]
    )
    assert "Practice LMS answers." in seen
    asked = {(each.endpoint, each.method) for each in school.lms.requests}
    assert {("jwks", "GET"), ("token", "POST"), ("memberships", "GET"), ("lineitems", "GET")} <= asked
    assert "Your LMS answers." in words_of(it.get("/admin/"))


def test_before_any_test_the_page_says_so(it, page):
    seen = words_of(it.get(page))
    assert "Is it connected?" in seen
    assert "Last tested" not in seen


def test_keys_that_are_down(school, press_test):
    school.lms.set_fault("down", "jwks")
    seen = press_test()
    assert "Practice LMS does not let us in" in seen
    assert "It answered 503." in result_of(seen, TITLES["keys"])
    assert "test again later" in result_of(seen, TITLES["keys"])


def test_a_key_address_that_is_none(school, press_test):
    db.merge(school.platform).jwks_url = f"{school.lms.base_url}/courses"
    db.commit()
    forget_platforms()
    row = result_of(press_test(), TITLES["keys"])
    assert row.startswith("Does not work")
    assert "Compare the address with the one the LMS shows" in row


def test_a_scope_that_is_off_is_named_with_the_switch_of_this_lms(school, press_test):
    grant(school, *(scope for scope in ALL_SCOPES if scope != SCORE))
    seen = press_test()
    row = result_of(seen, TITLES["token_score"])
    assert "Developer Keys › the key of this tool › LTI Advantage Services" in row
    assert "Can create and update submission results for assignments associated with the tool" in row
    assert result_of(seen, TITLES["token_roster"]).startswith("Works Yes.")
    assert "Practice LMS answers, but one of seven things we ask for does not work." in seen


@pytest.mark.parametrize("school", ["moodle"], indirect=True)
def test_the_roster_switched_off_in_moodle(school, press_test):
    grant(school, *(scope for scope in ALL_SCOPES if scope != MEMBERSHIPS))
    seen = press_test()
    assert "Use this service to retrieve members' information" in result_of(seen, TITLES["token_roster"])
    assert "The LMS gave us no permission for it" in result_of(seen, TITLES["roster"])


def test_too_many_requests_is_no_fault_of_the_set_up(school, press_test):
    school.lms.set_fault("too_many", "memberships")
    assert "Nothing is wrong with the set-up; wait a minute" in result_of(press_test(), TITLES["roster"])


def test_a_wrong_token_audience_shows_the_three_things_it_can_be(school, press_test):
    db.merge(school.platform).token_audience = "https://wrong.example/token"
    db.commit()
    forget_platforms()
    seen = press_test()
    row = result_of(seen, TITLES["token_lineitem"])
    assert "It answered 400, invalid_client." in row or "It answered 401, invalid_client." in row
    assert f"it can not read our keys: open {TOOL}/lti/jwks from outside" in row
    assert "another audience than https://wrong.example/token" in row
    assert "Practice LMS does not let us in" in seen


def test_a_token_address_that_does_not_answer_is_asked_once(school, press_test):
    school.lms.requests.clear()
    school.lms.set_fault("closed", "token")
    seen = press_test()
    assert "No answer (ConnectionError)." in result_of(seen, TITLES["token_lineitem"])
    assert "port 443 in the firewall" in result_of(seen, TITLES["token_lineitem"])
    assert result_of(seen, TITLES["token_score"]).startswith("Not tried")
    assert len([each for each in school.lms.requests if each.endpoint == "token"]) == 1


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("malformed", "It answered with something we can not read."),
        ("error", "It answered 500."),
        ("next_page_loop", "Its list leads back to a page we have read."),
    ],
)
def test_a_gradebook_that_misbehaves(school, press_test, kind, said):
    school.lms.set_fault(kind, "lineitems")
    assert said in result_of(press_test(), TITLES["lineitems"])


def test_a_platform_nobody_came_from_is_tried_as_far_as_it_goes(app, district, lms_keys, signed_in):
    with open_school(app, district, "canvas", keys=lms_keys) as school:
        it = signed_in("administrator")
        page = f"/admin/platforms/{school.platform.id}"
        assert "has not been tried yet" in words_of(it.get(page))
        assert it.post(f"{page}/test").status_code == 303
        seen = words_of(it.get(page))
        assert result_of(seen, TITLES["token_score"]).startswith("Works")
        assert "Open one as a teacher, then test again." in result_of(seen, TITLES["roster"])


def test_two_presses_in_a_row_ask_the_lms_once(school, it, page):
    assert it.post(f"{page}/test").status_code == 303
    school.lms.requests.clear()
    again = it.post(f"{page}/test")
    assert again.status_code == 429
    assert "tested a moment ago" in again.text
    assert len(school.lms.requests) == 0
    rest()
    assert it.post(f"{page}/test").status_code == 303


def test_the_database_can_be_written_while_the_lms_is_asked(app, school, it, page):
    """SQLite has one writer; whoever held it during a slow answer would stop every pupil."""
    wrote = []

    def write_from_outside(*_args, **_kwargs):
        with db.get_bind().connect() as connection:
            connection.execute(sa.text("UPDATE platform SET name = name"))
            connection.commit()
            wrote.append(True)

    school.lms.app.before_request_funcs[None].append(write_from_outside)
    assert it.post(f"{page}/test").status_code == 303
    assert len(wrote) >= 7


def test_a_test_names_nobody_at_rest(school, press_test):
    press_test()
    db.remove()
    row = db.query(ConnectionTest).one()
    told = f"{row.checks} {row.test_users}"
    assert "Reyes" not in told
    assert school.lms.user_id("ana") not in told
    assert db.query(Platform).count() == 1
