"""Connect an LMS by hand, decide about installations, change and withdraw; and look up who was refused."""

import pytest
import sqlalchemy as sa

from core.database import db
from lti_tool.delivery import deliver_due
from lti_tool.invite_models import RegistrationInvite
from lti_tool.invites import invite_district
from lti_tool.memberships import sync_due
from lti_tool.models import Context, Deployment, Platform
from people.audit_models import AuditEntry
from tests.admin.conftest import words_of

FORM = {
    "name": "Moodle",
    "issuer": "https://moodle.evergreen.example",
    "client_id": "AbCdEf",
    "auth_login_url": "https://moodle.evergreen.example/mod/lti/auth.php",
    "auth_token_url": "https://moodle.evergreen.example/mod/lti/token.php",
    "jwks_url": "https://moodle.evergreen.example/mod/lti/certs.php",
    "deployment_ids": "2\r\n3\r\n",
    "token_audience": "",
}


def platforms() -> list[Platform]:
    db.remove()
    return db.query(Platform).order_by(Platform.id).all()


def test_the_sheet_names_our_addresses(signed_in):
    seen = words_of(signed_in("administrator").get("/admin/platforms/new"))
    for path in ("/lti/login", "/lti/launch", "/lti/jwks"):
        assert f"http://localhost:8000{path}" in seen


def test_an_lms_is_connected_by_its_form(signed_in):
    it = signed_in("administrator")
    answer = it.post("/admin/platforms/new", data=FORM)
    assert answer.status_code == 303, answer.text
    (made,) = platforms()
    assert (made.name, made.token_audience, made.custom_ids_trusted) == ("Moodle", None, False)
    assert [row.deployment_id for row in db.query(Deployment)] == ["2", "3"]
    assert "Connected" in words_of(it.get(answer.headers["Location"]))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", " ", "Fill this in."),
        ("client_id", "", "Fill this in."),
        ("issuer", "moodle.evergreen.example", "begins with https://"),
        ("jwks_url", "https://a b", "begins with https://"),
        ("auth_token_url", "http://moodle.evergreen.example/token", "begins with https://"),
        ("deployment_ids", "é", "One on each line"),
        ("token_audience", "x" * 1001, "Up to 1000 characters"),
    ],
)
def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(signed_in, field, value, said):
    answer = signed_in("administrator").post("/admin/platforms/new", data=FORM | {field: value})
    assert answer.status_code == 400
    assert f'id="{field}-error">' in answer.text
    assert said in answer.text.partition(f'id="{field}-error">')[2][:120]
    assert "AbCdEf" in answer.text or field == "client_id"
    assert platforms() == []


def test_an_lms_that_is_registered_already_is_said_beside_its_client_id(signed_in):
    it = signed_in("administrator")
    it.post("/admin/platforms/new", data=FORM)
    again = it.post("/admin/platforms/new", data=FORM)
    assert again.status_code == 400
    assert "is registered already" in again.text
    assert len(platforms()) == 1


def test_name_addresses_audience_and_trust_can_be_changed(school, it, page):
    kept = {name: getattr(school.platform, name) for name in ("auth_login_url", "auth_token_url", "jwks_url")}
    changes = {"name": "Canvas", "token_audience": "https://aud.example", "custom_ids_trusted": "yes", **kept}
    assert it.post(f"{page}/change", data=changes).status_code == 303
    (row,) = platforms()
    assert (row.name, row.token_audience, row.custom_ids_trusted) == ("Canvas", "https://aud.example", True)
    form = it.get(f"{page}/change").text
    assert "checked" in form
    assert "pass for somebody else" in form


def test_whether_an_lms_speaks_for_staff_is_a_choice_with_its_reason_beside_it(school):
    """The form ticks it for a district's first LMS, and not for a further one."""
    it = school.launch("admin", "g4")
    ticked = 'name="speaks_for_staff" value="yes" checked'
    assert ticked not in it.get("/admin/platforms/new").text
    page = f"/admin/platforms/{school.platform.id}"
    form = it.get(f"{page}/change").text
    assert ticked in form and "that it is the superintendent’s" in form
    assert it.post("/admin/platforms/new", data=FORM | {"speaks_for_staff": "yes"}).status_code == 303
    assert it.post("/admin/platforms/new", data=FORM | {"client_id": "2"}).status_code == 303
    assert [row.speaks_for_staff for row in platforms()] == [True, True, False]
    assert "Speaks for the district’s staff no: pupils" in words_of(
        it.get(f"/admin/platforms/{platforms()[2].id}")
    )


