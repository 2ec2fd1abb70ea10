from __future__ import annotations

import time
from typing import Any

import jwt
import pytest

from practice_lms import DeepLinksRefused, PracticeLms
from practice_lms.claims import AGS_ENDPOINT, LTI
from practice_lms.deep_linking import DL
from tests.practice_lms.conftest import LmsMaker
from tests.practice_lms.tool import KEY, authorization_request

ITEM = {
    "type": "ltiResourceLink",
    "title": "My Day in Blocks",
    "url": "http://localhost:8000/lessons/g4/g4-my-day-in-blocks",
    "custom": {"lesson": "g4-my-day-in-blocks"},
    "lineItem": {
        "scoreMaximum": 100,
        "label": "Blocks",
        "resourceId": "g4-my-day-in-blocks",
        "tag": "2026-27",
    },
}


def chooser(lms: PracticeLms) -> dict[str, Any]:
    """The claims of the request a teacher's chooser opens with."""
    login = lms.deep_linking_parameters("cruz", "g4-room-12")
    token = lms.authorize(authorization_request(lms, login)).fields["id_token"]
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def response(lms: PracticeLms, *items: dict[str, Any], **changes: Any) -> str:
    now = int(time.time())
    answer = {
        "iss": lms.client_id, "aud": lms.issuer, "iat": now, "exp": now + 60, "nonce": "unique",
        LTI + "message_type": "LtiDeepLinkingResponse", LTI + "version": "1.3.0",
        LTI + "deployment_id": lms.deployment_id, DL + "content_items": list(items),
    }  # fmt: skip
    settings = chooser(lms)[DL + "deep_linking_settings"]
    if "data" in settings:
        answer[DL + "data"] = settings["data"]
    return jwt.encode(answer | changes, KEY, "RS256", headers={"kid": "tool-1"})


def test_the_request_offers_what_each_lms_offers(lms: PracticeLms) -> None:
    claims = chooser(lms)
    settings = claims[DL + "deep_linking_settings"]
    assert claims[LTI + "message_type"] == "LtiDeepLinkingRequest"
    assert LTI + "resource_link" not in claims
    assert AGS_ENDPOINT not in claims
    assert "ltiResourceLink" in settings["accept_types"]
    assert ("data" in settings) == (lms.personality.name != "moodle")
    assert settings["deep_link_return_url"].endswith("/courses/g4-room-12/deep_links?person=cruz")


def test_a_chosen_lesson_becomes_a_link_with_its_column_and_opens(lms: PracticeLms) -> None:
    (link,) = lms.receive_deep_links("g4-room-12", response(lms, ITEM))
    claims = lms.launch_claims("ana", link)
    assert claims[LTI + "target_link_uri"] == ITEM["url"]
    assert claims[LTI + "custom"]["lesson"] == "g4-my-day-in-blocks"
    column = lms.gradebook.column(link)
    assert column is not None
    label = link.title if lms.personality.name == "moodle" else "Blocks"  # Moodle ignores the label
    assert (column.label, column.resource_id, column.tag) == (label, "g4-my-day-in-blocks", "2026-27")
    assert claims[AGS_ENDPOINT]["lineitem"] == lms.lineitem_url(column)
    assert lms.deep_links[-1].problem == ""


def test_several_items_or_none_may_be_chosen(lms: PracticeLms) -> None:
    plain = {"type": "ltiResourceLink"}
    first, second = lms.receive_deep_links("g4-room-12", response(lms, ITEM, plain))
    assert first.key != second.key
    assert lms.link_id(first) != lms.link_id(second)
    assert lms.target_of(second) == "http://localhost:8000/lessons/choose"
    assert lms.gradebook.column(second) is None
    assert lms.receive_deep_links("g4-room-12", response(lms)) == []


