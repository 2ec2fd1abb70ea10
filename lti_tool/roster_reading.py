"""Rosters as platforms send them (NRPS 2.0), page by page, put into our words."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from core.addresses import with_query
from lti_tool.claim_values import custom_in
from lti_tool.members import Member
from lti_tool.roles import audience_of, role_of
from lti_tool.said_names import custom_names
from lti_tool.scopes import MEMBERS_TYPE, MEMBERSHIP_SCOPE
from lti_tool.service_calls import PlatformService


@dataclass(frozen=True)
class Roster:
    """Everybody (`whole`), or those who changed; and where to ask what changes after this."""

    members: list[Member]
    whole: bool
    differences_url: str | None = None


def read_roster(service: PlatformService, url: str) -> Roster:
    """Every member once. Raises ServiceRefused, ToldToStop, PagesLoop; what no roster can say as KeyError and kin."""
    return _read(service, url, whole=True)


def read_changes(service: PlatformService, differences_url: str) -> Roster:
    """Who came, went or changed since the reading that gave us this address. Raises as read_roster does."""
    return _read(service, differences_url, whole=False)


def read_names(service: PlatformService, url: str, link_id: str) -> dict[str, dict[str, str]]:
    """{sub: names by our custom parameters}, which a platform fills in for each member when it is asked for a link's
    roster (`rlid`). It may leave out who can not open that link, so this is never the roster of the class.

    Raises ServiceRefused, where it does not know `rlid` (Schoology: 400) or the link (Canvas: 404); and as read_roster.
    """
    names: dict[str, dict[str, str]] = {}
    for line in _lines(service, with_query(url, {"rlid": link_id}))[0]:
        for message in line.get("message") or ():
            names.setdefault(str(line.get("user_id")), {}).update(custom_names(custom_in(message)))
    return names


def named(roster: Roster, names: dict[str, dict[str, str]]) -> Roster:
    """The roster with names from elsewhere; the platform's own word goes first."""

    def more(member: Member) -> Member:
        known = names.get(member.sub, {})
        return replace(
            member,
            sourcedid=member.sourcedid or known.get("sis"),
            username=known.get("username"),
            custom_sourcedid=member.sourcedid is None,
        )

    return replace(roster, members=[more(member) for member in roster.members])


def _read(service: PlatformService, url: str, whole: bool) -> Roster:
    lines, differences_url = _lines(service, url)
    return Roster(merged(_member(line) for line in lines), whole, differences_url)


def _lines(service: PlatformService, url: str) -> tuple[list[dict[str, Any]], str | None]:
    lines: list[dict[str, Any]] = []
    differences_url = None
    for page in service.pages(url, [MEMBERSHIP_SCOPE], accept=MEMBERS_TYPE):
        lines += page.body["members"]
        differences_url = page.links.get("differences", differences_url)
    return lines, differences_url


def _member(line: dict[str, Any]) -> Member | None:
    """One line of the roster; None for somebody without an id. Absent status means active (NRPS 2.0, 2.2)."""
    sub = line.get("user_id")
    if not isinstance(sub, str | int):
        return None
    roles = tuple(role for role in line.get("roles", []) if isinstance(role, str))
    return Member(
        sub=str(sub),
        roles=roles,
        role=_seat(role_of(roles)),
        audience=audience_of(roles),
        name=_text(line.get("name")) or _joined(line),
        email=_text(line.get("email")),
        sourcedid=_text(line.get("lis_person_sourcedid")),
        here=line.get("status", "Active") == "Active",
    )


def _seat(role: str) -> str:
    return "teacher" if role == "administrator" else role


def _joined(line: dict[str, Any]) -> str | None:
    return _text(
        " ".join(part for part in (_text(line.get("given_name")), _text(line.get("family_name"))) if part)
    )


def _text(value: object) -> str | None:
    return (
        value.strip()[:200]
        if isinstance(value, str) and value.strip() and not value.startswith("$")
        else None
    )


def merged(lines: Iterable[Member | None]) -> list[Member]:
    """The same person on two lines, for two sections or on two pages: one seat with the roles of both (row 134)."""
    members: dict[str, Member] = {}
    for line in lines:
        if line is not None:
            members[line.sub] = _together(members.get(line.sub), line)
    return list(members.values())


def _together(known: Member | None, again: Member) -> Member:
    """Whoever has left one section and is active in another is here, with the roles they have there."""
    if known is None or (again.here and not known.here):
        return again
    if known.here and not again.here:
        return known
    roles = tuple(dict.fromkeys(known.roles + again.roles))
    return replace(
        known,
        roles=roles,
        role=_seat(role_of(roles)),
        audience=audience_of(roles),
        name=known.name or again.name,
        email=known.email or again.email,
        sourcedid=known.sourcedid or again.sourcedid,
    )
