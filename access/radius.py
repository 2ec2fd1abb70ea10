"""/radius/v1/standing: what FreeRADIUS' rlm_rest asks before it says who is on which network.

Answers 200 with reply attributes for whoever is asked about, revoked and unknown people included: in post-auth
rlm_rest gives no other status a meaning, and a 404 read as "no opinion" is a port's default network. Any other
status says that the question itself was wrong, and the RADIUS server falls back to what it knew last.
"""

from datetime import datetime

from flask import Blueprint, Response, g, request
from structlog.contextvars import bind_contextvars

from access.radius_reading import Found, account_name, find
from access.radius_roles import (
    DENIED,
    LIMITED,
    Role,
    attributes,
    lacking,
    name_of,
    role_of,
    seconds_of,
)
from access.radius_tally import tally, word_for
from access.redirects import redirect
from access.tickets import ticket_for
from core.clock import now
from core.current import current_settings
from core.errors import ToolError
from core.problems import problem
from people.basic import no_credentials, not_known

SCOPE = "standing.decide"
LONGEST_NAME = 253
"""Bytes in one RADIUS attribute."""
KNOWN = {"username", "nas"}
"""`nas` is taken, since RADIUS servers like to say it, and neither used nor kept: it tells where somebody is."""

blueprint = Blueprint("radius", __name__, url_prefix="/radius/v1")


class OddQuestion(ToolError):
    """The RADIUS server's configuration is not ours; what it sent is never repeated."""

    status, code = 422, "odd_question"


class NotSetUp(ToolError):
    """The district has not said what its roles mean, so any accept would be a guess."""

    status, code = 503, "radius_not_set_up"


@blueprint.before_request
def require_gate() -> Response | None:
    """HTTP Basic by an API client with the scope; who it asks about is read along with it."""
    given = request.authorization
    if given is None or given.type != "basic" or not given.username or given.password is None:
        return no_credentials("radius")
    name = _name_asked()
    found = find(given.username, given.password, name or "")
    if found is None:
        return not_known("radius", given.username)
    if SCOPE not in found.scopes:
        return problem(403, "insufficient_scope", f"This client lacks the scope {SCOPE}.")
    g.asker, g.asked, g.found = given.username, name, found
    return None


@blueprint.route("/standing", methods=["GET", "POST"])
def standing() -> Response:
    name: str | None = g.asked
    found: Found = g.found
    if name is None:
        raise OddQuestion(
            'Send JSON like {"username": "drivera"}, with nothing else but "nas". A password has no place here.',
            field="username",
        )
    if found.roles is None or lacking(found.roles):
        raise NotSetUp("Say first what the roles of this district mean: flask radius set --help")
    at = now()
    role_name, role = role_of(name_of(found.access, found.audience), found.roles)
    person = word_for(found.district_id, name, at)
    bind_contextvars(role=role_name, person=person)
    if found.access is not None:
        tally(found.district_id, g.asker, person)
    body = attributes(
        role_name, role, seconds_of(role, found.next_change_at, at), _redirect(role_name, role, found, at)
    )
    return Response(body, mimetype="application/json")


def _redirect(role_name: str, role: Role, found: Found, at: datetime) -> dict[str, list[str]]:
    """Where their browser is sent, if the district wants it: of somebody we know with a ticket for an hour."""
    if role.redirect is None:
        return {}
    known = found.person_id is not None and role_name in (LIMITED, DENIED)
    ticket = ticket_for(found.district_id, found.person_id or 0, at) if known else None
    return redirect(role.redirect, role.redirect_acl, current_settings().public_url, found.slug, ticket)


def _name_asked() -> str | None:
    """Whom it is about; None when the question is none of ours, or says more than we want to hear."""
    said = request.args.to_dict() if request.method == "GET" else request.get_json(silent=True)
    if not isinstance(said, dict) or not said.keys() <= KNOWN:
        return None
    name = said.get("username")
    if not isinstance(name, str) or not name or len(name) > LONGEST_NAME:
        return None
    # Half a surrogate pair is text to JSON and to nobody else; it stands in no name of anybody's.
    return account_name(name.encode(errors="replace").decode())
