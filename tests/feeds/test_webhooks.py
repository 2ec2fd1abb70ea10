"""What a receiver hears, in which order, and how often."""

import json
import threading
import time

import sqlalchemy as sa

from access.events import events_after
from core.clock import now
from core.database import db, transaction
from feeds import setting_up
from feeds.models import Feed
from feeds.turns import LEASE, claim, mark_told
from feeds.webhooks import Webhooks, send
from people.audit import COMMAND
from people.disclosure_models import Disclosure
from tests.feeds.receiver import closes, drips, says, taken, verified


def test_each_change_arrives_once_in_order_and_signed(change, add_hook, receiver, deliver, again, district):
    feed, secret = add_hook(receiver)
    people = [change("complete", "allow"), change("expired", "limited"), change("revoked", "deny")]
    deliver()
    assert receiver.seqs == [1, 2, 3]
    assert [each.event["data"]["person"] for each in receiver.got] == [each.public_id for each in people]
    assert [each.id for each in receiver.got] == [f"evt_evergreen_{seq}" for seq in (1, 2, 3)]
    assert all(verified(secret, each) for each in receiver.got)
    assert [each.event for each in receiver.got] == events_after(district, 0, 10)
    deliver()
    assert len(receiver.got) == 3
    after = again(feed)
    assert (after.cursor, after.leased_by, after.last_error) == (3, None, None) and after.last_ok_at


def test_what_is_posted_holds_no_name_and_no_reason(change, hook, receiver, deliver):
    change("exempt", "allow", reason="exempt_medical")
    deliver()
    (got,) = receiver.got
    assert b"medical" not in got.body and b"evergreen.example" not in got.body
    assert set(got.event["data"]) == {
        "person", "requirement", "state", "access", "previous_state", "previous_access", "seq",
    }  # fmt: skip
    assert receiver.url.encode() not in got.body


def test_a_new_feed_hears_what_changes_from_now_on(change, add_hook, receiver, deliver):
    change()
    add_hook(receiver, after=None)
    change()
    deliver()
    assert receiver.seqs == [2]


def test_a_portion_is_no_boundary(change, hook, receiver, deliver, monkeypatch):
    monkeypatch.setattr("feeds.webhooks.PORTION", 2)
    ann = change()
    for _ in range(4):
        change(person=ann)
    deliver()
    assert receiver.seqs == [1, 2, 3, 4, 5]


def test_a_number_without_a_change_is_not_waited_for(change, hook, receiver, deliver, again):
    """Purged or erased since."""
    change()
    gone = change()
    db.execute(sa.text("DELETE FROM standing_change WHERE person_id = :id"), {"id": gone.id})
    db.commit()
    deliver()
    assert receiver.seqs == [1]
    assert again(hook).cursor == 2


def test_after_a_failure_the_same_change_comes_first_under_the_same_id(
    change, hook, receiver, deliver, again, later
):
    receiver.answer = says(500)
    change(), change()
    deliver()
    failed = again(hook)
    assert receiver.seqs == [1] and (failed.cursor, failed.tries) == (0, 1)
    assert (failed.last_error, failed.last_status) == ("answered", 500)
    assert 3 < (failed.next_try_at - failed.failed_at).total_seconds() < 7
    deliver()
    assert len(receiver.got) == 1, "it waits for its next try"
    receiver.answer = taken
    with later(seconds=10):
        deliver()
    assert receiver.seqs == [1, 1, 2]
    assert receiver.got[0].id == receiver.got[1].id
    assert receiver.got[0].body == receiver.got[1].body
    assert int(receiver.got[1].headers["webhook-timestamp"]) > int(
        receiver.got[0].headers["webhook-timestamp"]
    )
    assert again(hook).tries == 0 and again(hook).last_error is None


def test_what_arrived_before_a_failure_is_not_posted_again(change, hook, receiver, deliver, again, later):
    receiver.answer = lambda handler, got: (says(503) if got.seq == 2 else taken)(handler, got)
    change(), change()
    deliver()
    assert (again(hook).cursor, again(hook).tries) == (1, 1)
    receiver.answer = taken
    with later(seconds=10):
        deliver()
    assert receiver.seqs == [1, 2, 2]


