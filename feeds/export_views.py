"""/export/...: standings in the shapes that Cisco ISE and Aruba ClearPass read. HTTP Basic by an API client.

    GET /export/ise/v1/standings            pxGrid Direct, full URL: everybody, an array under a parent key
    GET /export/ise/v1/changes              its incremental URL: who changed in the last day, or since a number
    GET /export/clearpass/v1/standing/NAME  an HTTP authentication source: flat, and 200 for unknown names too

Neither sends a bearer token, so these take what both can send. A person's name stands in a path only because
ClearPass can do nothing else; our log has no paths.
"""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, g, jsonify, request

from access.events import stamp
from access.radius_reading import account_name, find
from access.radius_tally import tally, word_for
from core.clock import now
from core.database import db, only_reading
from core.errors import ToolError
from core.problems import problem
from feeds.listed import Listed
from feeds.people import EVERYBODY, Since, how_many, portion
from people import api_clients
from people.audit import Actor
from people.basic import no_credentials, not_known
from people.disclosures import disclose
from people.models import District

blueprint = Blueprint("feeds_export", __name__, url_prefix="/export")

READ, DECIDE = "standing.read", "standing.decide"
PARENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
LONGEST_NAME = 253
RECENT = timedelta(hours=25)
"""An hour more than the day between two calls, so that a late one misses nothing."""


class OddParameter(ToolError):
    status, code = 422, "odd_parameter"


@blueprint.before_request
def require_program() -> Response | None:
    """HTTP Basic by an API client with the scope of the page."""
    given = request.authorization
    if given is None or given.type != "basic" or not given.username or given.password is None:
        return no_credentials("export")
    client = api_clients.recognize(given.username, given.password)
    if client is None:
        return not_known("export", given.username)
    scope = DECIDE if request.endpoint == "feeds_export.clearpass" else READ
    if scope not in client.scopes.split():
        return problem(403, "insufficient_scope", f"This client lacks the scope {scope}.")
    g.export_client = client
    return None


@blueprint.get("/ise/v1/standings")
def ise() -> Response:
    return _list(_parent(), EVERYBODY)


@blueprint.get("/ise/v1/changes")
def ise_changes() -> Response:
    """ISE keeps no bookmark of ours, so without `since` it is told whatever changed in the last day."""
    since = request.args.get("since")
    if since is None:
        return _list(_parent(), Since(changed_at=now() - RECENT))
    if not re.fullmatch(r"[0-9]{1,18}", since):
        raise OddParameter("Expected the number of a change, such as 184467.", field="since")
    return _list(_parent(), Since(seq=int(since)))


@blueprint.get("/clearpass/v1/standing/<string:username>")
def clearpass(username: str) -> Response:
    """As the RADIUS endpoint finds them: by user name, then by an address the district vouches for."""
    given = request.authorization
    assert given is not None, "the guard saw it"
    name = account_name(username) if len(username) <= LONGEST_NAME else ""
    found = find(given.username or "", given.password or "", name)
    known = found is not None and found.access is not None
    if found is not None and known:
        tally(found.district_id, g.export_client.client_id, word_for(found.district_id, name, now()))
    return jsonify(
        username=username,
        known=known,
        access=found.access if found is not None and known else "unknown",
        audience=(found.audience or "unknown") if found is not None else "unknown",
        next_change_at=stamp(found.next_change_at) if found and found.next_change_at else "",
    )


def _list(parent: str, since: Since) -> Response:
    district = _district()
    people = how_many(district, since)
    disclose(district.id, Actor(f"client:{g.export_client.client_id}"), "standings", "district", people)
    return Response(_stream(parent, district, since), mimetype="application/json")


def _stream(parent: str, district: District, since: Since) -> Iterator[str]:
    """One object, in constant memory. Each portion is read by itself, so a slow reader holds no transaction open; cut
    off in the middle it is no JSON, which ISE refuses whole."""
    yield f'{{"{parent}": ['
    between = ""
    after: int | None = 0
    while after is not None:
        with only_reading():
            people, after = portion(district, since, after)
        if people:
            yield between + ",\n".join(json.dumps(_flat(each)) for each in people)
            between = ",\n"
    yield "]}\n"


def _flat(person: Listed) -> dict[str, Any]:
    """Every attribute always there and never null: a dictionary attribute that comes and goes can not be used."""
    return {
        "id": person.id,
        "sourcedId": person.sis,
        "username": person.username,
        "email": person.email,
        "audience": person.audience,
        "access": person.access,
        "state": person.state,
        "validUntil": person.valid_until.isoformat() if person.valid_until else "",
        "seq": person.seq,
    }


def _parent() -> str:
    parent = request.args.get("parent", "standings")
    if not PARENT.fullmatch(parent):
        raise OddParameter("Expected a word such as standings.", field="parent")
    return parent


def _district() -> District:
    return db.get_one(District, g.export_client.district_id)
