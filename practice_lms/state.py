"""What a practice LMS remembers, all in memory: plain records, and one lock for whoever changes several
of them.
"""

from __future__ import annotations

import itertools
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from typing import TYPE_CHECKING, Any

from practice_lms.people import Membership

if TYPE_CHECKING:
    from practice_lms.registration import Registered

REMEMBERED = 50_000  # launches, tokens and jtis kept; the oldest are forgotten first


@dataclass
class LineItem:
    """A gradebook column. `link` is the key of the course item it belongs to, if any."""

    id: str
    course: str
    label: str
    score_maximum: float
    resource_id: str = ""
    tag: str = ""
    link: str | None = None
    made_by_tool: bool = False


@dataclass
class Result:
    """One person's standing in one column. `score` is in the column's points; None is no grade (or a
    wiped one).
    """

    line_item_id: str
    user_id: str
    score: float | None
    comment: str | None
    timestamp: datetime
    activity_progress: str
    grading_progress: str
    received_at: datetime
    attempts: int = 1
    overridden: bool = False


@dataclass(frozen=True)
class ScoreReceived:
    """One POST to .../scores as it came, taken or refused."""

    line_item_id: str
    user_id: str
    body: Any
    headers: dict[str, str]
    at: datetime
    status: int
    reason: str


@dataclass(frozen=True)
class DeepLinksReceived:
    """One deep linking response; `claims` is empty and `problem` says why when it was refused."""

    course: str
    claims: dict[str, Any]
    problem: str
    at: datetime


@dataclass(frozen=True)
class ServiceRequest:
    method: str
    path: str
    query: str
    headers: dict[str, str]
    at: datetime
    endpoint: str
    status: int


@dataclass
class LaunchBegun:
    """A third-party login sent to the tool, waiting for the tool's authentication request.

    `link` is None when the teacher opened the tool's chooser for `course` (deep linking).
    """

    person: str
    course: str
    link: str | None
    login_hint: str
    message_hint: str
    begun_at: float
    used: bool = False
    placement: str = ""
    review_of: str | None = None  # the learner whose submission is opened from the gradebook


@dataclass(frozen=True)
class AccessToken:
    scopes: frozenset[str]
    expires_at: float


class Remembered(OrderedDict[str, Any]):
    """A dict that forgets its oldest entries, so a week of launches does not fill the memory."""

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, value)
        while len(self) > REMEMBERED:
            self.popitem(last=False)


@dataclass
class State:
    log_limit: int
    lock: RLock = field(default_factory=RLock)
    line_items: dict[str, LineItem] = field(default_factory=dict)
    results: dict[tuple[str, str], Result] = field(default_factory=dict)
    memberships: dict[tuple[str, str], Membership] = field(default_factory=dict)
    second_seats: list[Membership] = field(default_factory=list)
    """The same person in another section of the same course: a line of its own in the roster."""
    roster_changes: list[tuple[str, str]] = field(default_factory=list)
    """(course, person) of each change of a membership, oldest first."""
    oldest_change: int = 0
    """Changes before this one are forgotten; who asks for them is sent away."""
    launches: Remembered = field(default_factory=Remembered)
    tokens: Remembered = field(default_factory=Remembered)
    seen_jtis: Remembered = field(default_factory=Remembered)
    scores: deque[ScoreReceived] = field(init=False)
    requests: deque[ServiceRequest] = field(init=False)
    registration_tokens: Remembered = field(default_factory=Remembered)
    registered_tools: dict[str, Registered] = field(default_factory=dict)
    deep_links: list[DeepLinksReceived] = field(default_factory=list)
    held: Remembered = field(default_factory=Remembered)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.scores = deque(maxlen=self.log_limit)
        self.requests = deque(maxlen=self.log_limit)


class RequestLog:
    """Every service request, oldest first: iterate it, take its len(), or ask `.to("scores")`."""

    def __init__(self, state: State) -> None:
        self.state = state

    def __iter__(self) -> Iterator[ServiceRequest]:
        with self.state.lock:
            return iter(list(self.state.requests))

    def __len__(self) -> int:
        return len(self.state.requests)

    def to(self, endpoint: str) -> list[ServiceRequest]:
        return [seen for seen in self if seen.endpoint == endpoint]

    def clear(self) -> None:
        with self.state.lock:
            self.state.requests.clear()
