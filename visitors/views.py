"""/public/<district>/visit: a visitor types the front office's code, reads, signs, and has a copy. No account.

For the small browser of a captive portal too: no cookie, no script. The copy is reached by a ticket for half an hour,
since a tablet at the desk is passed on; after that the check code remains.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from completion import attestations
from completion.attestations import NotSigned
from completion.dates import last_day_before, written_time
from completion.history import code_of
from completion.models import Attestation, PolicyText
from completion.policy_texts import ShownText
from completion.reading import sections
from core.clock import now
from core.codes import read_code, written_code
from core.database import db
from core.errors import ToolError
from core.language import language, speak_as_asked, written_date
from core.messages import N_
from core.pace import Pace
from core.sealed import NoTicket, make_ticket, new_secret, read_ticket
from people.districts import district_at
from people.models import District
from people.roster_models import Building
from people.sign_in import anyone
from visitors import codes, signing
from visitors.codes import LENGTH, NoSuchCode
from visitors.models import Visit, VisitCode
from visitors.texts import agreement_in

blueprint = Blueprint("visitors", __name__, url_prefix="/public", template_folder="templates")
blueprint.before_request(anyone)

WRONG = Pace(60)
"""Wrong codes of a district in a minute; after that nobody's code is looked at until the minute is over."""
COPY = "visit-copy"
COPY_LASTS = timedelta(minutes=30)
LONGEST_FORM = 64


class TooManyTries(ToolError):
    status, code = 429, "too_many_tries"
    next_step = N_("Wait a minute and try again, or sign on paper at the front office.")


class CopyOver(ToolError):
    """Also for what never was a link to a copy."""

    status, code = 410, "copy_over"
    next_step = N_(
        "Your signature is kept. Check it with the code on your copy, or ask the front office where you signed."
    )


@blueprint.get("/<slug>/visit")
def enter(slug: str) -> str | Response:
    district = _district(slug)
    typed = request.args.get("code", "")[: codes.LONGEST_TYPED]
    if typed:
        code = read_code(typed, LENGTH) or "unreadable"
        return redirect(
            url_for("visitors.agreement", slug=slug, code=code, lang=request.args.get("lang")), 303
        )
    return _render("enter", district, page_name="visit", longest=codes.LONGEST_TYPED)


@blueprint.get("/<slug>/visit/<code>")
def agreement(slug: str, code: str) -> str:
    district = _district(slug)
    opened = _opened(district, code)
    codes.check_open(opened)
    return _agreement_page(district, opened, agreement_in(district, language()))


@blueprint.post("/<slug>/visit/<code>")
def sign(slug: str, code: str) -> Response | tuple[str, int]:
    district = _district(slug)
    opened = _opened(district, code, to_sign=True)
    shown = agreement_in(district, language())
    try:
        visit = signing.sign(
            opened,
            shown,
            form=request.form.get("form", "")[:LONGEST_FORM] or new_secret(),
            text_sha256=request.form.get("text_sha256", ""),
            agreed=request.form.get("agree") == "yes",
            typed_name=request.form.get("typed_name", ""),
        )
    except NotSigned as problem:
        db.rollback()
        district = _district(slug)
        return _agreement_page(district, _opened(district, code), shown, problem=problem), int(problem.status)
    ticket = make_ticket(COPY, f"{district.id}:{visit.id}", now())
    return redirect(url_for("visitors.copy", slug=slug, ticket=ticket, lang=language()), 303)


@blueprint.get("/<slug>/visit/copy/<ticket>")
def copy(slug: str, ticket: str) -> str:
    district = _district(slug)
    visit, signature, text = _copied(district, ticket)
    code = code_of(signature, text)
    heading, _version, body = text.text.split("\n\n", 2)
    return _render(
        "copy",
        district,
        page_name="visit-copy",
        title=heading.removeprefix("# "),
        signature=signature,
        text=text,
        sections=sections(body),
        code=written_code(code) if code else None,
        code_link=code,
        building=db.get_one(Building, visit.building_id).name,
        signed_at=written_time(signature.signed_at, district.timezone),
        until=written_date(last_day_before(visit.valid_until, district.timezone)),
        ticket=ticket,
    )


@blueprint.get("/<slug>/visit/copy/<ticket>/text")
def copied_text(slug: str, ticket: str) -> Response:
    """The very bytes that were signed, so that anybody can take their SHA-256."""
    _visit, _signature, text = _copied(_district(slug), ticket)
    answer = Response(text.text.encode(), mimetype="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="agreement-{text.key}-{text.version}-{text.lang}.md"'
    )
    return answer


def _district(slug: str) -> District:
    speak_as_asked()
    return district_at(slug)


def _opened(district: District, typed: str, *, to_sign: bool = False) -> VisitCode:
    """Raises TooManyTries, NoSuchCode."""
    if seconds := WRONG.full(str(district.id)):
        raise TooManyTries(N_("Too many wrong codes were typed just now."), retry_after=seconds)
    try:
        return codes.opened_by(district, typed, to_sign=to_sign)
    except NoSuchCode:
        WRONG.wait(str(district.id))
        raise


def _copied(district: District, ticket: str) -> tuple[Visit, Attestation, PolicyText]:
    """Raises CopyOver."""
    try:
        text, made_at = read_ticket(COPY, ticket)
    except NoTicket:
        text, made_at = "", now() - COPY_LASTS
    of, _, number = text.partition(":")
    row = None
    if of == str(district.id) and made_at <= now() < made_at + COPY_LASTS:
        row = db.execute(
            sa.select(Visit, Attestation, PolicyText)
            .join(Attestation, Attestation.id == Visit.attestation_id)
            .join(PolicyText, PolicyText.id == Attestation.policy_text_id)
            .where(Visit.id == int(number), Visit.district_id == district.id)
        ).one_or_none()
    if row is None:
        raise CopyOver(N_("This copy is shown for half an hour only."))
    return row[0], row[1], row[2]


def _agreement_page(district: District, code: VisitCode, shown: ShownText, **more: Any) -> str:
    return _render(
        "agreement",
        district,
        page_name="visit-agreement",
        code=code,
        written=codes.written(code),
        building=db.get_one(Building, code.building_id).name,
        shown=shown,
        sections=sections(shown.body),
        form=request.form.get("form", "")[:LONGEST_FORM] or new_secret(16),
        typed_name=request.form.get("typed_name", ""),
        longest_name=attestations.LONGEST_NAME,
        **more,
    )


def _render(name: str, district: District, **more: Any) -> str:
    return render_template(f"visitors/{name}.html", band="staff", district=district, **more)