def test_ten_failures_switch_it_off_and_resuming_goes_on_where_it_stopped(
    change, hook, receiver, deliver, again, later, district
):
    receiver.answer = says(500)
    change()
    for day in range(12):
        with later(days=2 * day):
            deliver()
    assert len(receiver.got) == 10
    off = again(hook)
    assert off.disabled_reason == "gave_up" and off.next_try_at is None and off.tries == 10
    assert ("feed_switched_off", {"reason": "gave_up"}) in audited(district)
    receiver.answer = taken
    setting_up.resume(setting_up.feed_of(district.id, hook.id), COMMAND)
    db.commit()
    deliver()
    assert receiver.seqs[-1] == 1 and again(hook).cursor == 1


def test_410_switches_it_off_at_once(change, hook, receiver, deliver, again, district):
    receiver.answer = says(410)
    change(), change()
    deliver()
    assert len(receiver.got) == 1 and again(hook).disabled_reason == "gone"
    deliver()
    assert len(receiver.got) == 1
    assert ("feed_switched_off", {"reason": "gone"}) in audited(district)


def test_a_redirect_is_not_followed(change, hook, receiver, deliver, again):
    receiver.answer = says(307, Location=receiver.url + "/elsewhere")
    change()
    deliver()
    assert len(receiver.got) == 1
    assert (again(hook).last_error, again(hook).last_status, again(hook).cursor) == ("redirects", 307, 0)


def test_200_with_garbage_is_taken_and_the_garbage_is_left_on_the_wire(
    change, hook, receiver, deliver, again
):
    sent = []

    def floods(handler, _got) -> None:
        handler.close_connection = True
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n")
        for _ in range(400):
            handler.wfile.write(b"\xff<script>" * 8000)
            sent.append(1)

    receiver.answer = floods
    change()
    began = time.monotonic()
    deliver()
    assert again(hook).cursor == 1 and again(hook).last_error is None
    assert time.monotonic() - began < 5
    assert len(sent) < 400, "somebody read all of it"


def test_who_hangs_up_did_not_take_it(change, hook, receiver, deliver, again):
    receiver.answer = closes
    change()
    deliver()
    assert (again(hook).last_error, again(hook).cursor, again(hook).tries) == ("no_connection", 0, 1)


def test_nobody_there(change, hook, receiver, deliver, again):
    receiver.shutdown(), receiver.server_close()
    change()
    deliver()
    assert again(hook).last_error == "no_connection"


def test_who_drips_is_cut_off(change, hook, receiver, deliver, again, monkeypatch):
    monkeypatch.setattr("feeds.posting.SECONDS", 1.0)
    receiver.answer = drips
    change()
    began = time.monotonic()
    deliver()
    assert (again(hook).last_error, again(hook).cursor) == ("too_slow", 0)
    assert time.monotonic() - began < 5


def test_who_is_slow_makes_no_other_wait(change, add_hook, receiver, again, clean):
    from tests.feeds.receiver import listening

    with listening() as slow:
        slow.answer = lambda handler, got: (time.sleep(3), taken(handler, got))
        late, _ = add_hook(slow, "slow")
        quick, _ = add_hook(receiver, "quick")
        change()
        step = Webhooks(2, threading.Event())
        began = time.monotonic()
        while not receiver.got:
            step()
        assert time.monotonic() - began < 2
        change()
        while len(receiver.got) < 2:
            step()
        assert len(slow.got) == 1 and time.monotonic() - began < 3, "the slow one is still at its first"
        while step():
            pass
    assert (again(late).cursor, again(quick).cursor) == (2, 2)


def test_a_change_is_told_within_two_seconds(change, hook, receiver, clean):
    """As the lane runs it: a look each half second."""
    from worker import IDLE, Step, run_lane

    stop = threading.Event()
    lane = threading.Thread(target=run_lane, args=(Step("webhooks", Webhooks(2, stop), IDLE), stop))
    lane.start()
    try:
        time.sleep(1)
        change()
        began = time.monotonic()
        while not receiver.got and time.monotonic() - began < 10:
            time.sleep(0.01)
        assert receiver.got and receiver.got[0].at - began < 2
    finally:
        stop.set()
        lane.join()


