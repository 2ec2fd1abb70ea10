"""The first minute of a school day: classes launch at once into four processes, and none of them is turned away."""

import requests

from core.database import db
from lti_tool.models import ContextOrigin, Launch, SpentNonce
from tests.processes.test_one_nonce import PUPILS, arrival, at_once, count

LINKS = ("g4-same-me", "g4-game-chat-choices", "g4-ways-to-step-in", "g4-tricky-messages")
WORKERS = 4


def test_two_hundred_launches_in_four_processes(school, programs):
    """`bench` launches more of them against a stopwatch; here every one opens."""
    _, port = programs.gunicorn(workers=WORKERS)
    asked_before = len(school.lms.requests.to("jwks"))
    opened = 0
    while opened < 200:
        link = LINKS[opened // len(PUPILS) % len(LINKS)]
        answers = at_once([arrival(school, port, pupil, link) for pupil in PUPILS])
        assert {answer.status_code for answer in answers} == {303}, answers[0].text[-300:]
        opened += len(answers)
    assert count(Launch) == count(SpentNonce) == opened
    assert len(school.lms.requests.to("jwks")) - asked_before <= WORKERS


def test_one_notice_at_once_over_all_processes(school, programs):
    _, port = programs.gunicorn(workers=WORKERS)
    lms = school.lms
    body = {
        "notices": [
            {"jwt": lms.notices.of_copy(lms.world.course("staff-2026-27"), lms.world.course("g4-room-12"))}
        ]
    }
    db.remove()
    address = f"http://127.0.0.1:{port}/lti/notices"
    answers = at_once([lambda: requests.post(address, json=body, timeout=50)] * 8)
    said = sorted(answer.json()["notices"][0] for answer in answers)
    assert said == ["handled"] + ["repeated"] * 7
    assert count(ContextOrigin) == 1
