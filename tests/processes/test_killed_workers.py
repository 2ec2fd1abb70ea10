"""kill -9 of a worker at any moment loses no grade, and two workers never send the same score."""

import random
import time

from tests.processes.bad_day import BadDay, taken, without_repeats
from tests.processes.conftest import SEED
from tests.processes.programs import wait_until
from tests.processes.wanting import Wanting, leased, wait_until_all_are_sent

KILLS = 12


def test_workers_that_are_killed_lose_no_grade(school, programs, watch, chance, record_property):
    wanting = Wanting(school)
    school.lms.faults = day = BadDay(random.Random(SEED))
    at_work = 0
    with wanting.going_on(random.Random(SEED)):
        for _ in range(KILLS):
            worker = programs.worker()
            enough = len(watch.posts) + chance.randint(1, 12)
            wait_until(lambda enough=enough: len(watch.posts) >= enough, "the worker is at work", 20)
            time.sleep(chance.uniform(0, 0.02))  # the moment of the kill is the point
            worker.kill()
            worker.join()
            at_work += leased() > 0
    last = programs.worker()
    wait_until_all_are_sent()
    last.terminate()
    last.join(timeout=15)
    assert last.exitcode == 0

    assert wanting.in_gradebook() == wanting.newest, "the newest score of everybody, and none lost"
    assert wanting.columns_made() == 1, "one column, however many workers died on the way to it"
    repeats = 0
    for scores in taken(school.lms).values():
        once = without_repeats(scores)
        repeats += len(scores) - len(once)
        timestamps = [timestamp for timestamp, _ in once]
        assert timestamps == sorted(set(timestamps)), "each new score is later than the one before"
    assert watch.overlaps() == []
    assert at_work >= KILLS // 3, "the kills found workers with scores in hand"
    assert day.happened.keys() >= {"error", "lost_answer"}, "it was a bad day"
    figures = {"kills": KILLS, "at work": at_work, "wanted": wanting.times, "posts": len(watch.posts),
               "taken twice": repeats, **day.happened}  # fmt: skip
    record_property("figures", figures)


def test_two_workers_send_each_score_once_and_make_one_column(school, programs, watch, chance):
    wanting = Wanting(school)
    wanting.want_all(chance)
    watch.delay = 0.02
    with wanting.going_on(chance):
        for _ in range(2):
            programs.worker(lease=60)
        wait_until(lambda: len(watch.posts) >= 120, "both workers have sent many scores")
    wait_until_all_are_sent()
    assert wanting.in_gradebook() == wanting.newest
    assert len({post.caller for post in watch.posts}) >= 2, "both had something to send"
    assert watch.overlaps() == [], "one learner's score in one column is on the wire once at a time"
    for scores in taken(school.lms).values():
        timestamps = [timestamp for timestamp, _ in scores]
        assert timestamps == sorted(set(timestamps)), "no score was sent twice"
    assert wanting.columns_made() == 1
