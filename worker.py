"""What happens outside requests: rosters, assignments, standings, scores, and tidying up.

Each step has a lane of its own, so that a slow LMS holds up no standing. A step that breaks is logged and tried
again; the others go on.
"""

import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
from flask.cli import with_appcontext

from access.district_events import write_down_events
from access.standings import follow_reviews
from completion.evidence_keys import keep_evidence_keys
from completion.reviews import sweep
from completion.revocation_reviews import note_lapses
from core.cli import answer, as_json
from core.current import current_settings
from core.database import db, transaction
from core.logs import log
from feeds.files import write_due
from feeds.webhooks import Webhooks
from lessons.assignments import assign_due
from lti_tool.delivery import deliver_due
from lti_tool.key_rotation import keep_signing_keys
from lti_tool.launch_state import forget_old_nonces
from lti_tool.memberships import sync_due
from lti_tool.notice_handlers import register_due
from oversight.keeping import count_due
from people.kept_answers import forget_old_answers
from people.school_years import open_school_years
from people.sign_in import forget_old_sign_ins
from privacy.departing import close_departed
from privacy.heads import write_down_heads
from privacy.purging import purge_due
from proof.freezing import freeze_due
from proof.jobs import make_due
from reminders.planning import plan_due
from reminders.sending import send_due
from visitors.codes import forget_old_codes

IDLE = 0.5
"""Seconds between two looks when there was nothing to do."""


@dataclass(frozen=True)
class Step:
    """`work` does what is due and says how much it did; `every` is how long it may rest in seconds.

    share  of the lane's time that looking in vain may take at most: a look at a million people rests longer after it
    """

    name: str
    work: Callable[[], int]
    every: float
    share: float = 1.0

    def rest(self, looked: float) -> float:
        """Seconds until the next look, after one that took so many and found nothing."""
        return max(self.every, looked / self.share - looked)


def committed(work: Callable[[], int]) -> Callable[[], int]:
    """One unit of work, looked at again at once while it finds something to do."""

    def step() -> int:
        with transaction():
            return work()

    return step


def chore(work: Callable[[], object]) -> Callable[[], int]:
    """One unit of work that a second look at once would not further."""

    def step() -> int:
        with transaction():
            work()
        return 0

    return step


def tidy() -> None:
    forget_old_nonces()
    forget_old_sign_ins()
    forget_old_answers()
    forget_old_codes()


def steps(
    concurrency: int, public_url: str, stop: threading.Event, retention_folder: str = "var/retention"
) -> list[Step]:
    """In the order in which one thing leads to the next. Once `stop` is set, no further call to an LMS is begun."""
    return [
        Step("school_years", open_school_years, every=60),
        Step("signing_key", chore(keep_signing_keys), every=3600),
        Step("evidence_key", chore(keep_evidence_keys), every=3600),
        Step("rosters", lambda: sync_due(stop=stop), every=IDLE),
        Step("assignments", lambda: assign_due(stop), every=2, share=0.1),
        Step("sweeps", committed(sweep), every=IDLE),
        Step("standings", committed(follow_reviews), every=IDLE),
        Step("lapses", committed(note_lapses), every=30),
        Step("events", committed(write_down_events), every=2),
        Step("webhooks", Webhooks(concurrency, stop), every=IDLE),
        Step("files", lambda: write_due(stop), every=5),
        Step("scores", lambda: deliver_due(concurrency, stop), every=IDLE),
        Step("notices", lambda: register_due(public_url, stop), every=5),
        Step("figures", count_due, every=5),
        Step("reminders", committed(plan_due), every=60),
        Step("letters", lambda: send_due(stop), every=5),
        Step("year_freeze", freeze_due, every=600),
        Step("evidence_packs", make_due, every=2),
        Step("tidying", chore(tidy), every=600),
        Step("retention", committed(lambda: purge_due(Path(retention_folder))), every=6 * 3600),
        Step("departures", committed(close_departed), every=60),
        Step("audit_heads", chore(write_down_heads), every=24 * 3600),
    ]


def run_once(todo: list[Step]) -> dict[str, int]:
    """Every step until it has nothing due. Returns how much each one did."""
    done: dict[str, int] = {}
    for step in todo:
        done[step.name] = 0
        while (count := step.work()) > 0:
            done[step.name] += count
    return done


def run_lane(step: Step, stop: threading.Event) -> None:
    while not stop.is_set():
        began = time.monotonic()
        try:
            busy = step.work() > 0
        except Exception as error:
            # Whatever it was, the next look may go well; the log has it, and the metrics show what piles up.
            log.error("step_broke", step=step.name, error=error)
            busy = False
            db.remove()
        if not busy:
            stop.wait(step.rest(time.monotonic() - began))


def run_until_told(todo: list[Step], stop: threading.Event) -> None:
    """Until SIGTERM or SIGINT; what is under way is finished first, and what is not goes to the next worker."""
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    lanes = [threading.Thread(target=run_lane, args=(step, stop), name=step.name) for step in todo]
    for lane in lanes:
        lane.start()
    log.info("worker_started", lanes=[step.name for step in todo])
    stop.wait()
    for lane in lanes:
        lane.join()
    log.info("worker_stopped")


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due, then stop.")
@as_json
@with_appcontext
def worker_command(once: bool, json: bool) -> None:
    """Deliver scores, follow changes, read rosters, run the clock."""
    stop = threading.Event()
    settings = current_settings()
    todo = steps(settings.worker_concurrency, settings.public_url, stop, settings.retention_folder)
    if once:
        done = run_once(todo)
        answer(json, ", ".join(f"{name} {count}" for name, count in done.items()), **done)
        return
    run_until_told(todo, stop)
