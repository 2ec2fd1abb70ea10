"""What is known of one person under one requirement, as plain values: what the state is decided by.

Intervals are half-open: they hold from their first instant until, and not at, their end.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Period:
    """A school year as a requirement sees it. All instants are the district's local midnights, in UTC."""

    name: str
    starts_at: datetime
    ends_at: datetime
    renewal_opens_at: datetime
    """From here a pass that ends with this year may be renewed."""
    late_from: datetime
    """A pass earned in this year from here on holds through the following year as well."""


@dataclass(frozen=True)
class Span:
    """A stretch of time, without end where `ends_at` is None."""

    starts_at: datetime
    ends_at: datetime | None

    def holds(self, at: datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True)
class Asked:
    """An assignment. `opens_at` is when it was made, or when its year starts if that is later or it renews."""

    period: str
    opens_at: datetime
    due_at: datetime
    grace_until: datetime
    basis: str


@dataclass(frozen=True)
class Restart:
    """Whoever comes back from an exemption, or to the roster, has days to finish again: from `known_from` on the dates
    of what was asked are these, where they are later."""

    known_from: datetime
    due_at: datetime
    grace_until: datetime


@dataclass(frozen=True)
class Extended:
    """More time that somebody gave: while it is `given`, no clock of what is asked runs out before these dates. It
    changes nothing about how they came to owe it: a newcomer with more time is a newcomer."""

    given: Span
    due_at: datetime
    grace_until: datetime


@dataclass(frozen=True)
class Shown:
    """A piece of evidence."""

    part: str
    period: str
    shown_at: datetime
    kind: str
    version: str
    public_id: str


@dataclass(frozen=True)
class Revision:
    """An agreement was changed materially: from `effective_at` on only `versions` will do.

    An earlier signature lets in until `reattest_by`; then the clock of the overdue runs until `grace_until`.
    """

    part: str
    effective_at: datetime
    reattest_by: datetime
    grace_until: datetime
    versions: frozenset[str]
    """This version and those after it, as evidence names them."""


@dataclass(frozen=True)
class Facts:
    """All that is known of one person under one requirement.

    belongs       the person is of the requirement's audience
    renews        the requirement comes back every school year (staff), instead of belonging to one grade
    alternatives  lists of parts; one list shown whole within a school year is enough
    periods       consecutive school years, oldest first, the one after the last evidence included
    asked         oldest first
    begun         (period, instant) of each part begun
    roster        when the roster had them in the requirement's audience; None: it never spoke of them
    anew_from     instants from which on only what was shown after them counts (reinstated on that condition)
    """

    belongs: bool
    renews: bool
    alternatives: tuple[tuple[str, ...], ...]
    periods: tuple[Period, ...]
    asked: tuple[Asked, ...] = ()
    shown: tuple[Shown, ...] = ()
    begun: tuple[tuple[str, datetime], ...] = ()
    roster: tuple[Span, ...] | None = None
    revoked: tuple[Span, ...] = ()
    exempt: tuple[Span, ...] = ()
    restarts: tuple[Restart, ...] = ()
    extended: tuple[Extended, ...] = ()
    revisions: tuple[Revision, ...] = ()
    anew_from: tuple[datetime, ...] = ()