def test_the_forms_of_a_district_without_an_lms_let_its_first_one_speak(signed_in):
    form = signed_in("administrator").get("/admin/platforms/new?lms=moodle").text
    assert form.count('name="speaks_for_staff" value="yes" checked') == 2, "for the invitation, and by hand"


def test_it_hears_of_staff_who_are_not_recognised_and_lets_the_lms_speak_for_them(school, it, page):
    """What is kept is the choice of whoever opened the page, and it is in the audit log."""
    kept = {
        name: getattr(school.platform, name)
        for name in ("name", "auth_login_url", "auth_token_url", "jwks_url")
    }
    assert it.post(f"{page}/change", data=kept).status_code == 303
    for person in ("cruz", "dee", "ana"):
        school.launch(person, "g4")
    assert "2 people came from Practice LMS as staff and are not recognised." in words_of(it.get(page))
    assert school.launch("admin", "g4").get("/admin/").status_code == 403, (
        "nor is who looks after it let in here"
    )
    assert it.post(f"{page}/change", data=kept | {"speaks_for_staff": "yes"}).status_code == 303
    for person in ("cruz", "dee", "admin"):
        school.launch(person, "g4")
    assert "not recognised" not in words_of(it.get(page))
    db.remove()
    rows = db.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq)).all()
    actions = ["lms_does_not_speak_for_staff", "lms_speaks_for_staff"]
    assert [(each.actor, each.action) for each in rows if each.action in actions] == [
        (f"person:{it.person.public_id}", action) for action in actions
    ]


def test_an_unknown_installation_waits_is_approved_and_let_in(school, it):
    assert school.post_launch("ana", "g4", deployment_id="9:new").status_code == 403
    seen = words_of(it.get("/admin/"))
    assert "Your LMS answers; one deployment waits for you." in seen
    assert "9:new" in seen
    row = db.query(Deployment).filter_by(deployment_id="9:new").one()
    place = f"/admin/platforms/{school.platform.id}/deployments/{row.id}"
    assert it.post(f"{place}/approve").status_code == 303
    assert school.post_launch("ana", "g4", deployment_id="9:new").status_code == 303
    assert it.post(f"{place}/withdraw").status_code == 303
    assert school.post_launch("ana", "g4", deployment_id="9:new").status_code == 403


def test_a_dismissed_installation_does_not_wait_any_more_and_stays_refused(school, it, page):
    school.post_launch("ana", "g4", deployment_id="9:new")
    row = db.query(Deployment).filter_by(deployment_id="9:new").one()
    assert it.post(f"{page}/deployments/{row.id}/dismiss").status_code == 303
    assert school.post_launch("ana", "g4", deployment_id="9:new").status_code == 403
    assert "9:new" not in words_of(it.get("/admin/"))
    assert "Dismissed" in words_of(it.get(page))
    assert it.post(f"{page}/deployments/{row.id}/approve").status_code == 303
    assert school.post_launch("ana", "g4", deployment_id="9:new").status_code == 303


def test_a_withdrawn_lms_lets_nobody_in_and_is_sent_nothing_until_it_is_let_in_again(school, it, page):
    it.post(f"{page}/withdraw")
    client = school.app.test_client()
    assert school.log_in("ana", "g4", client).status_code == 404
    school.lms.requests.clear()
    assert (deliver_due(), sync_due()) == (0, 0)
    assert db.query(Context).filter(Context.roster_due_at.is_not(None)).count() == 1, "a roster was due"
    assert len(school.lms.requests) == 0
    assert "is withdrawn: nobody comes in from it." in words_of(it.get(page))
    assert "No LMS is connected yet." in words_of(it.get("/admin/"))
    it.post(f"{page}/restore")
    school.launch("ana", "g4")
    assert sync_due() == 1


