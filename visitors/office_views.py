"""/completion/visitors: the front office makes a code, sees who signed today, voids, and links to somebody known."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from completion.dates import last_day_before, local_day, written_time
from core.clock import now
from core.codes import written_code
from core.current import current_settings
from core.database import db
from core.errors import NotFound
from core.language import written_date
from people.current import current_actor, current_district
from people.disclosures import disclose
from people.roster_models import Building
from people.sign_in import current_person
from visitors import codes, desk
from visitors.models import VisitCode
from visitors.office_guard import (
    address_to_type,
    day_asked,
    may_link,
    own_buildings,
    require_desk,
)
from visitors.signing import days_of

blueprint = Blueprint(
    "visitors_desk", __name__, url_prefix="/completion/visitors", template_folder="templates"
)
blueprint.before_request(require_desk)

LONGEST_NAME = 255
TOLD = {
    "withdrawn": "Withdrawn. Nobody signs with this code any more; what was signed stays.",
    "voided": "Voided. The record stays, and it counts for nothing.",
    "linked": "Linked. It counts for this guest within seconds. To undo it, open the page of unmatched people.",
}


@blueprint.get("")
def overview() -> str:
    district = current_district()
    there = desk.buildings_at(district, own_buildings())
    building = _chosen(there, request.args.get("building", type=int))
    day = day_asked(request.args.get("day", ""), district)
    signed = desk.signed_on(building, day, district.timezone) if building else []
    if building:
        disclose(
            district.id,
            current_actor(),
            "visitors_list",
            f"building:{building.key}",
            len(signed),
        )
    return _render(
        "desk",
        page_name="visitors",
        buildings=there,
        building=building,
        codes=codes.open_codes(building, now()) if building else [],
        day=day,
        today=local_day(now(), district.timezone),
        signed=signed,
        days=days_of(district.id),
        may_link=may_link(),
        schemes=desk.SCHEMES,
        reasons=desk.VOID_REASONS,
        told=TOLD.get(request.args.get("told", "")),
    )


@blueprint.post("/codes")
def make_code() -> Response:
    there = desk.buildings_at(current_district(), own_buildings())
    building = next((each for each in there if each.id == request.form.get("building", type=int)), None)
    if building is None:
        raise NotFound("There is no such building at your desk.")
    most = codes.MANY if request.form.get("for") == "many" else codes.ONE
    made = codes.make(building, most, current_person())
    return redirect(url_for("visitors_desk.show_code", public_id=made.public_id), 303)


@blueprint.get("/codes/<public_id>")
def show_code(public_id: str) -> str:
    """To turn round to the visitor, or to print."""
    code = _own_code(public_id)
    return _render(
        "code",
        page_name="visitor-code",
        code=code,
        over=code.withdrawn_at is not None or code.closes_at <= now() or code.used >= code.most,
        building=db.get_one(Building, code.building_id),
        address=address_to_type(current_settings().public_url, current_district().slug),
    )


@blueprint.post("/codes/<public_id>/withdraw")
def withdraw_code(public_id: str) -> Response:
    code = _own_code(public_id)
    codes.withdraw(code, current_person())
    return _back("withdrawn", code.building_id)


@blueprint.post("/<signature_id>/void")
def void(signature_id: str) -> Response:
    signed = desk.signed_visit(current_district().id, own_buildings(), signature_id)
    desk.void(signed, current_person(), request.form.get("reason", ""))
    return _back("voided", signed.visit.building_id)


@blueprint.post("/<signature_id>/link")
def link(signature_id: str) -> Response:
    if not may_link():
        raise NotFound("Linking is for the personnel office and the district.")
    signed = desk.signed_visit(current_district().id, own_buildings(), signature_id)
    scheme, value = request.form.get("scheme", ""), request.form.get("value", "").strip()[:LONGEST_NAME]
    desk.link(signed, scheme, value, current_person())
    return _back("linked", signed.visit.building_id)


def _own_code(public_id: str) -> VisitCode:
    return codes.code_called(current_district().id, own_buildings(), public_id)


def _chosen(there: list[Building], number: int | None) -> Building | None:
    return next((each for each in there if each.id == number), there[0] if there else None)


def _render(name: str, **more: Any) -> str:
    district = current_district()
    return render_template(
        f"visitors/{name}.html",
        band="staff",
        district=district,
        written=codes.written,
        check_code=written_code,
        time=lambda instant: written_time(instant, district.timezone),
        last_day=lambda instant: written_date(last_day_before(instant, district.timezone)),
        date=written_date,
        **more,
    )


def _back(told: str, building_id: int) -> Response:
    db.flush()
    return redirect(url_for("visitors_desk.overview", building=building_id, told=told), 303)
