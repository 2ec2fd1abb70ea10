"""A learner's work opened from the gradebook (AGS 2.0, LtiSubmissionReviewRequest)."""

import pytest

from core.database import db
from lti_tool.models import ResourceLink
from people.models import SignIn
from tests.teaching.working import LESSON, hand_in, read_lesson

PAGE = "/completion/submission"


@pytest.fixture
def ana(school, curriculum):
    """Has handed in twice."""
    pupil = school.launch("ana", LESSON)
    read_lesson(pupil)
    hand_in(pupil, "a")
    hand_in(pupil, "b")
    return pupil


def review(school, viewer: str, of: str | dict, link: str = LESSON, **changes):
    named = of if isinstance(of, dict) else {"user_id": school.lms.user_id(of)}
    return school.launch(viewer, link, message_type="LtiSubmissionReviewRequest", for_user=named, **changes)


def test_a_teacher_reads_best_and_latest_with_feedback(school, ana):
    teacher = review(school, "cruz", "ana")
    assert teacher.landed.startswith(PAGE + "?")
    page = teacher.get(PAGE)
    assert page.status_code == 200 and "Handed in 2 times" in page.text
    assert "The best try" in page.text and "Picked" in page.text
    assert "<form" not in page.text.split("<main")[1].split("</main>")[0], "read only"


def test_the_launch_of_the_lms_itself_leads_there(school, ana):
    """The gradebook's own launch: login, id_token and all."""
    client = school.app.test_client()
    parameters = school.lms.login_parameters("cruz", LESSON, review_of="ana")
    db.remove()
    asked = client.post("/lti/login", data=parameters).headers["Location"]
    db.remove()
    opened = client.post("/lti/launch", data=school.lms.authorize(asked).fields)
    assert opened.status_code == 303
    db.remove()
    assert "Handed in 2 times" in client.get(opened.headers["Location"]).text


def test_a_learner_reads_their_own(school, ana):
    page = review(school, "ana", "ana").get(PAGE)
    assert page.status_code == 200 and "Your work" in page.text


def test_a_learner_reads_nobody_elses(school, ana):
    page = review(school, "ben", "ana").get(PAGE)
    assert page.status_code == 404 and "no work of this person" in page.text


@pytest.mark.parametrize("named", [{"user_id": "nobody-we-know"}, {"user_id": "' OR 1=1"}])
def test_somebody_unknown_gets_a_plain_page(school, ana, named):
    page = review(school, "cruz", named).get(PAGE)
    assert page.status_code == 404 and "reference" in page.text


def test_somebody_of_another_class_is_not_shown(school, ana):
    """Ms. Cruz is no teacher of the staff course, and Dee is in no class of hers."""
    school.launch("dee", "ruc-7-social-media-with-students")
    assert review(school, "cruz", "dee").get(PAGE).status_code == 404
    elsewhere = review(school, "admin", "ana", link="ruc-7-social-media-with-students")
    assert elsewhere.get(PAGE).status_code == 404


def test_a_mentor_is_not_shown_a_submission(school, ana):
    assert review(school, "parent", "ana").get(PAGE).status_code == 404


def test_an_ordinary_launch_opens_no_submission(school, ana):
    assert school.launch("cruz", LESSON).get(PAGE).status_code == 404


def test_nothing_handed_in_is_said_plainly(school, ana):
    school.launch("ben", LESSON)
    page = review(school, "cruz", "ben").get(PAGE)
    assert page.status_code == 200 and "No quiz of this lesson has been handed in" in page.text


def test_the_link_still_leads_to_its_lesson(school, ana):
    review(school, "cruz", "ana")
    db.remove()
    assert {each.target for each in db.query(ResourceLink)} == {f"/lessons/g4/{LESSON}"}
    assert school.launch("ana", LESSON).landed.startswith(f"/lessons/g4/{LESSON}?")


def test_a_review_without_a_learner_is_refused(school, ana):
    answer = school.post_launch("cruz", LESSON, message_type="LtiSubmissionReviewRequest")
    assert answer.status_code == 400 and "for_user" in answer.text


def test_whose_it_is_can_not_be_asked_for_in_the_address(school, ana):
    ben = school.launch("ben", LESSON)
    own = review(school, "ben", "ben")
    assert own.get(f"{PAGE}?about={ana.person.id}").status_code == 200
    assert "You have not handed in" in own.get(f"{PAGE}?about={ana.person.id}").text
    assert db.query(SignIn).filter_by(key=own.visit).one().about == [ben.person.id]
