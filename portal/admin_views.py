"""IT's page about the page for people held back: the button, the help desk's words, and each building's address."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from access.redirects import page_for
from core.current import current_settings
from core.database import db
from core.errors import NotFound
from people.current import current_actor, current_district
from people.office_doors import require_office
from people.roster_models import Building
from people.sign_in import current_sign_in
from portal import setting_up
from portal.captive_views import address_of
from portal.hosts import hosts_of
from portal.setting_up import FIELDS, LONGEST, OddSetting

blueprint = Blueprint("portal_admin", __name__, url_prefix="/admin/portal", template_folder="templates")

TOLD = {
    "kept": "Kept. The page says so from now on.",
    "given": "The building has an address. Put it into DHCP option 114 of its walled garden.",
    "withdrawn": "Withdrawn. The address answers no more.",
}


blueprint.before_request(
    require_office(
        "it",
        words="This page is for the people who look after the district's network.",
        roles=("administrator",),
        operator=True,
    )
)


@blueprint.get("")
def overview() -> str:
    said = setting_up.settings_of(current_district())
    return _page({name: getattr(said, name) or "" for name in FIELDS})


@blueprint.post("")
def keep() -> Response | tuple[str, int]:
    """Nothing that was typed is lost: with an error the same form comes back, filled."""
    given = {name: request.form.get(name, "") for name in FIELDS}
    try:
        setting_up.set_portal(current_district(), given, current_actor(), current_settings())
    except OddSetting as odd:
        db.rollback()
        return _page(given, odd), 422
    return _back("kept")


@blueprint.post("/sites/<int:number>")
def give(number: int) -> Response:
    setting_up.give_site(_building(number), current_actor())
    return _back("given")


@blueprint.post("/sites/<int:number>/withdraw")
def withdraw(number: int) -> Response:
    setting_up.withdraw_site(_building(number), current_actor())
    return _back("withdrawn")


def _page(given: dict[str, str], odd: OddSetting | None = None) -> str:
    district, public_url = current_district(), current_settings().public_url
    return render_template(
        "portal/admin.html",
        page_name="admin-portal",
        band="staff",
        district=district,
        given=given,
        odd=odd,
        longest=LONGEST,
        page=page_for(public_url, district.slug),
        sites=[
            (building, address_of(public_url, token) if token else None)
            for building, token in setting_up.sites_of(district)
        ],
        hosts=hosts_of(district, setting_up.settings_of(district), public_url),
        told=TOLD.get(request.args.get("told", "")),
    )


def _building(number: int) -> Building:
    wanted = sa.select(Building).filter_by(id=number, district_id=current_sign_in().district_id)
    found = db.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound("There is no such building in your district.")
    return found


def _back(told: str) -> Response:
    place: dict[str, Any] = {"told": told}
    return redirect(url_for("portal_admin.overview", **place), 303)
