"""The names that launches and rosters say people by: the platform's own word, and what custom parameters add to it."""

from dataclasses import dataclass

from lti_tool.claims import LaunchClaims
from lti_tool.registrations import Registered
from people.directory import find_by_identity, print_of
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
