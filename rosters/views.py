"""People no roster names, and imports that wait for somebody's word."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for

from completion.dates import written_time
from core.database import db
from people.current import current_actor, current_district
from people.link_codes import link_code_of
from people.models import Person
from people.sign_in import NotForYou, current_person
from rosters import linking, queue
from rosters.guard import for_district, may_approve, require_roster_office
from rosters.holding import approve, held_import, waiting
from rosters.models import QuarantinedRow, RosterImport
from rosters.reporting import in_words

blueprint = Blueprint("rosters", __name__, url_prefix="/completion", template_folder="templates")
blueprint.before_request(require_roster_office)

LONGEST_CODE = 20
MOST_QUARANTINED = 200
TOLD = {
    "linked": "Linked. What they did counts for the person of the roster within seconds.",
    "undone": "Undone. Everything is back where it was.",
    "not_ours": "Set aside. They keep what they did, and are not listed here any more.",
    "ours": "Back on the list.",
    "approved": "Approved. Run the same command with the same file again, and it goes through.",
}
QUARANTINE = {
    "two_people": "Its number, address and user name lead to two people.",
    "two_rows": "Another row leads to the same person.",
}
WHY = {
    "": "as the LMS says",
    "custom": "only a custom field of a link says so, which a course editor may have written",
    "changed": "the LMS said another before",
    "taken": "it belongs to somebody else",
    "unvouched": "their LMS says so, which does not speak for the district’s staff: ask them, or whoever knows them",
}


@blueprint.get("/unmatched")
def unmatched() -> str:
    district = current_district()
    code = request.args.get("code", "").strip()[:LONGEST_CODE]
    after = request.args.get("after", 0, type=int)
    not_ours = request.args.get("show") == "not-ours"
    visits_of = current_app.extensions["visits_of"]
    people = (
        queue.behind_code(district.id, code, visits_of)
        if code
        else queue.page(district.id, visits_of, after=max(0, min(after, 2**60)), not_ours=not_ours)
    )
    return _page(
        "unmatched",
        people=people,
        count=queue.how_many(district.id),
        code=code,
        not_ours=not_ours,
        more_after=people[-1].person.id if len(people) == queue.AT_ONCE else None,
        links=linking.links_made(district.id),
    )


@blueprint.post("/unmatched/<public_id>/names")
def names(public_id: str) -> str:
    """A form, not a link: each look is written down, and what only reads can write nothing."""
    person = queue.waiting_person(current_district().id, public_id)
    return _linking_page(person, {})


@blueprint.post("/unmatched/<public_id>/link")
def link(public_id: str) -> Response:
    person = queue.waiting_person(current_district().id, public_id)
    scheme, value = request.form.get("scheme", ""), request.form.get("value", "").strip()[:255]
    linking.link(person, scheme, value, current_person(), for_district=for_district())
    return _back("unmatched", "linked")


@blueprint.post("/unmatched/<public_id>/not-ours")
def set_aside(public_id: str) -> Response:
    queue.set_aside(queue.waiting_person(current_district().id, public_id), current_person(), current_actor())
    return _back("unmatched", "not_ours")


@blueprint.post("/unmatched/<public_id>/ours")
def take_back(public_id: str) -> Response:
    queue.take_back(queue.waiting_person(current_district().id, public_id), current_actor())
    return _back("unmatched", "ours")


@blueprint.post("/unmatched/links/<int:number>/undo")
def undo(number: int) -> Response:
    linking.unlink(
        linking.link_made(current_district().id, number), current_person(), for_district=for_district()
    )
    return _back("unmatched", "undone")


@blueprint.get("/rosters")
def imports() -> str:
    district = current_district()
    done = sa.select(RosterImport).filter_by(district_id=district.id, state="done")
    rows = sa.select(QuarantinedRow).filter_by(district_id=district.id).order_by(QuarantinedRow.id)
    return _page(
        "imports",
        held=waiting(district.id),
        may_approve=may_approve(),
        done=db.scalars(done.order_by(RosterImport.id.desc()).limit(10)).all(),
        quarantined=db.scalars(rows.limit(MOST_QUARANTINED).options(sa.orm.defer(QuarantinedRow.key))).all(),
        reasons=QUARANTINE,
        in_words=in_words,
    )


@blueprint.post("/rosters/<int:number>/approve")
def approve_import(number: int) -> Response:
    if not may_approve():
        raise NotForYou("Whether so many people have left is for personnel or the district to say.")
    approve(held_import(current_district().id, number), current_actor(), current_person().id)
    return _back("imports", "approved")


def _linking_page(person: Person, given: dict[str, str]) -> str:
    found = queue.behind_code(person.district_id, link_code_of(person), current_app.extensions["visits_of"])
    return _page(
        "linking",
        each=found[0],
        said=queue.names_said(person, current_actor()),
        schemes=linking.SCHEMES,
        why=WHY,
        given=given,
    )


def _page(name: str, **more: Any) -> str:
    district = current_district()
    return render_template(
        f"rosters/{name}.html",
        page_name=f"rosters-{name}",
        band="staff",
        district=district,
        time=lambda at: written_time(at, district.timezone),
        told=TOLD.get(request.args.get("told", "")),
        **more,
    )


def _back(page: str, told: str) -> Response:
    db.flush()
    return redirect(url_for(f"rosters.{page}", told=told), 303)  # type: ignore[return-value]
