"""What a roster file says, in our words, whatever its format."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from rosters.bounds import Errors

ONEROSTER, STAFF_CSV = "oneroster", "staff_csv"
"""Kinds of files; also the `source` of every interval and identity that one of them gave us."""

KEY_SCHEME = {ONEROSTER: "oneroster", STAFF_CSV: "sis"}
"""{kind: scheme of the key by which the same person is found in the next file of this kind}"""


@dataclass(frozen=True, slots=True)
class Placement:
    """Somebody belongs to a building as something. Dates are the district's days; None where the file says none."""

    building: str | None
    """Key of the building."""
    audience: str
    job: str | None = None
    grade: str | None = None
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of a file. Nobody's name: none is read."""

    file: str
    line: int
    key: str
    names: tuple[tuple[str, str], ...]
    """(scheme, value): `sis`, `email`, `username`; an address only of staff."""
    placements: tuple[Placement, ...]
    whole: bool = True
    """Whether `placements` are all there are (none of them: this person has left), or come to those that are known."""
    ended: tuple[tuple[str | None, str], ...] = ()
    """(building, audience) that a delta takes away; only where it is not `whole`."""
    modified: datetime | None = None
    """When the source changed it; only of a delta."""
    named: bool = True
    """False for a delta that speaks of somebody's role and not of them: they must be known already."""

    @property
    def is_staff(self) -> bool:
        """Who teaches and takes a class is staff."""
        return any(each.audience == "staff" for each in self.placements)


@dataclass(frozen=True)
class RosterFile:
    """A file that is open. `entries(errors)` reads it anew each time, as a stream."""

    kind: str
    """ONEROSTER or STAFF_CSV."""
    version: str
    bulk: bool
    """Whether whoever is not in it has left. A delta speaks only of those it names."""
    entries: Callable[[Errors], Iterator[Entry]]
    buildings: dict[str, str] = field(default_factory=dict)
    """{key: name}, those the file names itself."""
    audiences: frozenset[str] = frozenset(("pupil", "staff"))
    """Of whom a bulk file speaks: a staff file closes no pupil."""
