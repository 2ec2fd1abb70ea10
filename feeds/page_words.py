"""IT's page in words. Pure."""

from collections.abc import Sequence
from datetime import datetime

from feeds.behind import Lag, seconds_since, state_of

STATES = {
    "ok": ("done", "Works"),
    "failing": ("late", "Fails"),
    "paused": ("none", "Paused"),
    "off": ("off", "Switched off"),
}
"""{state: (shape of core/style.css, word)}"""
KINDS = {"webhook": "Webhook", "csv": "Files"}
ACCESS = {
    "allow": ("done", "Allowed"),
    "limited": ("part", "Limited"),
    "deny": ("late", "Denied"),
}
PERSON_STATES = {
    "not_applicable": "Not asked any more",
    "revoked": "Access was withdrawn",
    "exempt": "Exempt",
    "complete": "Done",
    "expiring": "Done, may renew",
    "reattest_due": "Must sign again",
    "not_due": "Not due yet",
    "assigned": "Not begun",
    "in_progress": "Begun",
    "overdue": "Past due",
    "expired": "Past due, grace over",
}
EVIDENCE = {
    "course": "Took a part of the course",
    "agreement": "Signed the agreement",
    "group": "Was taught with the class",
    "paper": "Signed on paper",
    "equivalent": "Took another course that personnel accepts",
}
AUDIENCES = {"pupil": "Pupil", "staff": "Staff", "guest": "Guest", "unknown": "Not known"}
NOTES = {
    "added": "The feed is added.",
    "paused": "Paused. Nothing is lost; “Resume” goes on where it stopped.",
    "resumed": "It goes on now, where it stopped.",
    "replayed": "It is told again from that change on. Ids are what they were.",
    "accepted": "The smaller file is right; it is written in a few seconds.",
    "removed": "The feed is removed.",
    "tested": "The test was taken.",
    "test_failed": "The test was not taken; see below.",
}


def headline(lags: Sequence[Lag]) -> str:
    """The answer to "does everybody hear of changes?"."""
    if not lags:
        return "Nobody is told of changes yet."
    wrong = sum(state_of(lag.feed) in ("failing", "off") for lag in lags)
    if wrong:
        return f"{wrong} of {counted(len(lags), 'feed')} {'needs' if wrong == 1 else 'need'} a look."
    paused = sum(state_of(lag.feed) == "paused" for lag in lags)
    if paused:
        return f"{paused} of {counted(len(lags), 'feed')} {'is' if paused == 1 else 'are'} paused."
    return f"{'The feed works' if len(lags) == 1 else f'All {len(lags)} feeds work'}."


def behind(lag: Lag) -> str:
    if not lag.behind:
        return "Up to date"
    if lag.waiting_since is None:
        return counted(lag.behind, "change")
    return f"{counted(lag.behind, 'change')}, the oldest for {age(lag.waiting_since)}"


def age(at: datetime) -> str:
    """4 minutes"""
    seconds = seconds_since(at)
    for unit, size in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= size:
            return counted(seconds // size, unit)
    return counted(seconds, "second")


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
