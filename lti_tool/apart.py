"""People of an LMS that does not speak for the district's staff (docs/decisions/0040).

From such an LMS a launch or a class list is only ever recognised as a pupil whom the district's own roster knows as a
pupil. Everybody else there has a record of their own, which an office can link by hand (rosters.linking), and what is
said of anybody's name stays a claim. Nobody who is known already is raised to staff by it.

Whoever runs an LMS signs its subjects as well as its numbers. So a subject that was believed once leads to nobody but
a pupil: another's goes to a record of its own, unless an office has linked it.
"""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from core.database import db
from lti_tool.accounts import account_holder, accounts_of, move_account
from lti_tool.registrations import Registered
from lti_tool.said_names import ROSTER_KEY, Names
from lti_tool.seen import Seen
from people.audit import Actor, record
from people.claimed import note_claims
from people.directory import find_or_add, link_identity, print_of, raise_audience
from people.models import BY_HAND, Identity, Person
from people.roster_models import RosterInterval

APART = "apart"
"""Source of an account whose record is its own."""

UNVOUCHED = "unvouched"
"""Why names said by such an LMS are claims."""

LEARNS = ("pupil", "unknown")
"""As what somebody may come who is to be recognised; many an LMS says no more of its pupils than that they learn."""

Said = Mapping[str, str]
"""{scheme: value} of one person."""


def recognise_apart(platform: Registered, sub: str, names: Names, audience: str, seen: Seen) -> Person:
    """The person of a launch, added where no pupil is recognised."""
    said = names.sure | names.custom
    person, source = seen.person, seen.source
    if person is None:
        person, source = _first_time(platform, sub, said, audience)
    elif not holds(person, source):
        person, source = set_apart(platform, sub, person, audience), APART
    elif len(names) <= seen.names:
        said = {}
    note_said(platform, {person.id: said})
    if source == APART:
        raise_audience(person, audience)
    return person


def holds(person: Person, source: str) -> bool:
    """Whether an account of such an LMS leads to whom it led before."""
    return source in (APART, BY_HAND) or person.audience == "pupil"


def believed(platform: Registered, subs: Collection[str]) -> dict[str, Person]:
    """{sub: person} of accounts that are known, as far as this LMS is believed of them. In one query."""
    return {
        sub: person
        for sub, (person, source) in accounts_of(platform, subs).items()
        if platform.speaks_for_staff or holds(person, source)
    }


def pupils_named(district_id: int, said: Mapping[str, Said]) -> dict[str, Person]:
    """{sub: pupil} of those whose names all lead to one person, whom a roster has had as a pupil and nobody has as
    staff. `said` is {sub: names}. In one query."""
    owners = _owners(district_id, [name for names in said.values() for name in names.items()])
    found: dict[str, Person] = {}
    for sub, names in said.items():
        prints = [each for name in names.items() if (each := _owner(owners, district_id, *name))]
        leading = {owners[each][0].id: owners[each] for each in prints}
        if len(leading) == 1:
            person, on_rolls = next(iter(leading.values()))
            if on_rolls and person.audience == "pupil":
                found[sub] = person
    return found


def set_apart(platform: Registered, sub: str, was: Person, audience: str) -> Person:
    """Take an account from somebody whom this LMS can not speak for. What they did stays theirs."""
    made = Person(district_id=platform.district_id, audience=audience)
    db.add(made)
    db.flush()
    if not move_account(platform, sub, of=was, to=made, source=APART):
        db.delete(made)  # another launch of theirs was first
        db.flush()
        return account_holder(platform, sub)
    record(
        platform.district_id, Actor(f"platform:{platform.id}"), "account_set_apart",
        f"person:{was.public_id}", apart=f"person:{made.public_id}",
    )  # fmt: skip
    return made


def note_said(platform: Registered, said: Mapping[int, Said]) -> None:
    """Keep what is said of people as claims, each once. `said` is {person id: names}. What is theirs already is no
    claim; what is somebody else's is told to the district."""
    names = [(person_id, *name) for person_id, names in said.items() for name in names.items()]
    owners = _owners(platform.district_id, [(scheme, value) for _, scheme, value in names])
    claims = {
        (person_id, scheme, value): owner
        for person_id, scheme, value in names
        if (owner := _owner(owners, platform.district_id, scheme, value)) is None
        or owners[owner][0].id != person_id
    }
    new = {
        (row["person_id"], row["scheme"], row["fingerprint"])
        for row in note_claims(platform.district_id, UNVOUCHED, claims)
    }
    taken = [
        scheme
        for (person_id, scheme, value), owner in claims.items()
        if owner and (person_id, scheme, print_of(platform.district_id, scheme, "", value)) in new
    ]
    if taken:
        about = f"platform:{platform.id}"
        subject = f"person:{db.get_one(Person, next(iter(said))).public_id}" if len(said) == 1 else about
        record(
            platform.district_id, Actor(about), "name_not_believed", subject,
            scheme=" ".join(sorted(set(taken))), why=UNVOUCHED, names=len(taken),
        )  # fmt: skip


def _first_time(platform: Registered, sub: str, said: Said, audience: str) -> tuple[Person, str]:
    pupil = pupils_named(platform.district_id, {sub: said}).get(sub) if audience in LEARNS else None
    if pupil is None:
        own = find_or_add(
            platform.district_id,
            scheme="lti",
            value=sub,
            issuer=str(platform.id),
            audience=audience,
            source=APART,
        )
        return own, APART
    link_identity(pupil, scheme="lti", value=sub, issuer=str(platform.id), source="launch")
    return pupil, "launch"


_on_rolls = (
    sa.select(RosterInterval.id)
    .where(RosterInterval.person_id == Person.id, RosterInterval.audience == "pupil")
    .exists()
)


def _owners(district_id: int, names: Collection[tuple[str, str]]) -> dict[str, tuple[Person, bool]]:
    """{print: (whose name it is, whether a roster has ever had them as a pupil)}"""
    prints = {print_ for scheme, value in names for print_ in _prints(district_id, scheme, value)}
    if not prints:
        return {}
    rows = db.execute(
        sa.select(Identity.fingerprint, Person, _on_rolls)
        .join(Person, Person.id == Identity.person_id)
        .where(
            Identity.district_id == district_id, Identity.issuer == "", Identity.fingerprint.in_(list(prints))
        )
    )
    return {print_: (person, on_rolls) for print_, person, on_rolls in rows}


def _owner(owners: Mapping[str, object], district_id: int, scheme: str, value: str) -> str | None:
    """The print that leads to somebody, the surer one first."""
    return next((each for each in _prints(district_id, scheme, value) if each in owners), None)


def _prints(district_id: int, scheme: str, value: str) -> list[str]:
    """What an LMS calls the SIS id is the roster's number, or the key it keeps its rows by."""
    schemes = ("sis", ROSTER_KEY) if scheme == "sis" else (scheme,)
    return [print_of(district_id, each, "", value) for each in schemes]
