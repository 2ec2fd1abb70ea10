"""Deep linking beyond the official suite (LTI Deep Linking 2.0; rows 105-115)."""

import json
from datetime import timedelta

import pytest
import time_machine

from core.clock import now
from core.database import db
from lti_tool.claim_values import CLAIM
from lti_tool.models import DeepLinkingRequest, Launch, ResourceLink
from lti_tool.roles import MEMBERSHIP
from people.models import SignIn
from people.sign_in import LASTS, forget_old_sign_ins
from tests.lti_tool.chooser import DL, Chooser, form_of, launch
from tests.lti_tool.suite import rows

pytestmark = pytest.mark.usefixtures("curriculum")
ALL_KINDS = pytest.mark.parametrize("suite", ["canvas", "schoology", "moodle"], indirect=True)


def holds_no_null(value) -> bool:
    if isinstance(value, dict):
        return all(holds_no_null(each) for each in value.values())
    if isinstance(value, list):
        return all(holds_no_null(each) for each in value)
    return value is not None


def test_105_one_item_where_the_platform_takes_one(suite):
    """DL 3.4.1 accept_multiple: radio buttons, no pack, and never two items, whatever a form says."""
    chooser = Chooser.open(suite, settings={"accept_multiple": False})
    page = chooser.page("g4")
    assert 'type="radio" name="pick"' in page and 'type="checkbox" name="pick"' not in page
    assert 'value="pack"' not in page
    assert len(chooser.add("g4-same-me", "g4-tricky-messages").items) == 1
    assert len(chooser.add_pack("g4").items) == 1


def test_105_what_is_not_said_is_one(suite):
    chooser = Chooser.open(suite, settings={"accept_multiple": None})
    assert len(chooser.add("g4-same-me", "g4-tricky-messages").items) == 1


@pytest.mark.parametrize("kinds", [["link", "file"], [], ["html", 7, None]])
def test_106_a_place_that_takes_no_links(suite, kinds):
    """DL 3.4.1 accept_types: said in words, with a way back that tells the platform too."""
    chooser = Chooser.open(suite, settings={"accept_types": kinds})
    page = chooser.page()
    assert "No lesson can be linked here" in page and 'name="pick"' not in page
    assert chooser.cancel().items == []
    assert chooser.press("add", "g4-same-me").status_code == 303, "nothing is added by a made-up form either"


@pytest.mark.parametrize(("said", "sent"), [(False, False), (None, True), (True, True)])
def test_107_line_items_are_left_out_where_they_are_not_taken(suite, said, sent):
    """DL 3.4.1 accept_lineitem: "If the field is not present, no assumption can be made"; they are sent then."""
    chooser = Chooser.open(suite, settings={"accept_lineitem": said})
    (item,) = chooser.add("g4-same-me").items
    assert ("lineItem" in item) is sent
    chooser.press("details", "g4-same-me")
    assert ("Gradebook" in chooser.browser.get("/lessons/choose/details").text) is sent


def test_107_a_teacher_may_do_without_a_column(suite):
    items = Chooser.open(suite).add_pack("g4", column="without").items
    assert len(items) == 6 and all("lineItem" not in item for item in items)


def test_107_a_course_page_has_no_column(suite):
    (item,) = Chooser.open(suite).add("g4").items
    assert item["url"] == "http://localhost:8000/lessons/g4" and item["custom"] == {"course_id": "g4"}
    assert "lineItem" not in item


@pytest.mark.parametrize(
    ("targets", "sent"),
    [(["iframe", "window"], {"iframe"}), (["window"], {"window"}), (["embed"], set()), ([], set()), (None, set())],
)  # fmt: skip
def test_108_only_a_target_the_platform_lists(suite, targets, sent):
    """DL 3.4.1 accept_presentation_document_targets."""
    chooser = Chooser.open(suite, settings={"accept_presentation_document_targets": targets})
    (item,) = chooser.add("g4-same-me").items
    assert set(item) & {"iframe", "window", "embed"} == sent


