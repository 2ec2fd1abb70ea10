"""The privacy office's page: holds, the schedule, who was given records, and the way to one person."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from completion.dates import written_time
from core.database import db
from core.errors import NotFound
from held.kinds import FIXED, KINDS
from held.schedule import set_term, terms_of
from held.wording import written_term
from people import holds
from people.audit import record
from people.current import current_actor, current_district
from people.disclosures import KINDS as DISCLOSED
from people.disclosures import PURPOSES
from people.roster_models import Building
from privacy.finding import find_person
from privacy.guard import own_person, require_privacy_office
from privacy.hold_commands import described
from privacy.listing import PAGE, disclosures, read_wish

blueprint = Blueprint("privacy", __name__, url_prefix="/completion/privacy", template_folder="templates")
blueprint.before_request(require_privacy_office)

TOLD = {
    "held": "The hold is in force. Nothing it covers is destroyed until you lift it.",
    "lifted": "The hold is lifted. What is past its term goes at the worker's next turn.",
    "term": "The schedule is changed, and the public notice with it.",
}


@blueprint.get("")
def overview() -> str:
    district = current_district()
    kind, wish = request.args.get("kind"), read_wish(request.args)
    rows = disclosures(district.id, kind, wish.before)
    return render_template(
        "privacy/overview.html",
        page_name="privacy",
        band="staff",
        district=district,
        holds=[(each, described(each)) for each in holds.holds_of(district.id)],
        buildings=db.scalars(
            sa.select(Building).filter_by(district_id=district.id).order_by(Building.name)
        ).all(),
        kinds=KINDS,
        fixed=FIXED,
        terms=terms_of(district.id),
        written_term=written_term,
        rows=rows[:PAGE],
        onward=rows[PAGE - 1].id if len(rows) > PAGE else None,
        kind=kind if kind in DISCLOSED else None,
        disclosed=DISCLOSED,
        purposes=PURPOSES,
        time=lambda at: written_time(at, district.timezone),
        told=TOLD.get(request.args.get("told", "")),
    )


@blueprint.post("/find")
def find() -> Response:
    """By an exact name; each look-up stands in the audit log."""
    scheme, value = request.form.get("scheme", ""), request.form.get("value", "")
    person = find_person(current_district(), f"{scheme}:{value.strip()}")
    record(person.district_id, current_actor(), "person_looked_up", f"person:{person.public_id}", by=scheme)
    return redirect(url_for("privacy_person.show", public_id=person.public_id), 303)


@blueprint.post("/holds")
def place_hold() -> Response:
    district = current_district()
    covers, matter = request.form.get("covers", ""), request.form.get("matter", "").strip()
    scope, _, key = covers.partition(":")
    more: dict[str, Any] = {}
    if scope == "person":
        more = {"person": own_person(key)}
    elif scope == "building":
        more = {"building": _building(district.id, key)}
    elif covers != "everybody":
        raise NotFound("Say whom the hold covers.")
    holds.place(district, matter, current_actor(), **more)
    return _back("held")


@blueprint.post("/holds/<public_id>/lift")
def lift_hold(public_id: str) -> Response:
    holds.lift(current_district().id, public_id, current_actor())
    return _back("lifted")


@blueprint.post("/retention/<kind>")
def set_retention(kind: str) -> Response:
    set_term(current_district(), kind, request.form.get("term", ""), current_actor())
    return _back("term")


def _building(district_id: int, key: str) -> Building:
    found = db.scalars(sa.select(Building).filter_by(district_id=district_id, key=key)).one_or_none()
    if found is None:
        raise NotFound("There is no such building in your district.")
    return found


def _back(told: str) -> Response:
    place: dict[str, Any] = {"told": told}
    return redirect(url_for("privacy.overview", **place), 303)
