"""Deep linking (LTI Advantage Conformance Certification Guide 6.2): seven official tests, on each kind of platform."""

import time

import pytest

from practice_lms.people import SCHOOL_YEAR
from tests.lti_tool.chooser import DL, LTI, Chooser, signed_by_us

G4 = ["g4-same-me", "g4-game-chat-choices", "g4-ways-to-step-in", "g4-the-sign-up-screen", "g4-tricky-messages",
      "g4-my-day-in-blocks"]  # fmt: skip

pytestmark = [
    pytest.mark.usefixtures("curriculum"),
    pytest.mark.parametrize("suite", ["canvas", "schoology", "moodle"], indirect=True),
]


def test_31_the_request_opens_the_chooser(suite):
    """CERT 6.2 "Deep Linking Request": whatever its target says, as long as it is ours."""
    chooser = Chooser.open(suite)
    assert chooser.landed.startswith("/lessons/choose?visit=")
    page = chooser.page()
    assert "Add lessons to Grade 4, Room 12" in page and "Same Me, On Screen and Off" in page


def test_32_the_browser_posts_the_answer(suite):
    """CERT 6.2 "Response received": a form with the field JWT, sent to deep_link_return_url by itself."""
    chooser = Chooser.open(suite)
    form = chooser.add("g4-same-me")
    assert form.action == chooser.settings["deep_link_return_url"]
    assert list(form.fields) == ["JWT"]
    assert "hand_over.js" in form.page and "Go on to your LMS" in form.page


def test_33_the_answer_has_the_right_format(suite):
    """CERT 6.2 "Response format valid"."""
    said = Chooser.open(suite).add("g4-same-me").said
    assert said[LTI + "message_type"] == "LtiDeepLinkingResponse"
    assert said[LTI + "version"] == "1.3.0"
    assert said[LTI + "deployment_id"] == suite.lms.deployment_id
    assert [item["type"] for item in said[DL + "content_items"]] == ["ltiResourceLink"]


def test_34_the_times_hold(suite):
    """CERT 6.2 "Timestamps valid": issued now, never ahead of the platform (Moodle has no leeway), soon over."""
    said = Chooser.open(suite).add("g4-same-me").said
    assert time.time() - 30 < said["iat"] <= time.time()
    assert 60 <= said["exp"] - said["iat"] <= 600


def test_35_the_signature_is_ours(suite):
    """CERT 6.2 "Signature valid": RS256, under a key of our published set."""
    assert signed_by_us(suite, Chooser.open(suite).add("g4-same-me").fields["JWT"])["alg"] == "RS256"


def test_36_who_answers_whom(suite):
    """CERT 6.2 "Required claims": iss is our client id, aud the platform; `data` comes back where it was sent."""
    chooser = Chooser.open(suite)
    first, second = chooser.add("g4-same-me").said, chooser.add("g4-same-me").said
    assert (first["iss"], first["aud"]) == (suite.lms.client_id, suite.lms.issuer)
    assert first["nonce"] != second["nonce"] and len(first["nonce"]) >= 20
    assert first.get(DL + "data") == chooser.settings.get("data")
    assert (DL + "data" in first) == ("data" in chooser.settings)


def test_37_what_was_picked_arrives(suite):
    """CERT 6.2 "Affirm values": a whole year's pack, each lesson a link with a column of its own."""
    form = Chooser.open(suite).add_pack("g4")
    items = form.said[DL + "content_items"]
    assert sorted(item["custom"]["lesson_id"] for item in items) == sorted(G4)
    for item in items:
        lesson = item["custom"]["lesson_id"]
        assert item["url"] == f"http://localhost:8000/lessons/g4/{lesson}"
        assert item["lineItem"] == {
            "label": item["title"], "scoreMaximum": 100, "resourceId": lesson, "tag": SCHOOL_YEAR,
            "submissionReview": {"reviewableStatus": ["Completed"]},
        }  # fmt: skip
    links = suite.lms.receive_deep_links("g4-room-12", form.fields["JWT"])
    assert [link.title for link in links] == [item["title"] for item in items]