@pytest.mark.parametrize(
    "data", ["plain", "csrf \"&<>'", "é \u2028 日本 \x00", "eyJ0eXAiOiJKV1QifQ.e30.x", "x" * 20_000, ""]
)
def test_109_data_comes_back_as_it_was_sent(suite, data):
    """DL 3.5.2.1 data: "MUST be returned" where it was sent; never made up where it was not."""
    assert Chooser.open(suite, settings={"data": data}).add("g4-same-me").said[DL + "data"] == data
    said = Chooser.open(suite, settings={"data": None}).cancel().said
    assert DL + "data" not in said


@pytest.mark.parametrize(
    "more", [{}, {"auto_create": True, "title": "Mine", "text": "My words"}, {"title": 7}]
)
def test_109_titles_and_texts_are_defaults(suite, more):
    """DL 3.4.1: "Default text"; a lesson has a title of its own, so what was picked is what arrives (row 37)."""
    (item,) = Chooser.open(suite, settings=more).add("g4-same-me").items
    assert item["title"] == "Same Me, On Screen and Off" and "Mine" not in json.dumps(item)


@ALL_KINDS
def test_110_cancelling_is_an_answer_too(suite):
    """DL 3.5.2.1: an empty list and a word for the person."""
    form = Chooser.open(suite).cancel()
    assert form.items == []
    assert form.said[DL + "msg"] == "Nothing was chosen."
    assert suite.lms.receive_deep_links("g4-room-12", form.fields["JWT"]) == []


def test_111_failures_are_spelled_as_the_platform_reads_them(suite):
    """DL 3.5.2.1 errormsg, errorlog: and no msg beside them."""
    said = Chooser.open(suite, settings={"accept_types": ["file"]}).cancel().said
    assert said[DL + "errormsg"] == "No lesson can be linked here."
    assert said[DL + "errorlog"] == "accept_types has no ltiResourceLink: file"
    assert DL + "msg" not in said


def test_111_a_platform_that_failed_finds_the_choice_as_it_was(suite):
    """Back from the platform's error page, what was ticked still is, and the page says what happened."""
    chooser = Chooser.open(suite)
    chooser.add("g4-same-me")
    page = chooser.page()
    assert 'value="g4-same-me" checked' in page
    assert "If they did not arrive" in page


def test_112_the_return_address_keeps_its_query_and_breaks_no_page(suite):
    url = "https://lms.example:8443/back?a=1&b=\"><script>alert(1)</script>&c='d"
    form = Chooser.open(suite, settings={"deep_link_return_url": url}).add("g4-same-me")
    assert form.action == url
    assert "<script>alert" not in form.page
    assert "form-action 'self' https://lms.example:8443;" in form.policy


@pytest.mark.parametrize(
    "url", ["https://", "https://a b", "https://x;script-src *", "javascript:alert(1)", 7, None]
)
def test_112_an_address_no_answer_could_reach_is_refused_at_the_launch(suite, url):
    answer, _ = launch(suite, suite.browser(), "cruz", {"deep_link_return_url": url})
    suite.refuses(answer, 400)


def test_112_other_pages_send_forms_only_home(suite):
    chooser = Chooser.open(suite)
    policy = chooser.browser.get("/lessons/choose").headers["Content-Security-Policy"]
    assert "form-action 'self';" in policy


@pytest.mark.parametrize(
    ("person", "roles"),
    [("ana", None), ("parent", None), ("cruz", [f"{MEMBERSHIP}#Learner"]), ("cruz", [f"{MEMBERSHIP}#Mentor"]),
     ("cruz", [])],
)  # fmt: skip
def test_113_who_does_not_teach_chooses_nothing(suite, person, roles):
    """And leaves nothing behind: no person, no sign-in, no spent nonce."""
    change = {} if roles is None else {CLAIM + "roles": roles}
    answer, _ = launch(suite, suite.browser(), person, **change)
    suite.refuses(answer, 403, "Only teachers choose")


