"""Which person a row is: by its key, then by number, address and user name. Two answers that disagree are none.

    key       the source's own (OneRoster's sourcedId, the staff file's sis_id)
    sis       identifier or sourcedId; what an LMS sends as lis.person_sourcedid
    email     only in a domain of the district, only of staff
    username  as it signs in

There is no likeness of names here, and none is read. A name that only a custom parameter said of somebody (source
`custom`) does not make them a member of staff: the roster takes it over, and they are left for the unmatched queue.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from core.database import db
from people.directory import print_of
from people.models import Identity, Person
from rosters.entries import KEY_SCHEME, Entry

SCHEMES = ("sis", "oneroster", "email", "username")
CUSTOM = "custom"
"""Source of an identity that only a custom parameter vouches for."""


@dataclass(slots=True)
class Name:
    """A name of a row, and its print."""

    scheme: str
    value: str
    print: str


@dataclass(slots=True)
class Match:
    """A row with its names. Exactly one of: a person, nobody yet (`person_id` None), or a reason for quarantine."""

    entry: Entry
    names: list[Name]
    person_id: int | None = None
    quarantine: str | None = None
    owners: list[int] = field(default_factory=list)
    """Everybody the names lead to."""


def match(
    district_id: int, kind: str, entries: Sequence[Entry], domains: Iterable[str], taken: dict[int, int]
) -> list[Match]:
    """The rows of a chunk, in one query. `taken` is {person id: line} of earlier rows, and learns of these."""
    vouched = {each.casefold() for each in domains}
    found = [Match(entry, _names(district_id, kind, entry, vouched)) for entry in entries]
    owners = owners_of(district_id, [name.print for each in found for name in each.names])
    claimed: dict[str, int] = {}
    for each in found:
        staff = each.entry.is_staff
        leading = [
            owners[name.print][0]
            for name in each.names
            if name.print in owners and not (staff and owners[name.print][1] == CUSTOM)
        ]
        each.owners = list(dict.fromkeys(leading))
        if len(each.owners) > 1:
            each.quarantine = "two_people"
        elif any(owner in taken for owner in each.owners) or any(
            name.print in claimed for name in each.names
        ):
            each.quarantine = "two_rows"
        else:
            each.person_id = each.owners[0] if each.owners else None
            claimed.update((name.print, each.entry.line) for name in each.names)
        taken.update((owner, each.entry.line) for owner in each.owners if owner not in taken)
    return found


def owners_of(district_id: int, prints: Sequence[str]) -> dict[str, tuple[int, str]]:
    """{print: (person id, source)}"""
    if not prints:
        return {}
    rows = db.execute(
        sa.select(Identity.fingerprint, Identity.person_id, Identity.source).where(
            Identity.district_id == district_id, Identity.issuer == "", Identity.scheme.in_(SCHEMES),
            Identity.fingerprint.in_(prints),
        )
    )  # fmt: skip
    return {print_: (person_id, source) for print_, person_id, source in rows}


def public_ids(person_ids: Iterable[int]) -> dict[int, str]:
    rows = db.execute(sa.select(Person.id, Person.public_id).where(Person.id.in_(list(person_ids))))
    return dict(rows.all())


def _names(district_id: int, kind: str, entry: Entry, domains: set[str]) -> list[Name]:
    said = dict.fromkeys(((KEY_SCHEME[kind], entry.key), *entry.names))
    return [
        Name(scheme, value, print_of(district_id, scheme, "", value))
        for scheme, value in said
        if scheme != "email" or value.rpartition("@")[2].casefold() in domains
    ]
