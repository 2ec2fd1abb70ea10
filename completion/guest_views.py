"""The agreement of visitors and volunteers: read and signed through a link in the LMS, for this school year."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from completion import attestations, policy_texts, requirements
from completion.attestations import NotSigned
from completion.policy_texts import ShownText
from completion.reading import sections
from completion.signing_form import signed_with
from core.messages import N_
from people.current import current_district
from people.directory import raise_audience
from people.models import Person
from people.school_years import current_school_year
from people.sign_in import NotForYou, current_person, require_signed_in

GUEST = "guest"
"""The key of the agreement, of the requirement, and the audience."""

blueprint = Blueprint("guest", __name__, url_prefix="/lessons/guest", template_folder="templates")
blueprint.before_request(require_signed_in)


class StaffSignElsewhere(NotForYou):
    code = "staff_sign_elsewhere"
    next_step = N_(
        "Members of the staff sign an agreement of their own, or take the course. Open “What is asked of me”."
    )


class PupilsSignNothing(NotForYou):
    code = "pupils_sign_nothing"
    next_step = N_("Take the lessons of your class; nothing is to be signed here.")


@blueprint.get("")
def agreement() -> str:
    person = _guest()
    shown = _shown(person)
    year = current_school_year(person.district_id)
    return _page(shown, signed=attestations.signature_under(person.id, shown, year.id))


@blueprint.post("")
def sign() -> Response | tuple[str, int]:
    """Who signs is a guest from here on, and owes it each year in which they come."""
    person = _guest()
    shown, year = _shown(person), current_school_year(person.district_id)
    try:
        signed = signed_with(person, shown, year)
    except NotSigned as problem:
        return _page(shown, problem=problem), int(problem.status)
    raise_audience(person, GUEST)
    requirements.assign(person, GUEST, year)
    return redirect(url_for("completion.signed", public_id=signed.public_id), 303)


@blueprint.get("/not-now")
def not_now() -> str:
    """No reason is asked, and nothing is recorded: a visitor owes us no explanation."""
    _guest()
    return render_template("completion/guest_not_now.html", page_name="guest-not-now", band="staff")


def _guest() -> Person:
    person = current_person()
    if person.audience == "staff":
        raise StaffSignElsewhere(N_("This agreement is for visitors and volunteers."))
    if person.audience == "pupil":
        raise PupilsSignNothing(N_("This agreement is for visitors and volunteers."))
    return person


def _shown(person: Person) -> ShownText:
    return policy_texts.current_text(current_district(), GUEST)


def _page(shown: ShownText, **more: Any) -> str:
    return render_template(
        "completion/agreement.html",
        page_name="agreement",
        band="staff",
        shown=shown,
        guest=True,
        signer=current_person().public_id,
        sections=sections(shown.body),
        typed_name=request.form.get("typed_name", ""),
        longest_name=attestations.LONGEST_NAME,
        **more,
    )
