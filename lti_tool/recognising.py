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

All of it holds for an LMS that speaks for the district's staff; another one is believed of pupils only
(lti_tool.apart, docs/decisions/0040).
"""

from core.logs import log
from lti_tool.accounts import account_holder, move_account
from lti_tool.apart import APART, UNVOUCHED, recognise_apart
from lti_tool.claims import LaunchClaims
from lti_tool.registrations import Registered
from lti_tool.roles import audience_of
from lti_tool.said_names import CUSTOM, ROSTER_KEY, Names, names_in, owner_of
from lti_tool.seen import Seen
from people.audit import Actor, record
from people.claimed import forget_claims, note_claim
from people.directory import find_or_add, identities_of, link_identity, raise_audience
from people.merged import was_taken_back
from people.merging import merge
from people.models import District, Person


def recognise(district: District, platform: Registered, claims: LaunchClaims, seen: Seen) -> Person:
    """The person this launch speaks of, added where nobody is known. What is new of their names is learnt."""
    audience = audience_of(claims.roles)
    person = seen.person
    names = names_in(district, platform, claims, audience if person is None else _wider(person, audience))
    if not platform.speaks_for_staff:
        return recognise_apart(platform, claims.sub, names, audience, seen)
    if person is None:
        person = _first_time(district, platform, claims, names, audience)
    elif seen.source == APART:
        person = _no_more_apart(platform, claims.sub, names, _wider(person, audience), person)
    elif len(names) > seen.names:
        _learn(person, names, platform)
    raise_audience(person, audience)
    return person


def _first_time(
    district: District, platform: Registered, claims: LaunchClaims, names: Names, audience: str
) -> Person:
    owners = _known_as(district, names, audience)
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


def _no_more_apart(platform: Registered, sub: str, names: Names, audience: str, own: Person) -> Person:
    """The LMS speaks for the staff since they came first: what it says of them counts as if it always had, so that
    nobody has to be linked one by one. A link like it that an office took back is not made again."""
    if not move_account(platform, sub, of=own, to=own, source="launch", only_from=APART):
        return account_holder(platform, sub)  # another launch of theirs was first
    forget_claims(own, UNVOUCHED)
    owners = _known_as(platform.district, names, audience)
    owners.pop(own.id, None)
    person = own
    if len(owners) == 1:
        (owner,) = owners.values()
        if not was_taken_back(owner, own):
            merge(owner, own, Actor(f"platform:{platform.id}"), accounts="launch")
            person = owner
    _learn(person, names, platform, claim_only=len(owners) > 1)
    return person


def _known_as(district: District, names: Names, audience: str) -> dict[int, Person]:
    """{person id: person} of all that the names lead to; more than one is nobody."""
    sure = _owners(district, names.sure)
    return sure | {
        owner_id: owner
        for owner_id, owner in _owners(district, names.custom).items()
        if owner_id in sure or "staff" not in (audience, owner.audience)
    }


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