@pytest.mark.parametrize(
    "role", ["Instructor", "Instructor#TeachingAssistant", "ContentDeveloper", "Administrator"]
)
def test_113_who_teaches_runs_or_writes_the_course_chooses(suite, role):
    base, _, sub = role.partition("#")
    uri = f"{MEMBERSHIP}/{base}#{sub}" if sub else f"{MEMBERSHIP}#{base}"
    assert Chooser.open(suite, **{CLAIM + "roles": [uri]}).add("g4-same-me").items


def test_114_an_hour_of_choosing_expires_nothing(suite):
    """The answer is signed when it is given."""
    chooser = Chooser.open(suite)
    with time_machine.travel(now() + timedelta(minutes=70)):
        said = chooser.add("g4-same-me").said
        assert now().timestamp() - 30 < said["iat"] <= now().timestamp() < said["exp"]


@ALL_KINDS
def test_115_items_hold_no_nulls_and_only_texts_in_custom(suite):
    """DL 3.2 and every platform's parser: lower-case keys, text values, nothing null or empty."""
    chooser = Chooser.open(suite)
    form = chooser.add_pack("g4", dates="spread", first="2026-11-30", last="2027-06-11")
    assert holds_no_null(form.said)
    for item in form.items:
        assert all(key == key.lower() and isinstance(value, str) for key, value in item["custom"].items())
        assert item["available"]["startDateTime"] < item["submission"]["endDateTime"]
        assert item["text"] and "icon" not in item and "thumbnail" not in item


@ALL_KINDS
@pytest.mark.parametrize("lost", [False, True], ids=["url kept", "url lost"])
def test_a_link_leads_to_its_lesson(suite, lost):
    """Also where the platform loses `url` and sends the tool's own address (Moodle, Schoology)."""
    form = Chooser.open(suite).add("g4-tricky-messages", "g4")
    course, lesson = suite.lms.receive_deep_links("g4-room-12", form.fields["JWT"])
    for link, path in ((lesson, "/lessons/g4/g4-tricky-messages"), (course, "/lessons/g4")):
        changes = {"target_link_uri": "http://localhost:8000/lessons/choose"} if lost else {}
        answer = suite.launch("ana", link.key, **changes)
        assert answer.status_code == 303, answer.text
        assert answer.headers["Location"].startswith(f"http://localhost:8000{path}?visit=")
    assert {each.target for each in db.query(ResourceLink)} == {
        "/lessons/g4/g4-tricky-messages",
        "/lessons/g4",
    }


def test_a_general_link_that_names_nothing_says_so(suite):
    answer = suite.launch("ana", "g4", target_link_uri="http://localhost:8000/lessons/choose", custom={})
    assert answer.headers["Location"].startswith("http://localhost:8000/lessons/choose?visit=")


def test_a_tab_that_was_opened_for_something_else_has_nothing_to_choose(signed_in):
    for role in ("learner", "teacher", "administrator", "chooser"):
        answer = signed_in(role).get("/lessons/choose")
        assert answer.status_code == 404 and "nothing to choose" in answer.text


def test_the_request_goes_with_its_sign_in_and_leaves_no_launch(suite):
    Chooser.open(suite)
    assert rows()["launch"] == 0
    kept = db.query(DeepLinkingRequest).one()
    assert kept.sign_in_id == db.query(SignIn).one().id
    with time_machine.travel(now() + LASTS + timedelta(minutes=1)):
        forget_old_sign_ins()
        db.commit()
    assert db.query(DeepLinkingRequest).count() == 0 and db.query(Launch).count() == 0


