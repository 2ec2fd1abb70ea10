"""The page about the district's mail: is it going out, what went wrong last, and the switch that stops it."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from completion.dates import written_time
from completion.rules import rules_of
from core.catalogs import SOURCE
from core.clock import now
from core.database import db
from core.language import speak
from people.audit import Actor
from people.models import District
from people.offices import offices_of
from people.sign_in import OPERATOR, NotForYou, current_person, current_sign_in
from reminders import mail_settings as verbs
from reminders.planning import open_now
from reminders.words import PROBLEMS

blueprint = Blueprint("reminders", __name__, url_prefix="/admin/mail", template_folder="templates")


@blueprint.before_request
def whoever_looks_after_mail() -> None:
    """Administrators of the LMS, the operator, and the office `it`; they read English, as on all set-up pages."""
    sign_in = current_sign_in()
    if sign_in.role not in ("administrator", OPERATOR) and "it" not in offices_of(sign_in):
        raise NotForYou("This page is for the people who look after the district's mail.")
    speak(SOURCE)


@blueprint.get("")
def mail() -> str:
    district, at = _district(), now()
    settings = verbs.settings_of(district)
    return render_template(
        "reminders/mail.html",
        page_name="admin-mail",
        band="staff",
        district=district,
        settings=settings,
        open_today=settings is not None and open_now(settings, district, at) is not None,
        waits=settings is not None and settings.retry_at is not None and settings.retry_at > at,
        letters=verbs.letters_of(district, at),
        quiet=rules_of(district.id, "staff").quiet,
        problems=PROBLEMS,
        time=lambda instant: written_time(instant, district.timezone),
        told=request.args.get("told"),
    )


@blueprint.post("/pause")
def pause() -> Response:
    verbs.pause(_district(), _actor())
    return _back("paused")


@blueprint.post("/resume")
def resume() -> Response:
    verbs.go_on(_district(), _actor())
    return _back("resumed")


@blueprint.post("/addresses")
def addresses() -> Response:
    verbs.try_addresses_again(_district(), _actor())
    return _back("freed")


def _district() -> District:
    return db.get_one(District, current_sign_in().district_id)


def _actor() -> Actor:
    return Actor.person(current_person().public_id)


def _back(told: str) -> Response:
    place: dict[str, Any] = {"told": told}
    return redirect(url_for("reminders.mail", **place), 303)
