"""Access tokens and the manners of service calls (rows 98 to 102)."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from core.database import db, transaction
from lti_tool import access_tokens
from lti_tool.delivery import deliver_due
from lti_tool.memberships import sync_due
from lti_tool.models import Deployment, Platform, ScoreDelivery
from lti_tool.outcomes import SCOPE_PATIENCE
from lti_tool.registrations import forget_platforms, registered
from lti_tool.service_calls import PlatformService
from people.models import Classroom, District
from tests.lti_tool.grading import after, let_time_pass, the_delivery, want

SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
MEMBERS = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"


def without(school, scope: str) -> None:
    """IT has not turned this scope on in the LMS, though launches promise it."""
    granted = tuple(each for each in school.lms.settings.granted_scopes if each != scope)
    school.lms.settings = replace(school.lms.settings, granted_scopes=granted)


def promised(school) -> dict:
    """The launch claim as it was before the scope was turned off."""
    endpoint = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
    return school.lms.launch_claims("ana", "g4-same-me")[endpoint]


def problems() -> dict[str, str]:
    db.remove()
    return db.scalars(sa.select(Platform.service_problems)).one()


def test_98_a_token_request_has_the_form_the_framework_asks_for(school):
    """Security Framework 4.1: the practice LMS takes nothing else, and the score arrives."""
    want(school, school.launch("ana", "g4-same-me").person, 75)
    deliver_due()
    requests = school.lms.requests.to("token")
    assert {each.headers["Content-Type"] for each in requests} == {"application/x-www-form-urlencoded"}
    assert {each.status for each in requests} == {200}
    assert the_delivery().state == "sent"


def test_99_two_registrations_of_one_issuer_never_share_a_token(school):
    """pylti1p3next keeps tokens by issuer and scopes, and sent district B's call with district A's token."""
    with transaction():
        db.add(District(slug="other", name="Other", timezone="UTC", email_domains=[]))
        db.flush()
        other = Platform(
            district_id=db.scalars(sa.select(District.id).filter_by(slug="other")).one(),
            name="The same Canvas",
            issuer=school.lms.issuer,
            client_id="10000000000002",
            auth_login_url=school.lms.auth_url,
            auth_token_url=school.lms.token_url,
            jwks_url=school.lms.jwks_url,
        )
        db.add(other)
        db.flush()
        number = other.id
        db.add(
            Deployment(district_id=other.district_id, platform_id=number, deployment_id="1", state="approved")
        )
    forget_platforms()
    ours = PlatformService(registered(school.platform.id))
    first = ours.get_access_token([SCORE])
    assert ours.get_access_token([SCORE]) == first
    school.lms.connect(replace(school.lms.registration, client_id="10000000000002"))
    theirs = PlatformService(registered(number)).get_access_token([SCORE])
    assert theirs != first and len(school.lms.requests.to("token")) == 2
    assert {key[0] for key in access_tokens._tokens} == {school.platform.id, number}


def test_99_scopes_in_another_order_are_the_same_scopes(school):
    service = PlatformService(registered(school.platform.id))
    assert service.get_access_token([SCORE, MEMBERS]) == service.get_access_token([MEMBERS, SCORE])
    assert service.get_access_token([SCORE]) != service.get_access_token([MEMBERS])


def test_100_a_token_is_renewed_a_minute_before_its_end_and_once_after_a_401(school):
    """hypothesis/lms keeps a margin of a minute; Moodle forgets tokens before their time."""
    service = PlatformService(registered(school.platform.id))
    first = service.get_access_token([SCORE])
    for token in access_tokens._tokens.values():
        token.ends_at -= 3600 - access_tokens.RENEW_BEFORE + 1
    assert service.get_access_token([SCORE]) != first
    want(school, school.launch("ana", "g4-same-me").person, 75)
    school.lms.set_fault("unauthorized", "scores", times=1)
    deliver_due()
    assert the_delivery().state == "sent" and len(school.lms.gradebook.scores_for("ana")) == 1


@pytest.mark.parametrize("school", ["canvas", "moodle"], indirect=True)
def test_101_a_scope_that_is_off_is_told_to_it_and_not_asked_for_again_and_again(school):
    """RFC 6749 5.2 invalid_scope: one question an hour for the whole LMS, words for the teacher and for IT."""
    endpoint = promised(school)
    without(school, SCORE)
    for name in ("ana", "ben", "pupil03"):
        want(school, school.launch(name, "g4-same-me", endpoint=endpoint).person, 75)
    deliver_due()
    asked = len([each for each in school.lms.requests.to("token") if each.status == 400])
    assert asked == 1 and deliver_due() == 0
    db.remove()
    rows = db.scalars(sa.select(ScoreDelivery)).all()
    assert {row.state for row in rows} == {"waiting"}
    assert all("write grades yet. IT can turn that on." in row.problem for row in rows)
    assert SCORE in problems()["scores"]

    let_time_pass()
    deliver_due()
    assert len([each for each in school.lms.requests.to("token") if each.status == 400]) == 1


def test_101_once_it_has_turned_it_on_everything_arrives_by_itself(school):
    endpoint, granted = promised(school), school.lms.settings
    without(school, SCORE)
    want(school, school.launch("ana", "g4-same-me", endpoint=endpoint).person, 75)
    deliver_due()
    school.lms.settings = granted
    access_tokens.forget_tokens()  # as after ten minutes
    let_time_pass()
    deliver_due()
    assert the_delivery().state == "sent" and problems() == {}


def test_101_after_two_weeks_the_score_is_refused_in_words(school):
    """Not for ever: a teacher can send it again when IT has turned the scope on."""
    endpoint = promised(school)
    without(school, SCORE)
    want(school, school.launch("ana", "g4-same-me", endpoint=endpoint).person, 75)
    with after(days=SCOPE_PATIENCE.days + 1):
        deliver_due()
        row = the_delivery()
        assert row.state == "refused" and row.problem.startswith("your LMS does not let this service write")


def test_101_a_roster_that_is_off_says_so_to_the_teacher_and_to_it(school):
    without(school, MEMBERS)
    school.launch("cruz", "g4-same-me")
    sync_due()
    db.remove()
    assert "IT can allow Names and Roles" in db.scalars(sa.select(Classroom.roster_problem)).one()
    assert MEMBERS in problems()["rosters"]
    shown = school.app.test_cli_runner().invoke(args=["platform", "show", str(school.platform.id)])
    assert "Turn it on for this tool in the LMS" in shown.output


def test_101_moodle_drops_a_scope_without_a_word(school):
    """It grants what is left; the answer's `scope` tells (Moodle 4.5.6, over the wire)."""
    without(school, MEMBERS)
    service = PlatformService(registered(school.platform.id))
    with pytest.raises(access_tokens.ScopeOff) as off:
        service.get_access_token([SCORE, MEMBERS])
    assert "invalid_scope" in str(off.value)


@pytest.mark.parametrize(
    ("kind", "options"),
    [("throttled", {}), ("too_many", {"retry_after": 7}), ("error", {}), ("down", {}), ("closed", {})],
)
def test_102_a_platform_in_trouble_is_left_alone_for_a_while(school, kind, options):
    """Canvas throttling (403 "Rate Limit Exceeded"), 429 with Retry-After, 5xx, no answer: once, then a pause."""
    want(school, school.launch("ana", "g4-same-me").person, 75)
    school.lms.set_fault(kind, "scores", times=1, **options)
    deliver_due()
    assert the_delivery().state == "waiting" and deliver_due() == 0
    let_time_pass()
    deliver_due()
    assert the_delivery().state == "sent" and len(school.lms.gradebook.scores_for("ana")) == 1


def test_102_one_call_at_a_time_and_none_of_the_others_after_a_429(school):
    for who in ("ana", "ben", "pupil03"):
        want(school, school.launch(who, "g4-same-me").person, 75)
    school.lms.set_fault("too_many", "scores", retry_after=30)
    deliver_due()
    assert len(school.lms.requests.to("scores")) == 1