def test_a_worker_killed_between_post_and_mark_posts_the_same_id_again(
    change, hook, receiver, deliver, again, later, district
):
    change()
    with transaction():
        (turn,) = claim("webhook", 1)
        db.expunge_all()
    (event,) = events_after(district, 0, 10)
    db.remove()
    assert send(turn.feed, event).problem is None  # and here it dies
    deliver()
    assert len(receiver.got) == 1, "its lease still runs"
    with later(seconds=LEASE.total_seconds() + 1):
        deliver()
    assert [each.id for each in receiver.got] == ["evt_evergreen_1"] * 2
    assert again(hook).cursor == 1


def test_a_replay_while_a_turn_is_under_way_is_not_overwritten(
    change, hook, receiver, again, district, deliver
):
    change(), change()
    deliver()
    change()
    with transaction():
        (turn,) = claim("webhook", 1)
        db.expunge_all()
    setting_up.replay(setting_up.feed_of(district.id, hook.id), 1, COMMAND)
    db.commit()
    with transaction():
        assert not mark_told(turn, 3, over=True)
    assert again(hook).cursor == 0
    deliver()
    assert receiver.seqs == [1, 2, 1, 2, 3]


def test_two_workers_never_have_one_feed_in_hand(change, hook, clean):
    change()
    with transaction():
        assert len(claim("webhook", 5)) == 1
    with transaction():
        assert claim("webhook", 5) == []


def test_a_paused_feed_hears_nothing_and_then_all_of_it(change, hook, receiver, deliver, district):
    setting_up.pause(setting_up.feed_of(district.id, hook.id), COMMAND)
    db.commit()
    change(), change()
    deliver()
    assert receiver.got == []
    setting_up.resume(setting_up.feed_of(district.id, hook.id), COMMAND)
    db.commit()
    deliver()
    assert receiver.seqs == [1, 2]


def test_when_told_to_stop_the_feed_is_given_back(change, hook, receiver, again, clean):
    change()
    stop = threading.Event()
    stop.set()
    step = Webhooks(1, stop)
    while step():
        if receiver.got:
            break
        time.sleep(0.01)
        if again(hook).leased_by is None:
            break
    assert receiver.got == [] and again(hook).cursor == 0


def test_what_is_posted_is_noted_as_a_disclosure_once_however_often_it_is_tried(
    change, hook, receiver, deliver, later, district
):
    receiver.answer = says(500)
    ann = change()
    change(person=ann)
    deliver()
    receiver.answer = taken
    with later(seconds=10):
        deliver()
    assert receiver.seqs == [1, 1, 2]
    noted = db.scalars(sa.select(Disclosure).filter_by(district_id=district.id)).one()
    assert (noted.kind, noted.people, noted.subject) == ("feed_posts", 1, f"feed:{hook.id}")


def test_who_asks_for_time_gets_it(change, hook, receiver, deliver, again):
    receiver.answer = says(429, Retry_After="3600")
    change()
    deliver()
    assert 3500 < (again(hook).next_try_at - now()).total_seconds() <= 3600


def test_the_other_district_hears_nothing(change, hook, receiver, deliver, elsewhere):
    from access.models import StandingChange, StandingLog
    from people.models import Person

    far = Person(district_id=elsewhere.id, audience="staff")
    db.add(far)
    db.flush()
    db.add(StandingLog(district_id=elsewhere.id, last_seq=1))
    db.add(
        StandingChange(
            district_id=elsewhere.id, person_id=far.id, seq=1, requirement="rua", state="complete", access="allow",
            reason="course", at=now(),
        )
    )  # fmt: skip
    db.commit()
    deliver()
    assert receiver.got == []


def audited(district) -> list[tuple[str, dict]]:
    from people.audit_models import AuditEntry

    rows = db.scalars(sa.select(AuditEntry).filter_by(district_id=district.id))
    return [(row.action, row.detail) for row in rows]


def test_addresses_and_secrets_are_sealed_in_the_table(hook):
    row = db.execute(sa.text("SELECT address, secrets FROM feed")).one()
    assert "127.0.0.1" not in row.address and "whsec" not in row.secrets
    assert json.loads(db.get_one(Feed, hook.id).secrets)[0]["secret"].startswith("whsec_")


def test_the_metrics_count_feeds_by_how_they_stand(client, change, hook, receiver, deliver):
    receiver.answer = says(410)
    change()
    deliver()
    measured = client.get("/metrics").text
    assert 'feeds{state="off"} 1' in measured and 'feeds{state="ok"} 0' in measured
