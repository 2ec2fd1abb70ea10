"""When a post that failed is tried again, and when we give up. Pure.

The ladder is the one Standard Webhooks recommends; ten tries take a little over three days.
"""

from datetime import datetime, timedelta

LADDER = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)  # fmt: skip
MOST_TRIES = len(LADDER) + 1
JITTER = 0.2
"""Waits are up to this much longer or shorter, so that what failed together does not come back together."""
LONGEST_WAIT = timedelta(days=1)


def next_try(
    tries: int, at: datetime, chance: float, retry_after: timedelta | None = None
) -> datetime | None:
    """After `tries` failures in a row; None when that was the last.

    `chance` is from 0 to 1. A receiver that asks for more time (Retry-After) gets it, up to a day.
    """
    if tries >= MOST_TRIES:
        return None
    wait = LADDER[tries - 1] * (1 + JITTER * (2 * chance - 1))
    if retry_after is not None:
        wait = max(wait, min(retry_after, LONGEST_WAIT))
    return at + wait
