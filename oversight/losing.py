"""When somebody loses access if nothing is done: by the clocks of their standing and the district's policy. Pure."""

from collections.abc import Mapping
from datetime import datetime

from access.policy import ALLOW, access_for

OWING = ("assigned", "in_progress", "overdue", "reattest_due")
"""States in which a date runs."""


def loses_at(
    state: str,
    reason: str,
    *,
    due_at: datetime | None,
    grace_until: datetime | None,
    mapping: Mapping[str, str],
    at: datetime,
) -> datetime | None:
    """For a member of the staff who has access at `at`. None where no clock takes it away.

    mapping  what the district changed of the defaults (access.policy)
    """
    if state not in OWING:
        return None
    steps = ((due_at, "overdue", reason), (grace_until, "expired", "ran_out"))
    for instant, later, why in steps:
        if instant is not None and instant > at and access_for(later, why, "staff", mapping) != ALLOW:
            return instant
    return None
