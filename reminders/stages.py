"""Which reminder is due on a day. Pure: dates of the district in, a kind out.

A letter of today also speaks for the days until the next one on which letters go out: what falls on a weekend is said
on the Friday before, never on the Monday after.
"""

from datetime import date, timedelta

from completion.rules import Parts, is_working

BEFORE = (0, 1, 7, 14)
"""Days before the last day, the most urgent first."""
WEEK = 7
LONGEST_GAP = 150
"""Days after which we no longer look for a day to send on; no quiet span is as long (completion.rules)."""


def speaks_until(today: date, quiet: Parts) -> date:
    """The last day before the next one on which letters go out."""
    day = today
    for _ in range(LONGEST_GAP):
        if is_working(day + timedelta(days=1), quiet):
            break
        day += timedelta(days=1)
    return day


def stage(last_day: date, last_grace_day: date, today: date, until: date) -> str | None:
    """The kind of reminder for somebody who owes something; None once grace is over.

    last_day        the last on which it is in time
    last_grace_day  the last before access may end; no later than `last_day` where there is no grace
    until           what `speaks_until` says of today
    """
    if today > last_grace_day and today > last_day:
        return None
    if today > last_day:
        return f"grace_{((today - last_day).days - 1) // WEEK + 1}"
    left = (last_day - until).days
    for days in BEFORE:
        if left <= days:
            return f"before_{days}"
    return "assigned"


def on_the_eve(day: date, today: date, until: date) -> bool:
    """Whether today's letter is the last before that day."""
    return today < day <= until + timedelta(days=1)
