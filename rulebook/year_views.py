"""/completion/rules/year: the first day of the school year."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from completion.rule_changes import ChangedMeanwhile, move_year_start
from core.language import written_date, written_day
from people.current import current_actor, current_district
from rulebook.guard import require_rulebook, require_to_change
from rulebook.history import entry_numbered
from rulebook.schemas import read_start
from rulebook.year_days import MONTHS, day_of, first_day, years_to_come

blueprint = Blueprint(
    "rulebook_year", __name__, url_prefix="/completion/rules/year", template_folder="templates"
)
blueprint.before_request(require_rulebook)


@blueprint.get("")
def form() -> str:
    require_to_change()
    day = first_day(current_district())
    if "back" in request.args:
        day = day_of(entry_numbered(current_district(), request.args["back"]).detail["before"])
    return _form({"month": str(day.month), "day": str(day.day)}, {})


@blueprint.post("")
def change() -> str | Response | tuple[str, int]:
    require_to_change()
    given = {name: request.form.get(name, "").strip()[:5] for name in ("month", "day")}
    start, errors = read_start(given)
    step = request.form.get("step", "review")
    if start is None:
        return _form(given, errors), 422
    if step == "edit":
        return _form(given, {})
    district = current_district()
    now = district.year_starts_month, district.year_starts_day
    if start == now:
        return _kept() if step == "keep" else _form(given, {}, nothing=True)
    if step != "keep" and request.form.get("seen") == _seen():
        return _review(given, start)
    try:
        if request.form.get("seen") != _seen():
            raise ChangedMeanwhile("The first day of the school year was moved since it was read.")
        move_year_start(district, *start, current_actor(), expected=now)
    except ChangedMeanwhile:
        return _form(given, {}, meanwhile=True), 409
    return _kept()


def _review(given: dict[str, str], start: tuple[int, int]) -> str:
    new = written_day(day_of("{:02d}-{:02d}".format(*start)))
    years = years_to_come(current_district(), start)
    return _render("year_review", given=given, new=new, years=years, seen=_seen())


def _form(
    given: dict[str, str], errors: dict[str, str], *, meanwhile: bool = False, nothing: bool = False
) -> str:
    # What was read stays what was read until they are told that it changed.
    seen = _seen() if meanwhile else request.form.get("seen", _seen())
    return _render(
        "year", given=given, errors=errors, meanwhile=meanwhile, nothing=nothing, months=MONTHS, seen=seen
    )


def _seen() -> str:
    district = current_district()
    return f"{district.year_starts_month}-{district.year_starts_day}"


def _kept() -> Response:
    return redirect(url_for("rulebook.overview", told="year", _anchor="year"), 303)


def _render(template: str, **more: object) -> str:
    return render_template(
        f"rulebook/{template}.html",
        page_name="rules-year",
        band="staff",
        district=current_district(),
        present=written_day(first_day(current_district())),
        written=written_date,
        **more,
    )
