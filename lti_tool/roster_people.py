"""Who the people of a class list are: found by what the platform says of them, or added."""

from collections import Counter
from collections.abc import Iterable

import sqlalchemy as sa

from core.database import db, insert_for
from lti_tool.accounts import accounts_of
from lti_tool.apart import APART, LEARNS, holds, note_said, pupils_named, set_apart
from lti_tool.members import Member
from lti_tool.registrations import Registered
from lti_tool.said_names import CUSTOM, ROSTER_KEY, identity_names
from people.directory import people_by_identity, print_of, raise_audience
from people.models import District, Identity, Person, new_person_id


def people_of(platform: Registered, members: list[Member]) -> dict[str, Person]:
    """{sub: person}, adding those we did not know and learning new names of those we did."""
    return (_people if platform.speaks_for_staff else _people_apart)(platform.district, platform, members)


def _people(district: District, platform: Registered, members: list[Member]) -> dict[str, Person]:
    issuer = str(platform.id)
    known = people_by_identity(district.id, "lti", [member.sub for member in members], issuer)
    strangers = [member for member in members if member.sub not in known]
    if strangers:
        owners = _known_otherwise(district, strangers)
        owners |= _add_people(district, [member for member in strangers if member.sub not in owners])
        _link(district, [(owners[m.sub].id, "lti", issuer, m.sub, "roster") for m in strangers])
        known |= people_by_identity(district.id, "lti", [member.sub for member in strangers], issuer)
    _link(district, [name for member in members for name in _names(district, member, known[member.sub])])
    for member in members:
        raise_audience(known[member.sub], member.audience)
    return known


def _people_apart(district: District, platform: Registered, members: list[Member]) -> dict[str, Person]:
    """The same of an LMS that does not speak for staff (lti_tool.apart)."""
    issuer, accounts = str(platform.id), accounts_of(platform, [member.sub for member in members])
    said = _said(district, members, {sub: person.audience for sub, (person, _) in accounts.items()})
    strangers = [member for member in members if member.sub not in accounts]
    pupils = pupils_named(
        district.id, {each.sub: said[each.sub] for each in strangers if each.audience in LEARNS}
    )
    own = _add_people(district, [member for member in strangers if member.sub not in pupils])
    _link(district, [(person.id, "lti", issuer, sub, "roster") for sub, person in pupils.items()])
    _link(district, [(person.id, "lti", issuer, sub, APART) for sub, person in own.items()])
    accounts |= accounts_of(platform, [member.sub for member in strangers])
    people: dict[str, Person] = {}
    for member in members:
        person, source = accounts[member.sub]
        if not holds(person, source):
            person, source = set_apart(platform, member.sub, person, member.audience), APART
        if source == APART:
            raise_audience(person, member.audience)
        people[member.sub] = person
    note_said(platform, {person.id: said[sub] for sub, person in people.items()})
    return people


def _said(district: District, members: list[Member], known_as: dict[str, str]) -> dict[str, dict[str, str]]:
    """{sub: names}. A parameter that is the same for the whole class was written by hand, and is nobody's number."""
    often = Counter(member.sourcedid for member in members if member.custom_sourcedid)
    said = {}
    for member in members:
        by_hand = member.custom_sourcedid and often[member.sourcedid] > 1
        audience = "staff" if "staff" in (member.audience, known_as.get(member.sub)) else member.audience
        names = identity_names(district, None if by_hand else member.sourcedid, member.email, audience)
        said[member.sub] = names | ({"username": member.username} if member.username else {})
    return said


def _known_otherwise(district: District, strangers: list[Member]) -> dict[str, Person]:
    """{sub: person} of those whom the names a platform vouches for lead to one person (lti_tool.recognising)."""
    numbers = [member.sourcedid for member in strangers if member.sourcedid]
    addresses = {
        member.sub: email
        for member in strangers
        if (email := identity_names(district, None, member.email, member.audience).get("email"))
    }
    by_sis = people_by_identity(district.id, ROSTER_KEY, numbers) | people_by_identity(
        district.id, "sis", numbers
    )
    by_email = people_by_identity(district.id, "email", addresses.values())
    # A parameter that is the same for the whole class was written by hand, and is nobody's number.
    said = Counter(member.sourcedid for member in strangers if member.custom_sourcedid)
    found: dict[str, Person] = {}
    for member in strangers:
        if member.custom_sourcedid and said[member.sourcedid] > 1:
            continue
        number, address = by_sis.get(member.sourcedid or ""), by_email.get(addresses.get(member.sub, ""))
        if member.custom_sourcedid and number and "staff" in (member.audience, number.audience):
            number = number if address and address.id == number.id else None
        if (number is None) != (address is None) or (number and address and number.id == address.id):
            found[member.sub] = number or address  # type: ignore[assignment]  # one of the two is there
    return found


def _names(district: District, member: Member, person: Person) -> list[tuple[int, str, str, str, str]]:
    """(person, scheme, issuer, value, source)"""
    audience = "staff" if "staff" in (member.audience, person.audience) else member.audience
    sure = identity_names(district, member.sourcedid, member.email, audience)
    source = {"sis": CUSTOM if member.custom_sourcedid else "roster", "email": "roster", "username": CUSTOM}
    names = sure | ({"username": member.username} if member.username else {})
    return [(person.id, scheme, "", value, source[scheme]) for scheme, value in names.items()]


def _add_people(district: District, members: list[Member]) -> dict[str, Person]:
    if not members:
        return {}
    rows = [
        {"district_id": district.id, "public_id": new_person_id(), "audience": member.audience}
        for member in members
    ]
    db.execute(sa.insert(Person), rows)
    made = {
        person.public_id: person
        for person in db.scalars(
            sa.select(Person).where(Person.public_id.in_([row["public_id"] for row in rows]))
        )
    }
    return {member.sub: made[str(row["public_id"])] for member, row in zip(members, rows, strict=True)}


def _link(district: District, names: Iterable[tuple[int, str, str, str, str]]) -> None:
    """Note (person, scheme, issuer, value, source) rows that are not there yet, sealing only those."""
    wanted = {
        (scheme, print_of(district.id, scheme, where, value)): (person_id, where, value, source)
        for person_id, scheme, where, value, source in names
    }
    if not wanted:
        return
    there = {
        (scheme, print_)
        for scheme, print_ in db.execute(
            sa.select(Identity.scheme, Identity.fingerprint).where(
                Identity.district_id == district.id,
                Identity.fingerprint.in_([print_ for _, print_ in wanted]),
            )
        )
    }
    rows = [
        {
            "district_id": district.id,
            "person_id": person_id,
            "scheme": scheme,
            "issuer": where,
            "fingerprint": print_,
            "value": value,
            "source": source,
        }
        for (scheme, print_), (person_id, where, value, source) in wanted.items()
        if (scheme, print_) not in there
    ]
    if rows:
        db.execute(insert_for(Identity).on_conflict_do_nothing(), rows)
