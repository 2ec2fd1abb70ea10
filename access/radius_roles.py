"""From an access to the attributes a RADIUS server sends on: rules only, plain values in, plain values out.

    staff, pupil, guest   who is allowed, by audience
    limited               the walled garden: sign-in, LMS, course, help desk
    unknown               nobody we know, or nothing is asked of them: the restricted network
    denied                an Access-Reject; it has a text and nothing else

The attributes are those of RFC 2865 (Filter-Id, Session-Timeout, Termination-Action, Reply-Message), RFC 3580 section
3.31 (VLAN), and of vendors for the redirect (access.redirects). Their shape is that of FreeRADIUS' rlm_rest. It
expands `%{...}` in whatever it is sent unless `do_xlat` is false, so every value says so.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from access.policy import ALLOW, DENY
from access.redirects import CISCO
from core.errors import Refused

ALLOWED = ("staff", "pupil", "guest")
LIMITED, UNKNOWN, DENIED = "limited", "unknown", "denied"
ROLES = (*ALLOWED, LIMITED, UNKNOWN, DENIED)
MUST_HAVE = (LIMITED, UNKNOWN)
"""Without these there is nowhere to put somebody, and an accept without a network is the port's default."""

HELD_BACK = (LIMITED, UNKNOWN, DENIED)
"""Whom a gateway may send to the page that says what is missing."""

SECONDS = {**dict.fromkeys(ALLOWED, 28_800), LIMITED: 600, UNKNOWN: 600}
"""Whoever signs while in the walled garden is out of it ten minutes later."""
SOONEST, LATEST = 60, 86_400
"""Seconds of a session. Below a minute a switch does little else than ask again."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.:/-]{0,62}")
HIGHEST_VLAN = 4094
LONGEST_TEXT = 253
"""Bytes in one RADIUS attribute."""


@dataclass(frozen=True)
class Role:
    """What the network does with people of one role; `vlan` is a number or a name the switches know.

    redirect  one of access.redirects.KINDS, or None; `redirect_acl` goes with the one of Cisco
    """

    vlan: str | None = None
    filter_id: str | None = None
    seconds: int = SECONDS[UNKNOWN]
    message: str | None = None
    redirect: str | None = None
    redirect_acl: str | None = None

    def row(self) -> dict[str, Any]:
        return asdict(self)


def role_of(name: str, roles: Mapping[str, Mapping[str, Any]]) -> tuple[str, Role]:
    """The role in force: who is allowed, but has no network of their own here, is treated as unknown."""
    if name != DENIED and name not in roles:
        name = UNKNOWN
    return name, Role(**roles.get(name, {}))


def name_of(access: str | None, audience: str | None) -> str:
    """`access` is None for whom we have no standing of."""
    if access is None:
        return UNKNOWN
    if access == DENY:
        return DENIED
    if access != ALLOW:
        return LIMITED
    return audience if audience in ALLOWED else UNKNOWN


def seconds_of(role: Role, next_change_at: datetime | None, at: datetime) -> int:
    """No longer than the clock leaves the answer as it is; a change that is due already is asked for soon."""
    if next_change_at is None:
        return role.seconds
    left = int((next_change_at - at).total_seconds())
    return max(SOONEST, min(role.seconds, left))


def attributes(name: str, role: Role, seconds: int, more: Mapping[str, Sequence[str]] | None = None) -> str:
    """The body of the answer. `control:Tmp-String-9` says that it is whole, and which one it is.

    more  {reply attribute: values}, as access.redirects gives them
    """
    said: dict[str, object] = {}
    if name == DENIED:
        said["control:Auth-Type"] = "Reject"
    else:
        said["reply:Session-Timeout"] = seconds
        # Ask again when the time is up instead of dropping the device (RFC 3580 section 3.17).
        said["reply:Termination-Action"] = "RADIUS-Request"
        if role.vlan:
            said["reply:Tunnel-Type"] = "VLAN"
            said["reply:Tunnel-Medium-Type"] = "IEEE-802"
            said["reply:Tunnel-Private-Group-Id"] = role.vlan
        if role.filter_id:
            said["reply:Filter-Id"] = role.filter_id
    if role.message:
        said["reply:Reply-Message"] = role.message
    said["control:Tmp-String-9"] = name
    answer = {key: {"op": ":=", "do_xlat": False, "value": [value]} for key, value in said.items()}
    for key, values in (more or {}).items():
        answer[f"reply:{key}"] = {
            "op": "+=" if len(values) > 1 else ":=",
            "do_xlat": False,
            "value": [*values],
        }
    return json.dumps(answer)


def lacking(roles: Mapping[str, Any]) -> list[str]:
    """Roles without which no answer is safe."""
    return [name for name in MUST_HAVE if name not in roles]


def checked(name: str, role: Role) -> Role:
    """Raises Refused for what a switch would not understand, or would take for its default."""
    if role.message and (not role.message.isprintable() or len(role.message.encode()) > LONGEST_TEXT):
        raise Refused(f"the message must be one line of at most {LONGEST_TEXT} bytes")
    _check_redirect(name, role)
    if name == DENIED:
        if role.vlan or role.filter_id:
            raise Refused("denied is refused at the door: it takes a message, no VLAN and no Filter-Id")
        return role
    if not (role.vlan or role.filter_id):
        raise Refused("give a VLAN or a Filter-Id: an accept without either is the port's default network")
    if role.vlan and role.vlan.isdigit() and not 1 <= int(role.vlan) <= HIGHEST_VLAN:
        raise Refused(f"a VLAN is a number from 1 to {HIGHEST_VLAN}, or a name")
    for value in (role.vlan, role.filter_id):
        if value and not NAME.fullmatch(value):
            raise Refused(f"{value!r} is no name for a network: letters, digits, blank and _ . : / - only")
    if not SOONEST <= role.seconds <= LATEST:
        raise Refused(f"a session lasts from {SOONEST} to {LATEST} seconds")
    return role


def _check_redirect(name: str, role: Role) -> None:
    if role.redirect and name not in HELD_BACK:
        raise Refused(f"only {', '.join(HELD_BACK)} are sent to the page that says what is missing")
    if role.redirect == CISCO and name == DENIED:
        raise Refused("a reject redirects nobody on Cisco's devices; limited and unknown may")
    if role.redirect_acl and role.redirect != CISCO:
        raise Refused("the name of an access list goes with --redirect cisco")
    if role.redirect_acl and not NAME.fullmatch(role.redirect_acl):
        raise Refused(f"{role.redirect_acl!r} is no name of an access list")
