"""Tell platforms the scores they should have (AGS 2.0, 3.4). The worker's step; requests only write rows.

A row is claimed by a lease, sent outside any transaction, and settled by the version that was sent, so that a
worker that dies leaves nothing but a lease that runs out, and a score that improves meanwhile is sent again.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event

import sqlalchemy as sa

from core.clock import now
from core.database import db, transaction
from core.logs import log
from lti_tool import claimed_scores, outcomes
from lti_tool.claimed_scores import Claimed, claim
from lti_tool.line_items import BeingMade, bring_up_to_date, column_url, forget_column
from lti_tool.models import Platform, ScoreDelivery
from lti_tool.outcomes import Outcome
from lti_tool.registrations import Registered, registered
from lti_tool.score_posts import post_score, teacher_changed
from lti_tool.service_calls import NoToken, PlatformService, ServiceRefused, ToldToStop
from lti_tool.service_problems import note_problem

SETTLE_EVERY, SETTLE_WITHIN = 25, 1.0
"""Rows, and seconds, after which what became of them is written down: as much may be sent again after a crash."""

MOST_BUMPS = 3
"""How often a score gets a newer timestamp because the platform says that one exists, and shows none."""

MOST_QUESTIONS = 3
"""How often a score waits for an LMS that takes scores and does not say what stands in the gradebook."""


def deliver_due(concurrency: int = 4, stop: Event | None = None) -> int:
    """Send what is due, one call at a time per registration (row 102). Returns how many rows were handled.

    Once `stop` is set, the call under way is finished and the other rows are given back.
    """
    with transaction():
        claimed = claim()
    groups: dict[int, list[Claimed]] = {}
    for row in claimed:
        groups.setdefault(row.platform_id, []).append(row)
    if len(groups) <= 1:
        for rows in groups.values():
            _deliver_to_one(rows, stop)
    else:
        with ThreadPoolExecutor(concurrency) as pool:
            list(pool.map(lambda rows: _deliver_to_one(rows, stop), groups.values()))
    return len(claimed)


def _deliver_to_one(rows: list[Claimed], stop: Event | None = None) -> None:
    """All due rows of one platform, in order, until it asks us to stop."""
    platform = registered(rows[0].platform_id)
    service = PlatformService(platform, stop)
    results: list[tuple[Claimed, Outcome]] = []
    began = settled = time.monotonic()
    for number, row in enumerate(rows):
        if time.monotonic() - began > claimed_scores.LEASE.total_seconds() / 2:
            # So slow an LMS would outlast the lease, and another worker would send the rest a second time.
            results += [(later, outcomes.given_back()) for later in rows[number:]]
            break
        outcome = _deliver(service, platform, row)
        results.append((row, outcome))
        if outcome.pause is not None:
            results += [(later, outcomes.put_off(outcome)) for later in rows[number + 1 :]]
            break
        if len(results) >= SETTLE_EVERY or time.monotonic() - settled > SETTLE_WITHIN:
            _settle(platform, results)
            results, settled = [], time.monotonic()
    _settle(platform, results)


def _deliver(service: PlatformService, platform: Registered, row: Claimed) -> Outcome:
    try:
        return _send(service, row)
    except BeingMade:
        return outcomes.soon()
    except ToldToStop:
        return outcomes.given_back()
    except ServiceRefused as refusal:
        if refusal.status in (404, 410) and row.ours and row.tries < 2:
            forget_column(row.line_item_id)
            return outcomes.soon(counts=1)
        if isinstance(refusal, NoToken):
            with transaction():
                note_problem(platform.id, "scores", refusal)
        return outcomes.of_refusal(refusal, row.tries, now() - row.post.scored_at)
    except Exception as error:
        # Whatever it was, the scores behind it in the same LMS must not wait for it.
        log.error("score_broke", delivery=row.id, error=error)
        return outcomes.of_breakage(row.tries)


def _send(service: PlatformService, row: Claimed) -> Outcome:
    """Raises ServiceRefused, BeingMade, PagesLoop, ToldToStop."""
    url = row.post.lineitem_url or column_url(service, row.line_item_id)
    if not row.post.user_id:
        return outcomes.refused(outcomes.NO_ACCOUNT)
    if row.column_is_old or not row.post.lineitem_url:
        bring_up_to_date(service, row.line_item_id)
    # A first score costs no question; neither does one where the LMS does not let us ask.
    patient = row.tries < MOST_QUESTIONS
    if row.ours_before and teacher_changed(service, row.post, url, row.ours_before, patient):
        return outcomes.KEPT
    outcome = post_score(service, row.post, url)
    return outcomes.of_newer_grade() if outcome.bump and row.tries >= MOST_BUMPS else outcome


def _settle(platform: Registered, results: Sequence[tuple[Claimed, Outcome]]) -> None:
    """Write down what became of each row, unless a newer score is wanted by now: that one is due at once."""
    if not results:
        return
    with transaction():
        held = _held([claimed.id for claimed, _ in results], wait=False)
        for claimed, outcome in results:
            if claimed.id in held:
                _write(held[claimed.id], claimed, outcome)
        if _takes_them_again(results):
            note_problem(platform.id, "scores", None)
        pauses = [outcome.pause for _, outcome in results if outcome.pause is not None]
        if pauses:
            _pause(platform.id, now() + timedelta(seconds=max(pauses)))
            log.info("platform_paused", platform=platform.id, seconds=round(max(pauses)))
    for claimed, outcome in results:
        if claimed.id not in held:
            _settle_alone(claimed, outcome)


def _takes_them_again(results: Sequence[tuple[Claimed, Outcome]]) -> bool:
    """Whether the platform takes scores again that had given us no token for them."""
    return any(claimed.no_token_before and outcome.state == "sent" for claimed, outcome in results)


def _settle_alone(claimed: Claimed, outcome: Outcome) -> None:
    """A row that a pupil's hand-in had locked, or that is no longer ours.

    Waited for with no other lock in hand: a hand-in may lock several rows too, and in another order.
    """
    with transaction():
        for row in _held([claimed.id], wait=True).values():
            _write(row, claimed, outcome)


def _held(ids: Sequence[int], wait: bool) -> dict[int, ScoreDelivery]:
    """Those of the rows whose lease is still ours, locked; without `wait` only those that nobody else has locked."""
    rows = sa.select(ScoreDelivery).where(
        ScoreDelivery.id.in_(ids), ScoreDelivery.leased_by == claimed_scores.WORKER
    )
    return {row.id: row for row in db.scalars(rows.with_for_update(skip_locked=not wait))}


def _write(row: ScoreDelivery, claimed: Claimed, outcome: Outcome) -> None:
    row.leased_until = row.leased_by = None
    newer_is_wanted = row.wanted > claimed.version
    if outcome.state == "sent":
        row.sent, row.sent_at = claimed.version, now()
        row.sent_score, row.offered = claimed.post.score, []
    if newer_is_wanted:
        return
    row.state, row.problem, row.tries = outcome.state, outcome.problem, claimed.tries + outcome.counts
    if outcome.bump is not None:
        row.scored_at = outcome.bump
    if outcome.state == "waiting":
        row.due_at = now() + timedelta(seconds=outcome.wait)


def _pause(platform_id: int, until: datetime) -> None:
    db.execute(
        sa.update(Platform)
        .where(
            Platform.id == platform_id, sa.or_(Platform.paused_until.is_(None), Platform.paused_until < until)
        )
        .values(paused_until=until)
    )
