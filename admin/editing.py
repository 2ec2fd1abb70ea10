"""Connect an LMS by hand, change what may change, withdraw it and take that back."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from admin.guard import own_platform, require_administrator
from admin.schemas import ADDRESSES, Read, read_change, read_new
from completion.dates import written_time
from core.current import current_settings
from core.errors import Refused
from lti_tool.invites import invite_address, invite_district
from lti_tool.models import Platform
from lti_tool.presets import PRESETS, Preset
from lti_tool.registering import (
    OddAddress,
    add_platform,
    change_platform,
    check_address,
    set_frame_origins,
    speaks_for_staff,
)
from lti_tool.sheets import sheet_for
from lti_tool.tool_addresses import our_addresses
from lti_tool.withdrawing import restore_platform, withdraw_platform
from people.current import current_actor, current_district

blueprint = Blueprint("admin_editing", __name__, url_prefix="/admin/platforms", template_folder="templates")
blueprint.before_request(require_administrator)


@blueprint.get("/new")
def new() -> str:
    """`?lms=` fills in what is the same for every customer of that LMS, `&base=` what follows from its address."""
    preset = PRESETS.get(request.args.get("lms", ""))
    given = _filled_in(preset, _base()) if preset else {}
    first = speaks_for_staff(current_district(), None)
    return _form(
        "admin/new.html", Read(given | ({"speaks_for_staff": "yes"} if first else {})), preset=preset
    )


def _base() -> str:
    """The LMS's own address, "" where none that could be one was given."""
    base = request.args.get("base", "").strip().rstrip("/")
    try:
        check_address(base, current_settings())
    except OddAddress:
        return ""
    return base


def _filled_in(preset: Preset, base: str) -> dict[str, str]:
    if preset.needs_base_url and not base:
        return {"name": preset.label}
    addresses = {name: value or "" for name, value in asdict(preset.addresses(base)).items()}
    return {"name": preset.label, **addresses}


@blueprint.post("/invite")
def invite() -> str:
    """The address is shown this once, on the answer itself: we keep its hash."""
    speaks = request.form.get("speaks_for_staff") == "yes"
    made, secret = invite_district(current_district(), speaks)
    url = invite_address(current_settings().public_url, secret)
    return _form("admin/invite.html", Read({}), url=url, until=made.expires_at, speaks=speaks)


@blueprint.post("/new")
def add() -> Response | tuple[str, int]:
    """Nothing that was typed is lost: with an error the same form comes back, filled."""
    read = read_new(request.form, current_settings())
    if not read.errors:
        try:
            platform = add_platform(current_district(), read.deployment_ids, current_actor(), **read.values)
            set_frame_origins(platform, read.sites, current_settings())
        except Refused:
            read.errors["client_id"] = "An LMS with this issuer and client ID is registered already."
        except OddAddress as odd:
            read.errors["frame_origins"] = odd.message
        else:
            return _to(platform, "added")
    return _form("admin/new.html", read, preset=PRESETS.get(request.args.get("lms", ""))), 400


@blueprint.get("/<int:number>/change")
def change(number: int) -> str:
    platform = own_platform(number)
    given = {
        "name": platform.name,
        **{name: getattr(platform, name) for name in ADDRESSES},
        "token_audience": platform.token_audience or "",
        "frame_origins": platform.frame_origins,
        "custom_ids_trusted": "yes" if platform.custom_ids_trusted else "",
        "speaks_for_staff": "yes" if platform.speaks_for_staff else "",
    }
    return _form("admin/change.html", Read(given), platform)


@blueprint.post("/<int:number>/change")
def keep_change(number: int) -> Response | tuple[str, int]:
    platform = own_platform(number)
    read = read_change(request.form, current_settings())
    if not read.errors:
        try:
            set_frame_origins(platform, read.sites, current_settings())
        except OddAddress as odd:
            read.errors["frame_origins"] = odd.message
        else:
            change_platform(platform, current_actor(), **read.values)
            return _to(platform, "changed")
    return _form("admin/change.html", read, platform), 400


@blueprint.post("/<int:number>/withdraw")
def withdraw(number: int) -> Response:
    platform = own_platform(number)
    withdraw_platform(platform)
    return _to(platform, "withdrawn")


@blueprint.post("/<int:number>/restore")
def restore(number: int) -> Response:
    platform = own_platform(number)
    restore_platform(platform)
    return _to(platform, "restored")


def _form(template: str, read: Read, platform: Platform | None = None, **more: Any) -> str:
    return render_template(
        template,
        page_name="admin-form",
        band="staff",
        read=read,
        platform=platform,
        ours=our_addresses(current_settings().public_url),
        presets=PRESETS.values(),
        sheet=sheet_for(more["preset"], current_settings().public_url) if more.get("preset") else None,
        time=lambda at: written_time(at, current_district().timezone),
        **more,
    )


def _to(platform: Platform, told: str) -> Response:
    place: dict[str, Any] = {"number": platform.id, "told": told}
    return redirect(url_for("admin.platform_page", **place), 303)  # type: ignore[return-value]