def test_a_launch_under_way_when_its_lms_is_withdrawn_is_refused(school, it, page):
    client = school.app.test_client()
    fields = school.fields("ana", "g4", client)
    it.post(f"{page}/withdraw")
    assert client.post("/lti/launch", data=fields).status_code == 403


def test_the_reference_on_a_refusal_leads_to_its_cause(school, it, page):
    refused = school.post_launch("ana", "g4", aud="another-tool")
    reference = refused.headers["X-Request-Id"]
    for path in ("/admin/", page):
        seen = words_of(it.get(f"{path}?reference=+{reference}+"))
        assert "This link was meant for another tool." in seen
        assert "Compare client ID, issuer and key address" in seen
    assert "one launch was refused in the last 24 hours" in words_of(it.get(page))
    assert "Nothing is kept under nope" in words_of(it.get("/admin/?reference=nope"))


def test_pages_ask_the_database_as_often_for_ten_lmss_as_for_one(school, it, page, count_queries):
    def asked(path: str) -> int:
        it.get(path)
        with count_queries() as statements:
            assert it.get(path).status_code == 200
        return len(statements)

    before = asked("/admin/"), asked(page)
    for number in range(9):
        data = FORM | {"client_id": f"client-{number}"}
        assert it.post("/admin/platforms/new", data=data).status_code == 303
    for number in range(9):
        school.post_launch("ana", "g4", deployment_id=f"9:{number}")
    after = asked("/admin/"), asked(page)
    assert after == before
    assert max(after) <= 16


@pytest.mark.parametrize(
    ("query", "filled"),
    [
        ("lms=canvas", "https://sso.canvaslms.com/api/lti/security/jwks"),
        ("lms=schoology", "https://lti-service.svc.schoology.com/lti-service/access-token"),
        ("lms=blackboard", "https://blackboard.com"),
        (
            "lms=moodle&base=https://moodle.evergreen.example/",
            "https://moodle.evergreen.example/mod/lti/token.php",
        ),
        ("lms=brightspace&base=https://b.example", "https://api.brightspace.com/auth/token"),
    ],
)
def test_a_known_lms_has_its_own_sheet_and_fills_in_its_addresses(signed_in, query, filled):
    page = signed_in("administrator").get(f"/admin/platforms/new?{query}").text
    assert f'value="{filled}"' in page
    assert "http://localhost:8000/lti/login" in page or "/lti/config/canvas.json" in page


@pytest.mark.parametrize(
    "query", ["lms=moodle", "lms=moodle&base=javascript:alert(1)", "lms=nobody", "base=x"]
)
def test_an_odd_choice_of_an_lms_fills_in_nothing(signed_in, query):
    answer = signed_in("administrator").get(f"/admin/platforms/new?{query}")
    assert answer.status_code == 200
    assert 'value="javascript' not in answer.text
    assert "mod/lti/token.php" not in answer.text


def test_an_invitation_is_shown_once(app, signed_in, district):
    it = signed_in("administrator")
    answer = it.post("/admin/platforms/invite")
    assert answer.status_code == 200
    assert "http://localhost:8000/lti/register?invite=" in answer.text
    db.remove()
    made = db.scalars(sa.select(RegistrationInvite).filter_by(district_id=district.id)).one()
    assert made.secret_hash not in answer.text and made.speaks_for_staff is False
    assert "does not speak for the district" in answer.text
    assert "<strong>speaks for" in it.post("/admin/platforms/invite", data={"speaks_for_staff": "yes"}).text


def test_a_refused_registration_is_found_under_its_reference(app, client, signed_in, district):
    """The LMS gives an address of itself that does not hold; the invitation says whose it was."""
    _, secret = invite_district(district)
    db.commit()
    db.remove()
    refused = client.get(
        "/lti/register",
        query_string={"invite": secret, "openid_configuration": "http://127.0.0.1:9/nobody-is-here"},
    )
    assert refused.status_code >= 400
    reference = refused.headers["X-Request-Id"]
    seen = words_of(signed_in("administrator").get(f"/admin/?reference={reference}"))
    assert f"Nothing is kept under {reference}" not in seen
    assert reference in seen
