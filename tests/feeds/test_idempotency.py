"""The same write sent again is answered and not done again: repeated, changed, at the same time, after a death."""

import json
import subprocess
import sys
import uuid

import pytest
import sqlalchemy as sa

from core.database import db, transaction
from feeds.models import Feed
from people.client_models import KeptAnswer
from people.kept_answers import ASK_AGAIN, KEPT_FOR, RUNS_FOR, StillRunning, claim, forget_old_answers, keep
from people.models import ApiClient
from tests.feeds.managing import manage
from tests.feeds.racing import race
from tests.feeds.receiver import taken

KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"
NEW = {"name": "SIEM", "url": "http://127.0.0.1:9/hook"}


def feeds() -> int:
    db.remove()
    return db.scalar(sa.select(sa.func.count(Feed.id))) or 0


def test_the_same_request_again_is_given_the_same_answer_secret_and_all(manager):
    first = manager.send("POST", "", NEW, KEY)
    again = manager.send("POST", "", NEW, f'"{KEY}"')  # a string as RFC 8941 writes it
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true" and "Idempotent-Replayed" not in first.headers
    assert feeds() == 1
    kept = db.execute(sa.text("SELECT * FROM kept_answer")).one()
    assert first.json["secret"] not in str(kept) and KEY not in str(kept), "sealed, and hashed"


def test_the_same_key_with_another_request_is_a_mistake(manager):
    made = manager.send("POST", "", NEW, KEY).json["id"]
    for path, body in (
        ("", NEW | {"name": "other"}),
        (f"/{made}/secret", None),
        (f"/{made}/replay", {"after": 0}),
    ):
        answer = manager.send("POST", path, body, KEY)
        assert (answer.status_code, answer.json["field"]) == (422, "Idempotency-Key"), path
    assert feeds() == 1


def test_a_post_needs_a_key_and_one_that_is_none_is_refused(manager):
    for key in (None, "short", "with blanks in it", '"half', "x" * 129):
        answer = manager.send("POST", "", NEW, key)
        assert (answer.status_code, answer.json["field"]) == (400, "Idempotency-Key"), key
    assert feeds() == 0


def test_what_was_refused_leaves_the_key_free(manager, monkeypatch):
    manager.send("POST", "", NEW)
    assert manager.send("POST", "", NEW, KEY).status_code == 409, "there is one of that name"
    assert manager.send("POST", "", NEW | {"name": "other"}, KEY).status_code == 201
    monkeypatch.setattr("feeds.api.new_secret", None)
    monkeypatch.setattr("feeds.setting_up.give_secret", lambda feed: 1 / 0)
    other = str(uuid.uuid4())
    assert manager.send("POST", "/1/secret", None, other).status_code in (404, 500)
    monkeypatch.undo()
    assert db.scalar(sa.select(sa.func.count(KeptAnswer.id)).filter(KeptAnswer.status.is_(None))) == 0


def test_delete_and_patch_may_have_one(manager):
    here = f"/{manager.send('POST', '', NEW).json['id']}"
    assert manager.send("PATCH", here, {"name": "SOC"}, None).status_code == 200
    assert manager.send("DELETE", here, None, KEY).status_code == 204
    assert manager.send("DELETE", here, None, KEY).status_code == 204, "gone by this very request"
    assert manager.send("DELETE", here, None, None).status_code == 404


def test_keys_of_two_programs_have_nothing_to_do_with_each_other(app, district, manager, make_program):
    manager.send("POST", "", NEW, KEY)
    other = manage(app, make_program(district, ("webhook.manage",)))
    assert other.send("POST", "", NEW | {"name": "other"}, KEY).status_code == 201
    assert feeds() == 2


def test_after_a_day_an_answer_is_forgotten(manager, later):
    manager.send("POST", "", NEW, KEY)
    with later(seconds=KEPT_FOR.total_seconds() + 1):
        manager.sign_in()
        assert manager.send("POST", "", NEW | {"name": "other"}, KEY).status_code == 201, (
            "the key is new again"
        )
    with later(days=3), transaction():
        assert forget_old_answers() == 1
    assert db.scalar(sa.select(sa.func.count(KeptAnswer.id))) == 0


def test_while_one_is_at_it_the_other_is_told_to_wait(app, district, manager, make_program, receiver):
    """A test post takes as long as its receiver does; the same request comes again meanwhile."""
    made = manager.send("POST", "", NEW | {"url": receiver.url}).json["id"]
    twin = manage(app, manager)
    meanwhile = []

    def slow(handler, got):
        meanwhile.append(twin.send("POST", f"/{made}/test", None, KEY))
        taken(handler, got)

    receiver.answer = slow
    assert manager.send("POST", f"/{made}/test", None, KEY).json["taken"]
    assert (meanwhile[0].status_code, meanwhile[0].json["type"]) == (409, "/problems/still_running")
    assert meanwhile[0].headers["Retry-After"] == str(ASK_AGAIN)
    assert manager.send("POST", f"/{made}/test", None, KEY).headers["Idempotent-Replayed"] == "true"
    assert len(receiver.got) == 1


def test_a_process_that_died_leaves_a_claim_that_runs_out(manager, later):
    client = db.scalars(sa.select(ApiClient)).one().id
    db.remove()
    dead = claim(client, KEY, ("POST", "what it was at"))
    assert manager.send("POST", "", NEW, KEY).status_code == 422, "so far it may be alive"
    with later(seconds=RUNS_FOR.total_seconds() - 2), pytest.raises(StillRunning) as waits:
        claim(client, KEY, ("POST", "what it was at"))
    assert 1 <= waits.value.retry_after <= 2, "no longer than the claim runs"
    with later(seconds=RUNS_FOR.total_seconds() + 1):
        manager.sign_in()
        assert manager.send("POST", "", NEW, KEY).status_code == 201
        with transaction():
            assert not keep(dead, 200, "{}", {}), "and should it live after all, it writes nothing"
    assert feeds() == 1


def test_a_run_that_was_taken_over_writes_nothing(manager, monkeypatch):
    """It took so long that the same request was begun anew, and is done."""
    monkeypatch.setattr("people.idempotency.keep", lambda *_: False)
    answer = manager.send("POST", "", NEW, KEY)
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/taken_over")
    assert answer.headers["Retry-After"] == str(ASK_AGAIN)
    assert feeds() == 0


def test_two_processes_at_once_do_each_thing_once(app, manager, database_url):
    """Both send the same four requests, each from two threads, as fast as they can."""
    keys = [str(uuid.uuid4()) for _ in range(4)]
    other = subprocess.Popen(
        [sys.executable, "-m", "tests.feeds.racing", database_url, manager.token, *keys],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    with other:
        assert other.stdin and other.stdout and other.stdout.readline() == "ready\n"
        other.stdin.write("go\n")
        other.stdin.flush()
        here = race(app, manager.token, keys)
        there = json.loads(other.communicate(timeout=60)[0])
    assert feeds() == len(keys)
    for key in keys:
        answers = here[key] + there[key]
        assert {answer["status"] for answer in answers} == {201}
        assert len({answer["secret"] for answer in answers}) == 1, "everybody was given the same answer"
        assert sum(not answer["replayed"] for answer in answers) == 1, "and one of them did it"
