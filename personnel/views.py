"""The personnel office's pages to read: what waits, one person found by an exact name, and their record."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, redirect, render_template, request, url_for

from completion import paper
from completion.dates import last_day_before, local_day, written_time
from completion.declining import open_declines
from completion.equivalents import COURSES
from completion.extensions import on_offer
from completion.policy_texts import AGREEMENT, editions_of
from completion.requirements import NoSuchRequirement
from completion.revocation_reviews import due_for_review, undecided, without_pupils
from completion.revocations import REVIEW
from completion.voiding import REASONS
from core.clock import now
from core.codes import written_code
from core.database import db
from core.errors import NotFound
from core.language import written_date
from people.audit import record
from people.current import current_actor, current_district
from people.directory import person_called
from people.models import Person
from people.school_years import current_school_year
from people.sign_in import current_person
from personnel import words
from personnel.guard import asked_of_audience, own_staff, require_personnel
from personnel.records import is_over, names_of, record_of
from personnel.schemas import FindSchema, read

blueprint = Blueprint("personnel", __name__, url_prefix="/completion/records", template_folder="templates")
blueprint.before_request(require_personnel)


class NobodyFound(NotFound):
    code = "nobody_found"
    next_step = "Look at the spelling. Somebody is known here after their first launch or a roster import."


@blueprint.get("/")
def overview() -> str:
    district, reader = current_district(), current_person()
    at = now()
    papers = paper.waiting(district.id)
    withdrawn = without_pupils(undecided(district.id, at) + due_for_review(district.id, at))
    declines = _declines(district.id)
    entered_by = sa.select(Person).where(Person.id.in_({each.entered_by for each, *_ in papers}))
    people = (
        [person for _, person, _ in papers] + [each.person for each in declines] + list(withdrawn.values())
    )
    people += db.scalars(entered_by).all()
    return render_template(
        "personnel/overview.html",
        page_name="records",
        band="staff",
        papers=papers,
        withdrawn=withdrawn,
        declines=declines,
        names=names_of(people),
        reader=reader,
        day=written_date,
        local=lambda instant: written_date(local_day(instant, district.timezone)),
        time=lambda instant: written_time(instant, district.timezone),
        told=words.TOLD.get(request.args.get("told", "")),
    )


@blueprint.post("/find")
def find() -> Response:
    """By an exact name and nothing less: nobody leafs through the staff here. Each look-up stands in the audit log."""
    asked = read(FindSchema(), request.form)
    district = current_district()
    person = person_called(district.id, asked["scheme"], asked["value"])
    if person is None or person.audience == "pupil":
        raise NobodyFound("Nobody of the staff is known by this name.")
    record(district.id, current_actor(), "record_looked_up", f"person:{person.public_id}", by=asked["scheme"])
    return redirect(url_for("personnel.show", person_id=person.public_id), 303)  # type: ignore[return-value]


@blueprint.get("/<person_id>")
def show(person_id: str) -> str:
    person, district, reader = own_staff(person_id), current_district(), current_person()
    found = record_of(person)
    at = now()
    due, latest = on_offer([person], asked_of_audience(person)).get(person, (None, None))
    return render_template(
        "personnel/person.html",
        page_name="record",
        band="staff",
        person=person,
        own=person.id == reader.id,
        found=found,
        name=names_of([person])[person.id],
        editions=[(each.version, each.version) for each in editions_of()],
        courses=COURSES,
        void_reasons={code: words.VOID_REASONS[code] for code in REASONS},
        exemption_reasons=words.EXEMPTION_REASONS,
        extension_reasons=words.EXTENSION_REASONS,
        revocation_reasons=words.REVOCATION_REASONS,
        conditions=words.CONDITIONS,
        due=due,
        latest=latest,
        words=words,
        today=local_day(at, district.timezone).isoformat(),
        again_on=local_day(at + REVIEW, district.timezone).isoformat(),
        due_for_review=lambda revocation: not revocation.undecided and revocation.review_due_at <= at,
        recorded_here=lambda revocation: revocation.recorded_by == current_actor().name,
        over=lambda decision: is_over(decision, at),
        day=written_date,
        local=lambda instant: written_date(local_day(instant, district.timezone)),
        last_day=lambda instant: written_date(last_day_before(instant, district.timezone)),
        time=lambda instant: written_time(instant, district.timezone),
        code=written_code,
        told=words.TOLD.get(request.args.get("told", "")),
    )


def _declines(district_id: int) -> list[Any]:
    try:
        return list(open_declines(district_id, current_school_year(district_id).id, AGREEMENT))
    except NoSuchRequirement:  # no curriculum is loaded yet
        return []
