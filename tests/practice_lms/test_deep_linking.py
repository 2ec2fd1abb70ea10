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
    assert (column.label, column.resource_id, column.tag) == ("Blocks", "g4-my-day-in-blocks", "2026-27")
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