def test_a_double_click_gives_a_second_good_answer_and_later_it_is_spent(suite):
    """LMSs refuse an answer they have had by its nonce or its `data`; so a repeat is signed anew, for a while."""
    chooser = Chooser.open(suite)
    first, second = chooser.add("g4-same-me"), chooser.add("g4-same-me")
    assert first.said["nonce"] != second.said["nonce"] and first.items == second.items
    with time_machine.travel(now() + timedelta(minutes=3)):
        answer = chooser.press("add", "g4-same-me")
        assert answer.status_code == 409 and "handed to your LMS already" in answer.text
        assert chooser.browser.post("/lessons/choose/cancel").status_code == 409


def test_a_look_at_a_lesson_loses_no_tick_and_records_nothing(suite):
    chooser = Chooser.open(suite)
    looked = chooser.press("look:g4-same-me", "g4-tricky-messages")
    assert looked.headers["Location"].startswith("/lessons/g4/g4-same-me?visit=")
    before = rows()
    lesson = chooser.browser.get(looked.headers["Location"])
    assert "Preview" in lesson.text and "Back to choosing" in lesson.text
    chooser.browser.post("/lessons/g4/g4-same-me")
    chooser.browser.post("/lessons/g4/g4-same-me/steps/1")
    assert rows() == before
    page = chooser.page("g4")
    assert 'value="g4-tricky-messages" checked' in page
    staff = chooser.press("course:ruc", "g4-tricky-messages")
    assert "course=ruc" in staff.headers["Location"]
    assert "Tricky Messages" in chooser.page("ruc").split("Also chosen")[1]
    form = form_of(chooser.press("add", "ruc-7-social-media-with-students", shown="ruc"))
    assert [item["custom"]["course_id"] for item in form.items] == ["g4", "ruc"]


@pytest.mark.parametrize(
    ("wishes", "words"),
    [({"dates": "spread", "first": "", "last": "2027-06-11"}, "a first and a last day"),
     ({"dates": "spread", "first": "2027-06-11", "last": "2026-11-30"}, "before it opens"),
     ({"dates": "spread", "first": "2026-11-30", "last": "2026-12-01"}, "fewer days"),
     ({"dates": "each", "due-g4-same-me": "tomorrow"}, "written like 2026-11-30")],
)  # fmt: skip
def test_odd_dates_are_said_and_nothing_is_sent(suite, wishes, words):
    chooser = Chooser.open(suite)
    chooser.press("pack")
    answer = chooser.browser.post("/lessons/choose/details", data=wishes)
    assert answer.status_code == 400 and words in answer.text and "data-hand-over" not in answer.text
    assert db.query(DeepLinkingRequest).one().answered_at is None


def test_dates_are_days_of_the_district(suite):
    chooser = Chooser.open(suite)
    chooser.press("details", "g4-same-me")
    form = form_of(
        chooser.browser.post(
            "/lessons/choose/details",
            data={"dates": "each", "opens-g4-same-me": "2026-11-30", "due-g4-same-me": "2027-04-01"},
        )
    )
    (item,) = form.items
    assert item["available"] == {"startDateTime": "2026-11-30T00:00:00-08:00"}
    assert item["submission"] == {"endDateTime": "2027-04-01T23:59:00-07:00"}


def test_another_district_reads_nothing_of_a_request(suite, signed_in):
    """A tab's request is found by its own sign-in, so no address of one district shows another's."""
    chooser = Chooser.open(suite)
    stranger = signed_in("chooser")
    assert stranger.get("/lessons/choose").status_code == 404
    assert stranger.client.get(f"/lessons/choose?visit={chooser.browser.visit}").status_code == 401


def test_nothing_ticked_is_said(suite):
    chooser = Chooser.open(suite)
    for go in ("add", "details"):
        answer = chooser.press(go)
        assert "Nothing is chosen yet." in chooser.browser.get(answer.headers["Location"]).text
    assert "Nothing is chosen yet." in chooser.browser.post("/lessons/choose/details", data={}).text
    assert chooser.press("look:no-such-lesson").status_code == 303
    assert chooser.press("", shown="g99").status_code == 303
