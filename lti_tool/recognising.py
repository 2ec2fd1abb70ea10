"""Who a launch is: a ladder of names, from the surest down (docs/decisions/0006, 0021).

    1  the platform's own subject, seen before
    2  lis.person_sourcedid, the platform's word: the number or the key of the district's roster
    3  an e-mail address, the platform's word, in a domain of the district; of staff only
    4  custom parameters `sis_id`, `sourcedid`, `username`, where the district trusts them on this platform. A course
       editor may be able to write them, so they make nobody staff by themselves: with staff on either side the
       platform's own word must lead to the same person
    5  nobody we know: a record of their own, which somebody of the district can link (rosters.linking)

Names of people are never compared. Two answers that disagree link nobody. Once somebody is linked they stay who they
are: a name that changes is noted and told to the district, never followed.
"""

from dataclasses import dataclass

from core.logs import log
from lti_tool.claims import LaunchClaims
from lti_tool.registrations import Registered
from lti_tool.roles import audience_of
from lti_tool.seen import Seen
from people.audit import Actor, record
from people.claimed import note_claim
from people.directory import (
    find_by_identity,
    find_or_add,
    identities_of,
    link_identity,
    print_of,
    raise_audience,
)
from people.models import District, Person

CUSTOM = "custom"
"""Source of an identity that a custom parameter alone vouches for."""

ROSTER_KEY = "oneroster"
"""The scheme of the key in the district's own roster; some LMSs send it as the SIS id."""


@dataclass(frozen=True)
class Names:
    """{scheme: value} of one launch: the platform's own word, and what custom parameters add to it."""

    sure: dict[str, str]
    custom: dict[str, str]

    def __len__(self) -> int:
        return len(self.sure | self.custom)


def recognise(district: District, platform: Registered, claims: LaunchClaims, seen: Seen) -> Person:
    """The person this launch speaks of, added where nobody is known. What is new of their names is learnt."""
    audience = audience_of(claims.roles)
    person = seen.person
    names = names_in(district, platform, claims, audience if person is None else _wider(person, audience))
    if person is None:
        person = _first_time(district, platform, claims, names, audience)
    elif len(names) > seen.names:
        _learn(person, names, platform)
    raise_audience(person, audience)
    return person


def candidates(platform: Registered, claims: LaunchClaims) -> list[str]:
    """Prints of every name this launch may say of a person, for one look at who of them is known already."""
    said = [("sis", claims.person_sourcedid), ("email", claims.email)]
    if platform.custom_ids_trusted:
        said += list(custom_names(claims.custom).items())
    said += [(ROSTER_KEY, value) for scheme, value in said if scheme == "sis"]
    return [print_of(platform.district_id, scheme, "", value) for scheme, value in said if value]


def names_in(district: District, platform: Registered, claims: LaunchClaims, audience: str) -> Names:
    """What IT may know this person by: `sis`, `email`, `username`, each only when vouched for."""
    sure = identity_names(district, claims.person_sourcedid, claims.email, audience)
    custom = custom_names(claims.custom) if platform.custom_ids_trusted else {}
    return Names(sure, {scheme: value for scheme, value in custom.items() if scheme not in sure})


def custom_names(custom: dict[str, str]) -> dict[str, str]:
    """What our custom parameters say of a person; to be believed only where the district trusts them."""
    said = {"sis": custom.get("sis_id") or custom.get("sourcedid"), "username": custom.get("username")}
    return {scheme: value for scheme, value in said.items() if value}


def identity_names(
    district: District, sourcedid: str | None, email: str | None, audience: str
) -> dict[str, str]:
    """The platform's own word about somebody. A pupil's e-mail address is not kept (least data)."""
    names = {"sis": sourcedid} if sourcedid else {}
    if audience == "staff" and email and email.rpartition("@")[2].lower() in district.email_domains:
        names["email"] = email
    return names


def owner_of(district_id: int, scheme: str, value: str) -> Person | None:
    """Whom a name belongs to. What an LMS calls the SIS id is the roster's number, or the key it keeps its rows by."""
    found = find_by_identity(district_id, scheme, value)
    if found is None and scheme == "sis":
        found = find_by_identity(district_id, ROSTER_KEY, value)
    return found


def _first_time(
    district: District, platform: Registered, claims: LaunchClaims, names: Names, audience: str
) -> Person:
    sure = _owners(district, names.sure)
    custom = {
        owner_id: owner
        for owner_id, owner in _owners(district, names.custom).items()
        if owner_id in sure or "staff" not in (audience, owner.audience)
    }
    owners = sure | custom
    if len(owners) == 1:
        person = next(iter(owners.values()))
        link_identity(person, scheme="lti", value=claims.sub, issuer=str(platform.id), source="launch")
        _learn(person, names, platform)
        return person
    if owners:
        log.warning("identities_disagree", platform=platform.id, people=len(owners))
    person = find_or_add(
        district.id,
        scheme="lti",
        value=claims.sub,
        issuer=str(platform.id),
        audience=audience,
        source="launch",
    )
    _learn(person, names, platform, claim_only=bool(owners))
    return person


def _owners(district: District, names: dict[str, str]) -> dict[int, Person]:
    found = (owner_of(district.id, scheme, value) for scheme, value in names.items())
    return {owner.id: owner for owner in found if owner}


def _learn(person: Person, names: Names, platform: Registered, *, claim_only: bool = False) -> None:
    """Take up names that were missing. One that changed, or is somebody else's, stays a claim that nobody follows.

    `claim_only`: names that disagree are nobody's, so none of them is taken up.
    """
    known = identities_of([person.id], ("sis", ROSTER_KEY, "email", "username")).get(person.id, {})
    for scheme, value in (names.sure | names.custom).items():
        source = "launch" if scheme in names.sure else CUSTOM
        if _is_known(known, scheme, value):
            continue
        if scheme in known:
            _claim(person, scheme, value, "changed", platform)
        elif claim_only or ((owner := owner_of(person.district_id, scheme, value)) and owner.id != person.id):
            _claim(person, scheme, value, "custom" if source == CUSTOM else "taken", platform)
        else:
            link_identity(person, scheme=scheme, value=value, source=source)


def _is_known(known: dict[str, str], scheme: str, value: str) -> bool:
    same = [known.get(scheme)] + ([known.get(ROSTER_KEY)] if scheme == "sis" else [])
    return any(each is not None and each.casefold() == value.strip().casefold() for each in same)


def _claim(person: Person, scheme: str, value: str, why: str, platform: Registered) -> None:
    """Told once for each new value: whoever launches daily says the same daily."""
    if note_claim(person, scheme, value, why):
        record(
            person.district_id, Actor(f"platform:{platform.id}"), "name_not_believed",
            f"person:{person.public_id}", scheme=scheme, why=why,
        )  # fmt: skip


def _wider(person: Person, audience: str) -> str:
    return "staff" if "staff" in (person.audience, audience) else audience
