"""The page about the district's mail: is it going out, what went wrong last, and the switch that stops it."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from completion.dates import written_time
from completion.rules import rules_of
from core.clock import now
from people.current import current_actor, current_district
from people.office_doors import require_office
from reminders import mail_settings as verbs
from reminders.planning import open_now
from reminders.words import PROBLEMS

blueprint = Blueprint("reminders", __name__, url_prefix="/admin/mail", template_folder="templates")


blueprint.before_request(
    require_office(
        "it",
        words="This page is for the people who look after the district's mail.",
        roles=("administrator",),
        operator=True,
    )
)


@blueprint.get("")
def mail() -> str:
    district, at = current_district(), now()
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
    verbs.pause(current_district(), current_actor())
    return _back("paused")


@blueprint.post("/resume")
def resume() -> Response:
    verbs.go_on(current_district(), current_actor())
    return _back("resumed")


@blueprint.post("/addresses")
def addresses() -> Response:
    verbs.try_addresses_again(current_district(), current_actor())
    return _back("freed")


def _back(told: str) -> Response:
    place: dict[str, Any] = {"told": told}
    return redirect(url_for("reminders.mail", **place), 303)
