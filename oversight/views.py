"""The page of a school, and that of the district."""

from datetime import date
from typing import Any

from flask import Blueprint, g, render_template, request, url_for

from completion.dates import local_day, written_time
from core.clock import now
from core.language import written_date
from lessons import library
from oversight import words
from oversight.charts import line_swatch, swatch
from oversight.coverage import COURSE, Line, in_order, total
from oversight.losing import LOOKS_AHEAD
from oversight.pictures import coverage_chart, lesson_share, staff_chart, staff_share, trend_chart
from oversight.places import Buildings
from oversight.reading import (
    StaffRow,
    buildings,
    chosen_building,
    classes_of,
    counted_at,
    days,
    district_coverage,
    grades_of,
    losses,
    staff_in,
    staff_of,
)
from oversight.schemas import read_building
from oversight.sight import NOBODY, current_sight, require_district, require_sight, sight_of
from oversight.tables import staff_table
from oversight.wishes import ON_NO_ROSTER
from people.current import current_district
from people.models import District
from people.school_years import current_school_year
from people.sign_in import OPERATOR, NotForYou, current_sign_in, signed_in

blueprint = Blueprint("oversight", __name__, url_prefix="/completion", template_folder="templates")
blueprint.before_request(require_sight)


@blueprint.get("/school")
def school() -> str:
    sight, district = current_sight(), current_district()
    if sight.schools == NOBODY:
        raise NotForYou("This page is for the offices of schools, personnel and the district.")
    year = current_school_year(district.id)
    there = buildings(district.id, sight.schools)
    building = chosen_building(there, read_building(request.args))
    if building is None:
        return _render("nothing", district, page_name="school-empty", sight=sight)
    pupils, staff = _within(sight.pupils, building.id), _within(sight.staff, building.id)
    grades = in_order(grades_of(year, building.id)) if pupils else []
    rows = staff_of(building.id) if staff else []
    return _render(
        "school",
        district,
        page_name="school",
        sight=sight,
        pupils=pupils,
        staff=staff,
        buildings=there,
        building=building,
        grades=grades,
        pupil_count=total(line.of(COURSE) for line in grades).enrolled,
        lessons=total(line.lessons for line in grades),
        courses=library.current_release().courses,
        chart=coverage_chart("grades", "Lessons taught by grade", grades, _grade_of) if grades else None,
        classes=classes_of(year, building.id) if pupils else [],
        rows=rows,
        table=staff_table(rows, by=lambda row: row.job),
        job_filter=lambda job: {"building": building.id, "job": job or None},
        staff_chart=staff_chart("staff", "Staff by job", rows, _job_of, by_access=False) if rows else None,
        losses=losses(district.id, _today(district), building.id) if staff else [],
    )


@blueprint.get("/district")
def whole_district() -> str:
    sight, district = require_district(), current_district()
    year = current_school_year(district.id)
    there = buildings(district.id, None)
    names = {building.id: building.name for building in there}
    pupils, states = sight.pupils is None, sight.staff is None
    grades, schools = district_coverage(year) if pupils else ([], [])
    grades, schools = in_order(grades), sorted(schools, key=lambda line: _sorted_name(names, line.key))
    whole, placed = staff_in(district.id)
    placed.sort(key=lambda row: _sorted_name(names, row.building_id))
    first = local_day(year.starts_at, district.timezone)
    today = _today(district)
    trend = days(district, first, today) if states else []
    return _render(
        "district",
        district,
        page_name="district",
        sight=sight,
        pupils=pupils,
        states=states,
        buildings=there,
        name=lambda key: _name(names, key),
        building_filter=lambda key: {"building": key or ON_NO_ROSTER},
        of_topic=lambda topic: total(line.of(topic) for line in grades),
        grades=grades,
        schools=schools,
        everybody=total(line.of(COURSE) for line in grades).enrolled,
        lessons=total(line.lessons for line in grades),
        chart=coverage_chart(
            "schools", "Lessons taught by school", schools, lambda line: _name(names, line.key)
        )
        if schools
        else None,
        rows=whole,
        by_job=staff_table(whole, by=lambda row: row.job),
        job_filter=lambda job: {"job": job or None},
        by_building=staff_table(placed, by=lambda row: row.building_id),
        staff_chart=staff_chart(
            "staff",
            "Staff by building",
            placed,
            lambda row: _name(names, row.building_id),
            by_access=not states,
        )
        if placed
        else None,
        losses=losses(district.id, today),
        trend=trend,
        trend_chart=trend_chart("trend", "The year so far", trend, first, today, pupils=pupils)
        if trend
        else None,
    )


@blueprint.app_context_processor
def entrances() -> dict[str, Any]:
    """`office_pages()`: {name: address} of the pages that the offices of this tab open, `school`, `district` and
    `privacy`.

    A function, so that only pages that show them ask.
    """

    def office_pages() -> dict[str, str]:
        if not signed_in():
            return {}
        sight = g.get("sight") or sight_of(current_sign_in())
        pages = {}
        if sight.schools:
            pages["school"] = url_for("oversight.school")
        if sight.district:
            pages["district"] = url_for("oversight.whole_district")
        if sight.privacy and current_sign_in().role != OPERATOR:
            pages["privacy"] = url_for("privacy.overview")
        return pages

    return {"office_pages": office_pages}


def _render(template: str, district: District, **values: Any) -> str:
    at = counted_at(district.id)
    return render_template(
        f"oversight/{template}.html",
        band="staff",
        district=district,
        as_of=written_time(at, district.timezone) if at else None,
        words=words,
        days_ahead=LOOKS_AHEAD.days,
        written=written_date,
        job=lambda job: words.JOBS.get(job, job),
        swatch=swatch,
        line_swatch=line_swatch,
        staff_share=staff_share,
        lesson_share=lesson_share,
        **values,
    )


def _today(district: District) -> date:
    return local_day(now(), district.timezone)


def _within(seen: Buildings, building_id: int) -> bool:
    return seen is None or building_id in seen


def _grade_of(line: Line) -> str:
    return words.grade(str(line.key))


def _job_of(row: StaffRow) -> str:
    return words.JOBS.get(row.job, row.job)


def _name(names: dict[int, str], building_id: str | int | None) -> str:
    return names.get(building_id, "On no roster") if isinstance(building_id, int) else "On no roster"


def _sorted_name(names: dict[int, str], building_id: str | int | None) -> tuple[bool, str]:
    """By name, and who is at none last."""
    return (building_id is None, _name(names, building_id))
