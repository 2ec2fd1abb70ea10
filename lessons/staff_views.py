"""The staff course page with its three paths, what changed this year, whose working day it is, and the record of it."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from completion import attestations, ledger
from completion.asked import asked_of
from completion.dates import local_day
from completion.models import Attestation
from completion.policy_texts import AGREEMENT
from completion.reading import sections
from completion.words import sentence
from core.clock import now
from core.codes import written_code
from core.current import current_settings
from core.errors import NotFound, ToolError
from core.language import written_date
from core.messages import N_
from lessons import library, progress, views
from lessons.course_page import course_page
from lessons.jobs import JOB_WORDS
from lessons.library import Course
from lessons.scope import STAFF_COURSE
from lessons.staff_choices import (
    FULL,
    REFRESHER,
    choice_of,
    choose_job,
    choose_path,
    job_on_roster,
    note_read,
    unread,
)
from lessons.staff_course import staff_page
from lessons.staff_record import may_refresh, record_in, records_of, title_of
from lessons.staff_ways import ways_for
from lessons.taking_part import STAFF_BAND, takes_part
from lessons.variables import fill_plain
from people.current import current_district
from people.models import Person, SchoolYear
from people.school_years import current_school_year, years_of
from people.sign_in import current_person, current_sign_in, require_signed_in

blueprint = Blueprint(
    "staff_course", __name__, url_prefix=f"/lessons/{STAFF_COURSE}", template_folder="templates"
)
blueprint.before_request(require_signed_in)


class NoSuchPath(ToolError):
    status, code = 409, "path_not_open"
    next_step = N_("Go back to the course page and choose one of the paths that it offers.")


class NotYet(NotFound):
    code = "no_certificate_yet"
    next_step = N_("Finish the modules of this school year. Your certificate is here then.")


@blueprint.get("")
def page() -> str:
    if not _takes_part():
        return views.course(STAFF_COURSE)
    course, person, year = library.course(STAFF_COURSE), current_person(), _year()
    records, choice = records_of(person.id, course), choice_of(person.id, year.id)
    record, path = record_in(records, year.id), choice.path if choice else None
    visits = progress.visits_of(person.id, year.id)
    rows = course_page(library.lessons_of(course), ledger.progress_of(person.id, year.id), visits).rows
    signed = [
        each
        for each, _version in attestations.signatures_of(person.id, AGREEMENT)
        if each.school_year_id == year.id
    ]
    return _render(
        "staff_course",
        course=course,
        page=staff_page(course, rows, visits, record=record, path=path),
        path=path,
        refreshable=may_refresh(records, year.id),
        news_first=path == REFRESHER and unread(course, choice),
        full_minutes=sum(ref.minutes for ref in course.lessons),
        refresher_minutes=round(course.check_minutes * len(course.lessons)),
        ways=ways_for(person, course.requirement),
        due=_due(person, course),
        signed=signed[0] if signed else None,
        certified=record is not None and record.whole,
        has_history=bool(records or signed),
        on_roster=job_on_roster(person),
        chosen_job=choice.job if choice else None,
        jobs=JOB_WORDS,
    )


@blueprint.post("/work")
def work() -> Response:
    """Whose working day the questions are about."""
    if _takes_part():
        choose_job(current_person(), _year(), request.form.get("job", ""))
    return _to("page", _anchor="work")


@blueprint.post("/path")
def path() -> Response:
    """Another path may be chosen at any time; what is credited stays so."""
    person, year, wanted = current_person(), _year(), request.form.get("path", "")
    course = library.course(STAFF_COURSE)
    if not _takes_part() or wanted not in (FULL, REFRESHER):
        raise NoSuchPath(N_("There is no such path through the course."))
    if wanted == REFRESHER and not may_refresh(records_of(person.id, course), year.id):
        raise NoSuchPath(N_("The refresher is for those who have taken the whole course in an earlier year."))
    choose_path(person, year, wanted)
    return _to("whats_new" if wanted == REFRESHER and course.whats_new else "page")


@blueprint.get("/whats-new")
def whats_new() -> str:
    course, person = library.course(STAFF_COURSE), current_person()
    if course.whats_new is None:
        raise NotFound(N_("Nothing is written about changes this year."))
    district = current_district()
    choice = choice_of(person.id, _year().id) if _takes_part() else None
    return _render(
        "whats_new",
        course=course,
        note=course.whats_new,
        changes=[
            (change, sections(fill_plain(change.text, district))[0].html)
            for change in course.whats_new.changes
        ],
        modules={ref.id: ref.title for ref in course.lessons},
        to_confirm=choice is not None and choice.path == REFRESHER and unread(course, choice),
    )


@blueprint.post("/whats-new")
def read_it() -> Response:
    """They have read what changed: the version that stood on their page, so that a newer one is shown again."""
    if _takes_part():
        note_read(current_person(), _year(), request.form.get("version", "")[:40])
    return _to("page")


@blueprint.get("/certificate")
def certificate() -> str:
    """Of this school year, or of the one named. No name stands on it: there is a line to write it by hand."""
    course, person = library.course(STAFF_COURSE), current_person()
    wanted = request.args.get("year") or _year().name
    found = [each for each in records_of(person.id, course) if each.year == wanted and each.whole]
    if not found or not _takes_part():
        raise NotYet(N_("There is no certificate for this course yet."))
    record, district = found[0], current_district()
    return _render(
        "staff_certificate",
        course=course,
        earned=record,
        year_name=record.year,
        district=district,
        day=written_date(local_day(record.completed_at, district.timezone)),
        code=written_code(record.code) if record.code else None,
        address=f"{current_settings().public_url}/public/evidence/",
        titles=[title_of(each) for each in record.credits],
    )


@blueprint.get("/history")
def history() -> str:
    """Every school year: by which path, when, in which version, and what was signed."""
    course, person = library.course(STAFF_COURSE), current_person()
    timezone = current_district().timezone
    records = {record.year: record for record in records_of(person.id, course)}
    signatures: dict[str, tuple[Attestation, str]] = {}
    names = {year.id: year.name for year in years_of(person.district_id)}
    for signature, version in attestations.signatures_of(person.id, AGREEMENT):
        signatures.setdefault(names[signature.school_year_id], (signature, version))
    return _render(
        "staff_history",
        course=course,
        years=sorted({*records, *signatures}, reverse=True),
        records=records,
        signatures=signatures,
        day=lambda at: written_date(local_day(at, timezone)),
    )


def _due(person: Person, course: Course) -> str | None:
    """The sentence that says by when, as "What is asked of me" has it."""
    for each in asked_of(person, now()):
        if each.requirement == course.requirement:
            return sentence(each, current_district().timezone)
    return None


def _takes_part() -> bool:
    return takes_part(current_sign_in().role, STAFF_BAND)


def _year() -> SchoolYear:
    return current_school_year(current_person().district_id)


def _to(page: str, **more: Any) -> Response:
    return redirect(url_for(f"staff_course.{page}", **more), 303)


def _render(name: str, **values: Any) -> str:
    return render_template(
        f"lessons/{name}.html",
        band=STAFF_BAND,
        page_name=name.replace("_", "-"),
        preview=not _takes_part(),
        **values,
    )
