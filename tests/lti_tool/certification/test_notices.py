"""The Platform Notification Service 1.0: our handler registered, notices checked like launches, each handled once."""

import json
import time

import pytest
import sqlalchemy as sa

from core.database import db, transaction
from lti_tool import notice_handlers
from lti_tool.models import ContextOrigin, NoticeService, SpentNonce
from lti_tool.notice_handlers import register_due
from practice_lms import ABSENT, KeyRing
from tests.lms import TOOL
from tests.lti_tool.suite import LTI, Suite

ADDRESS = "/lti/notices"
COPY = "LtiContextCopyNotice"
HANDLER = f"{TOOL}{ADDRESS}"


def post(suite: Suite, *tokens: str, **more):
    db.remove()
    body = {"notices": [{"jwt": token} for token in tokens]}
    return suite.app.test_client().post(ADDRESS, json=body, **more)


def copy_notice(suite: Suite, **changes) -> str:
    """The staff course was copied from Room 12's, say."""
    lms = suite.lms
    claims = {
        LTI + "context": {"id": lms.context_id("staff-2026-27")},
        LTI + "origin_contexts": [lms.context_id("g4-room-12")],
    } | changes
    return lms.notices.signed(COPY, **{name: value for name, value in claims.items() if value is not ABSENT})


def origins() -> list[tuple[str, str]]:
    db.remove()
    return [tuple(row) for row in db.execute(sa.select(ContextOrigin.context_id, ContextOrigin.origin_id))]


def refuses(answer, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json" and answer.json["reference"]
    assert origins() == []
    assert db.scalar(sa.select(sa.func.count(SpentNonce.id))) == 0


def test_145_a_copy_is_kept_as_a_hint(suite):
    answer = post(suite, copy_notice(suite))
    assert (answer.status_code, answer.json) == (200, {"notices": ["handled"]})
    assert origins() == [(suite.lms.context_id("staff-2026-27"), suite.lms.context_id("g4-room-12"))]


def test_145_a_repeated_notice_is_handled_once(suite):
    """By jti where there is one, else by nonce, as Canvas sends it."""
    for unique in ({}, {"jti": "one-of-a-kind"}):
        token = copy_notice(suite, **unique)
        assert post(suite, token).json == {"notices": ["handled"]}
        assert post(suite, token).json == {"notices": ["repeated"]}
        assert post(suite, token, token).json == {"notices": ["repeated", "repeated"]}
    assert len(origins()) == 1


def test_145_an_unknown_type_is_ignored(suite):
    for kind in ("LtiAssetProcessorSubmissionNotice", "Made up", "", None):
        token = copy_notice(suite, **{LTI + "notice": {"id": "1", "type": kind}})
        assert post(suite, token).json == {"notices": ["ignored"]}
    assert origins() == []


def test_145_hello(suite):
    assert post(suite, suite.lms.notices.signed("LtiHelloWorldNotice")).json == {"notices": ["handled"]}


def test_145_a_false_signature_is_refused(suite):
    """By another key under the same kid, by none, and with one letter changed."""
    token = copy_notice(suite)
    head, body, signature = token.split(".")
    for false in (
        KeyRing().sign({"iss": suite.lms.issuer, "aud": suite.lms.client_id}),
        f"{head}.{body}.",
        f"{head}.{body}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}",
        "not.a.token",
        "x",
    ):
        refuses(post(suite, false), 401)


def test_145_an_unknown_sender_or_installation_is_refused(suite):
    refuses(post(suite, copy_notice(suite, iss="https://other.example")), 404)
    refuses(post(suite, copy_notice(suite, aud="somebody-else")), 404)
    refuses(post(suite, copy_notice(suite, **{LTI + "deployment_id": "never-approved"})), 403)
    for odd in (None, 7, "", [], "x" * 256):
        refuses(post(suite, copy_notice(suite, **{LTI + "deployment_id": odd})), 400)


def test_145_a_stale_notice_is_refused(suite):
    now = int(time.time())
    refuses(post(suite, copy_notice(suite, iat=now - 4000, exp=now + 600)), 401)
    refuses(post(suite, copy_notice(suite, iat=now - 600, exp=now - 300)), 401)
    refuses(post(suite, copy_notice(suite, nonce=None)), 401)


def test_145_one_that_does_not_hold_spoils_the_post(suite):
    """They come together from one sender, so nothing of such a post is believed."""
    refuses(post(suite, copy_notice(suite), "not.a.token"), 401)


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"7", b'"x"', b"{}", b'{"notices": []}', b'{"notices": {}}', b'{"notices": [null]}',
     b'{"notices": [{}]}', b'{"notices": [{"jwt": null}]}', b'{"notices": [{"jwt": ""}]}', b"{" * 5000, b"\xff",
     json.dumps({"notices": [{"jwt": "x" * 20_001}]}).encode(),
     json.dumps({"notices": [{"jwt": "x"}] * 51}).encode()],
    ids=range(16),
)  # fmt: skip
def test_145_odd_bodies_are_a_problem_in_json(suite, body):
    db.remove()
    refuses(suite.app.test_client().post(ADDRESS, data=body, content_type="application/json"), 400)


