"""Everything about one person, to read, to take along, and to destroy in two steps."""

import json
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, redirect, render_template, request, url_for

from completion.dates import written_time
from core.database import db
from core.errors import ToolError
from people.current import current_actor, current_district
from people.sign_in import current_person
from privacy.collecting import by_topic, everything_about
from privacy.erasing import certificate, erase, plan_for
from privacy.guard import NotHere, own_person, require_privacy_office
from privacy.models import Erasure

blueprint = Blueprint(
    "privacy_person", __name__, url_prefix="/completion/privacy", template_folder="templates"
)
blueprint.before_request(require_privacy_office)


class NotConfirmed(ToolError):
    status, code = 422, "not_confirmed"
    next_step = "Go back, read what would be destroyed, and tick the box."


class NotYourself(ToolError):
    status, code = 409, "not_yourself"
    next_step = "Ask a colleague of the office."


@blueprint.get("/people/<public_id>")
def show(public_id: str) -> str:
    person = own_person(public_id)
    found = everything_about(person, current_actor(), "person_page")
    return render_template(
        "privacy/person.html",
        page_name="privacy-person",
        band="staff",
        found=found,
        topics=by_topic(found["records"]),
        audience=person.audience,
    )


@blueprint.get("/people/<public_id>/export.json")
def export(public_id: str) -> Response:
    found = everything_about(own_person(public_id), current_actor(), "person_export")
    answer = Response(json.dumps(found, indent=1, ensure_ascii=False), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{public_id}.json"'
    return answer


@blueprint.get("/people/<public_id>/erase")
def look(public_id: str) -> str:
    """The first step: what would go and what would stay. Nothing is changed."""
    person = own_person(public_id)
    return render_template(
        "privacy/erase.html", page_name="privacy-erase", band="staff", person=person, plan=plan_for(person)
    )


@blueprint.post("/people/<public_id>/erase")
def destroy(public_id: str) -> Response:
    person = own_person(public_id)
    if request.form.get("sure") != "yes":
        raise NotConfirmed("Nothing was destroyed: the box was not ticked.")
    if person.id == current_person().id:
        raise NotYourself("Nobody destroys their own records.")
    made = erase(person, current_actor())
    place: dict[str, Any] = {"certificate_id": made.public_id}
    return redirect(url_for("privacy_person.certified", **place), 303)  # type: ignore[return-value]


@blueprint.get("/certificates/<certificate_id>")
def certified(certificate_id: str) -> str:
    district = current_district()
    wanted = sa.select(Erasure).filter_by(public_id=certificate_id, district_id=district.id)
    made = db.scalars(wanted).one_or_none()
    if made is None:
        raise NotHere("There is no such certificate in your district.")
    return render_template(
        "privacy/certificate.html",
        page_name="privacy-certificate",
        band="staff",
        district=district,
        made=made,
        text=json.dumps(certificate(made, district), sort_keys=True, separators=(",", ":")),
        at=written_time(made.at, district.timezone),
    )
