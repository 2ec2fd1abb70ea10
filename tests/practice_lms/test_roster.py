from __future__ import annotations

from typing import Any

import pytest
import requests

from practice_lms import PracticeLms
from practice_lms.people import Person
from practice_lms.roles import MEMBERSHIP
from practice_lms.settings import SCORE
from tests.practice_lms.conftest import LmsMaker
from tests.practice_lms.tool import MEMBERS_TYPE, Caller


def page(caller: Caller, **query: Any) -> Any:
    return caller.call("GET", caller.lms.memberships_url("g4-room-12"), MEMBERS_TYPE, query_string=query)


def members(caller: Caller, **query: Any) -> dict[str, dict[str, Any]]:
    return {member["user_id"]: member for member in page(caller, **query).get_json(force=True)["members"]}


def whole(caller: Caller, **query: Any) -> tuple[list[str], int]:
    """User ids over all pages, following rel=next as it is, and the number of pages."""
    answer, seen, pages = page(caller, **query), [], 1
    while True:
        seen += [member["user_id"] for member in answer.get_json(force=True)["members"]]
        links = {
            link.get("rel"): link["url"]
            for link in requests.utils.parse_header_links(answer.headers.get("Link", ""))
        }
        if "next" not in links:
            return seen, pages
        answer, pages = caller.call("GET", links["next"], MEMBERS_TYPE), pages + 1


def test_the_roster_names_everyone_in_the_course(caller: Caller) -> None:
    everyone = members(caller)
    assert len(everyone) == 26 + 3
    assert everyone[caller.lms.user_id("ana")]["name"] == "Ana Reyes"
    assert everyone[caller.lms.user_id("ana")]["status"] == "Active"


@pytest.mark.parametrize(
    ("personality", "role", "expected"),
    [
        ("canvas", "Learner", [MEMBERSHIP + "Learner"]),
        ("schoology", "Learner", [MEMBERSHIP + "Learner"]),
        ("moodle", "Learner", ["Learner"]),
        ("moodle", "Instructor", ["Instructor"]),
        ("moodle", "TeachingAssistant", ["Learner"]),
    ],
)
def test_roster_roles_are_worded_as_each_lms_words_them(
    make_lms: LmsMaker, personality: str, role: str, expected: list[str]
) -> None:
    lms = make_lms(personality)
    lms.memberships.enroll("dee", "g4-room-12", role)
    assert members(Caller(lms))[lms.user_id("dee")]["roles"] == expected


def test_pages_are_followed_by_mixed_case_addresses(caller: Caller) -> None:
    seen, pages = whole(caller, limit=10)
    assert pages == 3
    assert sorted(seen) == sorted(members(caller))


def test_a_lower_cased_cursor_leads_nowhere(canvas: PracticeLms) -> None:
    caller = Caller(canvas)
    link = page(caller, limit=10).headers["Link"]
    url = link[1 : link.index(">")]
    assert url != url.lower()
    assert caller.call("GET", url, MEMBERS_TYPE).status_code == 200
    assert caller.call("GET", url.lower(), MEMBERS_TYPE).status_code == 404


def test_the_page_size_can_be_set_without_the_tool_asking(make_lms: LmsMaker) -> None:
    assert whole(Caller(make_lms("canvas", page_size=5)))[1] == 6


def test_roles_filter_the_roster_but_moodles_next_page_forgets_it(caller: Caller) -> None:
    teachers = members(caller, role=MEMBERSHIP + "Instructor")
    assert set(teachers) == {caller.lms.user_id("cruz"), caller.lms.user_id("admin")}
    link = page(caller, role="Learner", limit=10).headers["Link"]
    assert ("role=" in link) == (caller.lms.personality.name != "moodle")


def test_schoology_knows_no_rlid(caller: Caller) -> None:
    answer = page(caller, rlid=caller.lms.link_id("g4-same-me"))
    if caller.lms.personality.name == "schoology":
        assert answer.status_code == 400
    else:
        assert answer.get_json(force=True)["members"][0]["message"]
        assert page(caller, rlid="made-up").status_code == 404


def test_people_leave_join_and_are_suspended(caller: Caller) -> None:
    lms = caller.lms
    lms.memberships.leave("ana", "g4-room-12")
    lms.memberships.suspend("ben", "g4-room-12")
    lms.memberships.add_person(Person("zoe", 1900, "Zoe", "Zeller", "Student", "200900"))
    lms.memberships.enroll("zoe", "g4-room-12")
    now = members(caller)
    assert lms.user_id("ana") not in now
    assert lms.user_id("zoe") in now
    if lms.personality.name == "moodle":
        assert lms.user_id("ben") not in now
    else:
        assert now[lms.user_id("ben")]["status"] == "Inactive"


def test_an_anonymous_roster_has_ids_and_roles_only(make_lms: LmsMaker) -> None:
    lms = make_lms("canvas", privacy="anonymous")
    assert set(members(Caller(lms))[lms.user_id("ana")]) == {"status", "user_id", "roles"}


def test_the_roster_needs_its_own_scope_and_media_type(caller: Caller) -> None:
    url = caller.lms.memberships_url("g4-room-12")
    assert caller.call("GET", url, "application/json").status_code in (400, 406)
    caller.token = caller.lms.issue_token(SCORE)
    assert page(caller).status_code in (401, 403)