def test_145_a_very_large_body_is_refused_fast(suite):
    db.remove()
    answer = suite.app.test_client().post(ADDRESS, data=b"x" * 400_000, content_type="application/json")
    assert answer.status_code in (400, 413) and answer.mimetype == "application/problem+json"


def test_145_odd_claims_of_a_copy_change_nothing(suite):
    for changes in (
        {LTI + "context": None}, {LTI + "context": {"id": 7}}, {LTI + "context": {"id": "x" * 256}},
        {LTI + "origin_contexts": None}, {LTI + "origin_contexts": "text"}, {LTI + "origin_contexts": [7, "", None]},
        {LTI + "origin_contexts": [suite.lms.context_id("staff-2026-27")]},
    ):  # fmt: skip
        assert post(suite, copy_notice(suite, **changes)).json == {"notices": ["handled"]}
    assert origins() == []


def test_145_a_long_history_is_cut(suite):
    many = [f"course-{number}" for number in range(100)]
    for _ in range(2):
        assert post(suite, copy_notice(suite, **{LTI + "origin_contexts": many})).status_code == 200
    assert [origin for _, origin in origins()] == many[:20]


# -- our handler ------------------------------------------------------------------------------------------------------


def test_145_the_worker_registers_our_handler_once(suite):
    assert suite.launch("cruz").status_code == 303
    db.remove()
    assert register_due(TOOL) == 1
    assert suite.lms.notices.handlers == {"LtiHelloWorldNotice": HANDLER, COPY: HANDLER}
    assert suite.launch("cruz").status_code == 303
    db.remove()
    assert register_due(TOOL) == 0
    assert len(suite.lms.requests.to("notice_handlers")) == 2


def test_145_a_platform_that_moved_its_service_is_asked_anew(suite):
    assert suite.launch("cruz").status_code == 303
    db.remove()
    register_due(TOOL)
    moved = suite.lms.notices.claim() | {"notice_types_supported": [COPY]}
    assert suite.launch("cruz", notices=moved).status_code == 303
    db.remove()
    assert register_due(TOOL) == 1


@pytest.mark.parametrize(
    "claim",
    [
        ABSENT,
        None,
        [],
        {},
        {"platform_notification_service_url": "ftp://x"},
        {"platform_notification_service_url": "https://x", "notice_types_supported": 7},
    ],
)
def test_145_where_none_is_offered_none_is_asked(suite, claim):
    assert suite.launch("cruz", notices=claim).status_code == 303
    db.remove()
    assert register_due(TOOL) == 0 and suite.lms.requests.to("notice_handlers") == []


def test_145_a_refusal_is_kept_in_words_and_tried_later(suite):
    suite.lms.set_fault("error", "notice_handlers")
    assert suite.launch("cruz").status_code == 303
    db.remove()
    assert register_due(TOOL) == 1 and register_due(TOOL) == 0
    kept = db.query(NoticeService).one()
    assert kept.tries == 1 and kept.problem and "500" in kept.problem and kept.due_at is not None
    kept.due_at = kept.created_at
    db.commit()
    suite.lms.clear_faults()
    db.remove()
    assert register_due(TOOL) == 1
    assert db.query(NoticeService).one().due_at is None


def test_145_a_second_worker_leaves_a_claimed_one_alone(suite):
    assert suite.launch("cruz").status_code == 303
    db.remove()
    with transaction():
        assert len(notice_handlers._claim(10)) == 1
    assert register_due(TOOL) == 0


def test_145_the_history_of_a_launch_tells_the_same(suite):
    """`$Context.id.history`, where the platform expands it; unexpanded or odd, it says nothing."""
    for odd in ("$Context.id.history", "", "x" * 3000, 7, ["a"]):
        assert suite.launch("cruz", custom={"context_history": odd}).status_code == 303
    assert origins() == [(suite.lms.context_id("g4-room-12"), "7")]
    assert (
        suite.launch("cruz", custom={"context_id_history": "last-year, the-year-before"}).status_code == 303
    )
    assert [origin for _, origin in origins()] == ["7", "last-year", "the-year-before"]


def test_145_a_pupils_launch_writes_no_history(suite):
    assert suite.launch("ana", custom={"context_history": "last-year"}).status_code == 303
    assert origins() == []