def test_each_place_says_what_it_takes_and_keeps_to_it(lms: PracticeLms) -> None:
    for place in lms.personality.placements:
        settings = lms.deep_linking_claims("cruz", "g4-room-12", place.name)[DL + "deep_linking_settings"]
        assert settings["accept_multiple"] is place.accept_multiple
        assert settings.get("accept_lineitem") is place.accept_lineitem
        (link,) = lms.receive_deep_links("g4-room-12", response(lms, ITEM), place.name)
        assert (lms.gradebook.column(link) is not None) is place.keeps_line_item
        if not place.accept_multiple:
            with pytest.raises(DeepLinksRefused):
                lms.receive_deep_links("g4-room-12", response(lms, ITEM, ITEM), place.name)


def test_dates_are_kept_and_shown_where_the_lms_takes_them(lms: PracticeLms) -> None:
    dates = {
        "available": {"startDateTime": "2026-11-30T00:00:00-08:00"},
        "submission": {"endDateTime": "2027-06-11T23:59:00-07:00"},
    }
    (link,) = lms.receive_deep_links("g4-room-12", response(lms, ITEM | dates))
    page = lms.app.test_client().get("/people/ana").text
    assert (link.opens[:10] == "2026-11-30") is lms.personality.keeps_dates
    assert ("due 2027-06-11" in page) is lms.personality.keeps_dates


def test_moodle_adds_nothing_until_the_teacher_saves(moodle: PracticeLms) -> None:
    client, path = moodle.app.test_client(), "/courses/g4-room-12/deep_links?person=cruz"
    before = len(moodle.world.links)
    shown = client.post(path, data={"JWT": response(moodle, ITEM, ITEM)}).text
    assert "These activities will be added" in shown and len(moodle.world.links) == before
    held = shown.split('name="held" value="')[1].split('"')[0]
    assert "2 lessons added" in client.post("/courses/g4-room-12/saved_links", data={"held": held}).text
    assert client.post("/courses/g4-room-12/saved_links", data={"held": held}).status_code == 404
    assert len(moodle.world.links) == before + 2


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "https://elsewhere.example"},
        {"exp": 1},
        {LTI + "message_type": "LtiResourceLinkRequest"},
        {LTI + "version": "1.1"},
        {LTI + "deployment_id": "another"},
        {DL + "data": "mangled"},
        {DL + "content_items": "g4"},
        {DL + "content_items": [{"type": "file"}]},
        {DL + "content_items": [ITEM | {"custom": {"minutes": 12}}]},
    ],
    ids=str,
)
def test_a_response_with_a_fault_adds_nothing(lms: PracticeLms, changes: dict[str, Any]) -> None:
    before = dict(lms.world.links)
    with pytest.raises(DeepLinksRefused):
        lms.receive_deep_links("g4-room-12", response(lms, ITEM, **changes))
    assert lms.world.links == before
    assert lms.deep_links[-1].problem


def test_the_browser_brings_the_response_and_sees_what_was_added(canvas: PracticeLms) -> None:
    client = canvas.app.test_client()
    path = "/courses/g4-room-12/deep_links?person=cruz"
    added = client.post(path, data={"JWT": response(canvas, ITEM)})
    assert "1 lesson added to Grade 4, Room 12" in added.text
    assert "My Day in Blocks" in client.get("/people/ana").text
    assert client.post(path, data={"JWT": "x"}).status_code == 400


def test_only_teachers_are_offered_the_chooser_and_only_when_it_is_switched_on(make_lms: LmsMaker) -> None:
    words = "Add lessons to Grade 4, Room 12"
    on, off = (make_lms(offers_deep_linking=shown).app.test_client() for shown in (True, False))
    assert words in on.get("/people/cruz").text
    assert words not in on.get("/people/ana").text
    assert words not in off.get("/people/cruz").text
    assert 'src="/choose/cruz/g4-room-12"' in on.get("/people/cruz/add/g4-room-12").text
    assert "lti_message_hint" in on.get("/choose/cruz/g4-room-12").text
