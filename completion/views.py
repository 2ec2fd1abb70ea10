"""What is asked of me; read, sign and keep the agreement."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug import Response

from completion import attestations, declining, ledger, policy_texts
from completion.asked import asked_of, signing_counts_for
from completion.attestations import NotSigned
from completion.changes import SAME, changed_sections, word_runs
from completion.class_dates import due_for
from completion.dates import last_day_before, local_day, written_time
from completion.history import LESSON, Entry, code_of, history_of
from completion.known import Shown
from completion.policy_texts import AGREEMENT, ShownText
from completion.reading import sections
from completion.record_models import Declined
from completion.signing_form import signed_with
from completion.words import KINDS, STATUS, by_when, sentence
from core.clock import now
from core.codes import written_code
from core.database import db
from core.errors import NotFound
from core.language import written_date
from core.messages import N_
from people.current import current_district
from people.link_codes import link_code_of
from people.models import District, Person, SchoolYear
from people.offices import offices_of
from people.rostered import is_unmatched
from people.school_years import current_school_year
from people.sign_in import NotForYou, current_person, current_sign_in, require_signed_in

blueprint = Blueprint("completion", __name__, url_prefix="/completion", template_folder="templates")
blueprint.before_request(require_signed_in)


class NothingSignedBefore(NotFound):
    code = "nothing_signed_before"
    next_step = N_("Open the agreement and read it as a whole.")


COURSES = {AGREEMENT: "ruc"}
"""{requirement: course}; every other requirement is named after its course, `dc-g4` after `g4`."""


@blueprint.get("/mine")
def mine() -> str:
    person = current_person()
    return render_template(
        "completion/mine.html",
        page_name="asked-of-me",
        band="3-5" if person.audience == "pupil" else "staff",
        asked=asked_of(person, now()),
        dated=_dated(person) if person.audience == "pupil" else [],
        history=history_of(person, current_app.extensions["part_title"]),
        audience=person.audience,
        is_personnel="hr" in offices_of(current_sign_in()),
        links_people=bool(offices_of(current_sign_in()) & {"hr", "it", "district"}),
        link_code=link_code_of(person) if is_unmatched(person) else None,
        written_day_of=_written_day_of(current_district().timezone),
        written_code=written_code,
        timezone=current_district().timezone,
        course_of=lambda key: COURSES.get(key, key.removeprefix("dc-")),
        agreement=AGREEMENT,
        sentence=sentence,
        status=STATUS,
        kinds=KINDS,
    )


@blueprint.get("/agreement")
def agreement() -> str:
    person = _signer()
    district = current_district()
    shown = policy_texts.current_text(district)
    year = current_school_year(person.district_id)
    return _agreement_page(shown, signed=attestations.signature_under(person.id, shown, year.id))


@blueprint.get("/agreement/changes")
def changes() -> str:
    """What is new since the text this reader signed last, word by word."""
    person = _signer()
    district = current_district()
    shown = policy_texts.current_text(district)
    before = attestations.earlier_signature(person.id, shown)
    if before is None:
        raise NothingSignedBefore(N_("You have signed no other text of this agreement."))
    signature, text = before
    found = changed_sections(text.text.removeprefix("# "), shown.text.removeprefix("# "))
    return render_template(
        "completion/changes.html",
        page_name="agreement-changes",
        band="staff",
        shown=shown,
        old=text,
        signature=signature,
        signed_on=written_date(local_day(signature.signed_at, district.timezone)),
        by=_last_day(shown, district),
        changed=[each for each in found if each.kind != SAME],
        unchanged=[each.title for each in found if each.kind == SAME and each.title],
        statement=tuple(word_runs(signature.intent, shown.intent)),
    )


@blueprint.post("/agreement")
def sign() -> Response | tuple[str, int]:
    person = _signer()
    district = current_district()
    shown = policy_texts.current_text(district)
    try:
        signed = signed_with(person, shown, signing_counts_for(person, district, AGREEMENT, now()))
    except NotSigned as problem:
        return _agreement_page(shown, problem=problem), int(problem.status)
    return redirect(url_for("completion.signed", public_id=signed.public_id), 303)


@blueprint.get("/agreement/not-now")
def not_now() -> str:
    """Not signing is no dead end and asks for no reason: it says whom to talk to and what else counts."""
    person = _signer()
    shown = policy_texts.current_text(current_district())
    said = declining.declined(person.id, shown, current_school_year(person.district_id).id)
    return _not_now_page(person, said)


@blueprint.post("/agreement/not-now")
def decline() -> Response:
    person = _signer()
    shown = policy_texts.current_text(current_district())
    declining.decline(person, shown, current_school_year(person.district_id))
    return redirect(url_for("completion.not_now"), 303)


@blueprint.get("/agreement/<public_id>")
def signed(public_id: str) -> str:
    person = current_person()
    signature, text = attestations.signature_of(person.id, public_id)
    district = current_district()
    code = code_of(signature, text)
    heading, _version, body = text.text.split("\n\n", 2)
    return render_template(
        "completion/signed.html",
        page_name="agreement-signed",
        band="staff",
        title=heading.removeprefix("# "),
        district=district,
        signature=signature,
        text=text,
        sections=sections(body),
        code=written_code(code) if code else None,
        code_link=code,
        signed_at=written_time(signature.signed_at, district.timezone),
        year=db.get(SchoolYear, signature.school_year_id),
    )


@blueprint.get("/agreement/<public_id>/text")
def signed_text(public_id: str) -> Response:
    """The very bytes that were signed, so that anybody can take their SHA-256."""
    _signature, text = attestations.signature_of(current_person().id, public_id)
    answer = Response(text.text.encode(), mimetype="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="agreement-{text.key}-{text.version}.md"'
    return answer


def _written_day_of(timezone: str) -> Callable[[Entry | Shown], str]:
    """Of paper and other courses only the day is known."""

    def written(entry: Entry | Shown) -> str:
        if entry.kind in ("paper", "equivalent"):
            return written_date(local_day(entry.shown_at, timezone))
        return written_time(entry.shown_at, timezone)

    return written


def _dated(person: Person) -> list[tuple[str, str]]:
    """(title, by when) of each lesson that has a date and is not done; what is due first comes first."""
    at, year = now(), current_school_year(person.district_id)
    done = ledger.done_parts([person.id], year.id)[person.id]
    due = sorted(due_for(person.id, year.id).items(), key=lambda each: (each[1].at, each[0]))
    title_of: Callable[[str, str], str | None] = current_app.extensions["part_title"]
    return [
        (title, by_when(each, at, current_district().timezone))
        for part, each in due
        if part not in done and (title := title_of(part.removeprefix(LESSON), ""))
    ]


def _not_now_page(person: Person, said: Declined | None) -> str:
    district = current_district()
    return render_template(
        "completion/not_now.html",
        page_name="agreement-not-now",
        band="staff",
        contact=district.variables.get("district.it_office"),
        declined_on=written_time(said.declined_at, district.timezone) if said else None,
    )


def _last_day(shown: ShownText, district: District) -> str | None:
    """The last day to sign a material change again, in words."""
    if shown.reattest_by is None:
        return None
    return written_date(last_day_before(shown.reattest_by, district.timezone))


def _agreement_page(shown: ShownText, **more: Any) -> str:
    person = current_person()
    before = attestations.earlier_signature(person.id, shown)
    return render_template(
        "completion/agreement.html",
        page_name="agreement",
        band="staff",
        shown=shown,
        signer=person.public_id,
        before=before,
        by=_last_day(shown, current_district()),
        sections=sections(shown.body),
        typed_name=request.form.get("typed_name", ""),
        longest_name=attestations.LONGEST_NAME,
        **more,
    )


def _signer() -> Person:
    person = current_person()
    if person.audience == "pupil":
        raise NotForYou(N_("This agreement is for the staff of the district."))
    return person
