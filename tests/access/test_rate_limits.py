"""So many calls a minute for each client, over all processes."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.database import db
from people import allowances
from people.client_models import ApiAllowance
from people.models import ApiClient

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def slow(clock, it):
    """A client that may call three times a minute."""
    db.execute(sa.update(ApiClient).values(per_minute=3))
    db.commit()
    return it


def test_every_answer_says_what_is_left(clock, it):
    first = it.standings()
    assert first.headers["RateLimit-Policy"] == '"client";q=600;w=60'
    assert first.headers["RateLimit"] == '"client";r=599;t=60'
    assert it.standings("/id:p_nobody").headers["RateLimit"] == '"client";r=598;t=60'


def test_the_next_call_is_told_when_to_come_back(slow, clock):
    clock.shift(0)
    assert [slow.standings().status_code for _ in range(3)] == [200] * 3
    clock.shift(20)
    refused = slow.standings()
    assert refused.status_code == 429 and refused.mimetype == "application/problem+json"
    assert refused.headers["Retry-After"] == "40" and refused.headers["RateLimit"] == '"client";r=0;t=40'
    clock.shift(40)
    assert slow.standings().status_code == 200


def test_refusals_count_and_others_do_not_pay(slow, make_program, district):
    for _ in range(3):
        assert slow.get("/api/v1/completions").status_code == 403
    assert slow.standings().status_code == 429
    other = make_program(district)
    other.sign_in()
    assert other.standings().status_code == 200


def test_a_new_token_is_no_new_allowance(slow):
    for _ in range(3):
        slow.standings()
    slow.sign_in()
    assert slow.standings().status_code == 429


def test_who_shows_no_token_is_told_nothing(client):
    assert "RateLimit" not in client.get("/api/v1/standings").headers


def test_a_raised_limit_holds_at_once(slow, app, district):
    for _ in range(4):
        slow.standings()
    db.remove()
    done = app.test_cli_runner().invoke(args=["client", "limit", slow.client_id, "10"])
    assert done.exit_code == 0, done.output
    assert slow.standings().status_code == 200


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    limit=st.integers(1, 90),
    calls=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 20)), max_size=120),
)
def test_processes_never_give_out_more_than_the_limit_together(it, limit, calls):
    """Each number is a process with a memory of its own; the second one is how many seconds go by."""
    memories = [{}, {}, {}]
    row = db.scalars(sa.select(ApiClient)).one()
    db.remove()
    granted: list[datetime] = []
    with time_machine.travel(NOON, tick=False) as clock, pytest.MonkeyPatch.context() as patch:
        for process, seconds in calls:
            clock.shift(seconds)
            patch.setattr(allowances, "_shares", memories[process])
            said = allowances.take(row.id, row.client_id, limit)
            if said.granted:
                granted.append(allowances.now())
            assert 0 <= said.left <= limit and 1 <= said.resets_in <= 60
        with db.get_bind().begin() as connection:
            connection.execute(sa.delete(ApiAllowance))
    windows, begin = [], None
    for at in granted:
        if begin is None or at >= begin + timedelta(minutes=1):
            begin = at
            windows.append(0)
        windows[-1] += 1
    assert all(count <= limit for count in windows)


def test_many_threads_share_one_minute(clock, it):
    row = db.scalars(sa.select(ApiClient)).one()
    client_id, name = row.id, row.client_id
    db.remove()
    granted: list[bool] = []

    def call():
        for _ in range(15):
            granted.append(allowances.take(client_id, name, 40).granted)

    threads = [threading.Thread(target=call) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (len(granted), sum(granted)) == (60, 40)


def test_the_table_is_not_written_with_each_call(clock, it, count_queries):
    it.standings("/id:p_nobody")
    with count_queries() as statements:
        for _ in range(20):
            it.standings("/id:p_nobody")
    assert not [each for each in statements if "api_allowance" in each]
