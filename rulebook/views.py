"""/completion/rules: what is asked of whom, in the district and at each building, to read and to change.

A change goes through one address by steps: the form is sent, what it would do is shown, and then it is kept. What was
typed travels along, so that every step leads back to the form as it was.
"""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from completion.dates import written_time
from completion.rule_changes import ChangedMeanwhile, change_rules
from completion.rule_reach import reach_of
from completion.rules import Said, may_say, said_by
from core.clock import now
from core.database import db, read_from_here
from core.language import written_day
from people.current import current_actor, current_district
from people.models import District
from people.roster_models import Building
from rulebook import words
from rulebook.guard import (
    audience_asked_for,
    building_asked_for,
    buildings_in_sight,
    current_sight,
    require_rulebook,
    require_to_change,
)
from rulebook.history import as_before, changes_made, entry_numbered, last_change
from rulebook.reading import differences, lines_of, sentence
from rulebook.review import from_when, warnings, whom
from rulebook.schemas import Read, filled_in, read_rules, spans_in
from rulebook.year_days import day_of, first_day, present_days

blueprint = Blueprint("rulebook", __name__, url_prefix="/completion/rules", template_folder="templates")
blueprint.before_request(require_rulebook)

Answer = str | Response | tuple[str, int]


@blueprint.get("")
def overview() -> str:
    district, sight = current_district(), current_sight()
    there, year = buildings_in_sight(), present_days(district)
    said = {audience: said_by(district.id, audience) for audience in sight.audiences}
    return _render(
        "overview",
        page_name="rules",
        sight=sight,
        buildings=there,
        said=said,
        lines=lambda said, audience, at=None: lines_of(said, audience, at, year),
        differing={
            audience: [each for each in there if said[audience].buildings.get(each.id)] for audience in said
        },
        year_start=written_day(first_day(district)),
        history=changes_made(district) if sight.may_change else [],
        written_start=lambda text: written_day(day_of(text)),
        told=words.TOLD.get(request.args.get("told", "")),
    )


@blueprint.get("/<audience>")
def form(audience: str) -> str:
    """`?back=` is the number of a change in the audit log: filled in as it was before."""
    require_to_change()
    place = _Place(audience)
    back = request.args.get("back")
    if not back:
        return place.form(Read(filled_in(place.said, place.audience, place.number)))
    entry = entry_numbered(place.district, back, place.audience, place.building)
    given = filled_in(as_before(entry, place.said, place.number), place.audience, place.number)
    if entry.detail.get("dates_moved"):
        given["present_too"] = "yes"
    return place.form(Read(given), set_back=True)


@blueprint.post("/<audience>")
def change(audience: str) -> Answer:
    require_to_change()
    place = _Place(audience)
    read = read_rules(request.form, place.audience, place.said, place.number)
    step = request.form.get("step", "review")
    # What was read stays what was read until they are told that it changed.
    place.seen = request.form.get("seen", "")
    if read.errors:
        return place.form(read), 422
    if step == "edit":
        return place.form(read)
    after = place.said.after(read.changes, place.number, read.left_open)
    changed = differences(place.said, after, place.audience, place.number)
    if not changed and not read.present_too:
        return _kept(place) if step == "keep" else place.form(read, nothing=True)
    if place.seen != place.said.version(place.number):
        return _Place(audience).form(read, meanwhile=True), 409
    if step == "keep":
        return _keep(place, read)
    return _review(place, read, after)


def _keep(place: "_Place", read: Read) -> Answer:
    try:
        change_rules(
            place.district,
            place.audience,
            read.changes,
            current_actor(),
            building=place.building,
            district_decides=read.left_open,
            present_too=read.present_too,
            expected=place.seen,
        )
    except ChangedMeanwhile:
        return _Place(place.audience).form(read, meanwhile=True), 409
    return _kept(place)


def _kept(place: "_Place") -> Response:
    db.flush()
    return redirect(url_for("rulebook.overview", told="kept", _anchor=place.audience), 303)


def _review(place: "_Place", read: Read, after: Said) -> str:
    read_from_here()  # looking at some thousand people takes seconds
    changed = differences(place.said, after, place.audience, place.number, present_days(place.district))
    reach = reach_of(
        place.district,
        place.audience,
        now(),
        before=place.said,
        after=after,
        building=place.number,
        present_too=read.present_too,
    )
    if not changed and not reach.dates:
        return place.form(read, nothing=True)
    return place.render(
        "review",
        page_name="rules-review",
        given=read.given,
        changed=changed,
        warnings=warnings(reach.turned),
        whom=whom(
            reach,
            place.audience,
            building=place.building is not None,
            rules=bool(changed),
            present_too=read.present_too,
        ),
        from_when=from_when([each.name for each in changed], present_too=read.present_too),
    )


class _Place:
    """Whom the address means: an audience, in the district or at one building; and what is said of them now."""

    def __init__(self, audience: str) -> None:
        self.audience = audience_asked_for(audience)
        self.district = current_district()
        self.building = building_asked_for(request.args.get("building"))
        self.number = self.building.id if self.building else None
        self.said = said_by(self.district.id, self.audience)
        self.seen = self.said.version(self.number)

    def form(
        self, read: Read, *, meanwhile: bool = False, nothing: bool = False, set_back: bool = False
    ) -> str:
        lines = lines_of(self.said, self.audience, self.number)
        return self.render(
            "form",
            page_name="rules-form",
            read=read,
            names=may_say(self.audience, self.building is not None),
            spans=spans_in(read.given),
            meanwhile=meanwhile,
            last_change=last_change(self.district, self.audience, self.building) if meanwhile else None,
            nothing=nothing,
            set_back=set_back,
            now={each.name: sentence(each, self.building) for each in lines} if meanwhile or set_back else {},
            of_the_district={each.name: each.words for each in lines_of(self.said, self.audience)},
            days_of_the_district=filled_in(self.said, self.audience, None),
        )

    def render(self, template: str, **more: Any) -> str:
        return _render(
            template,
            audience=self.audience,
            building=self.building,
            seen=self.seen,
            where=_where(self.district, self.building),
            **more,
        )


def _where(district: District, building: Building | None) -> str:
    return building.name if building else district.name


def _render(template: str, **more: Any) -> str:
    district = current_district()
    return render_template(
        f"rulebook/{template}.html",
        band="staff",
        district=district,
        words=words,
        time=lambda instant: written_time(instant, district.timezone),
        **more,
    )
