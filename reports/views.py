"""The public report of a frozen school year, where the district has switched it on: figures, and never a small one."""

from functools import lru_cache

import sqlalchemy as sa
from flask import Blueprint, render_template

from completion.dates import local_day
from core.database import db
from core.errors import NotFound
from core.framing import let_anybody_frame
from core.language import N_, written_date
from people.models import District, SchoolYear
from people.sign_in import anyone
from proof.coverage_tables import Line, safe_lines
from proof.holding import scene_of
from proof.kept import kept_figures, rule_of
from proof.plan import by_age
from proof.withholding import ALL

TOPICS = {
    "CIPA-OB": N_("Appropriate online behavior"),
    "CIPA-SN": N_("Social networking websites and chat rooms"),
    "CIPA-CB": N_("Cyberbullying awareness and response"),
}

NOWHERE = N_("No school known")

blueprint = Blueprint("reports", __name__, url_prefix="/public", template_folder="templates")
blueprint.before_request(anyone)
blueprint.before_request(let_anybody_frame)


class NoReport(NotFound):
    """Also where there is no such district: whether it has switched its reports on is for itself to say."""

    code = "no_report"
    next_step = N_("Ask the office of the district. It decides whether its figures are shown here.")


@blueprint.get("/<slug>/report/<year>")
def report(slug: str, year: str) -> str:
    found = db.execute(
        sa.select(District, SchoolYear)
        .join(SchoolYear, SchoolYear.district_id == District.id)
        .where(District.slug == slug, SchoolYear.name == year)
    ).one_or_none()
    scene = scene_of(found[0], found[1]) if found else None
    if scene is None or scene.freeze is None or not rule_of(scene.district.id).public_report:
        raise NoReport(N_("There is no report at this address."))
    lines = _lines(scene.freeze.sha256, scene.year.id)
    return render_template(
        "reports/report.html",
        page_name="public-report",
        band="staff",
        district=scene.district.name,
        year=scene.year.name,
        frozen_on=written_date(local_day(scene.freeze.frozen_at, scene.district.timezone)),
        topics=TOPICS,
        all_grades=ALL,
        grades=_rows(lines, whole=True),
        schools=_rows(lines, whole=False),
    )


@lru_cache(maxsize=64)
def _lines(sha256: str, year_id: int) -> tuple[Line, ...]:
    """Frozen figures never change, so what may be told of them is worked out once in each process."""
    year = db.get_one(SchoolYear, year_id)
    figures = kept_figures(scene_of(db.get_one(District, year.district_id), year))
    return tuple(line for line in safe_lines(figures or []) if line.topic in TOPICS)


def _rows(lines: tuple[Line, ...], *, whole: bool) -> list[tuple[str, str, int | None, dict[str, Line]]]:
    """[(school, grade, enrolled or None, {topic: line})] of each grade over all schools, or of each school's."""
    rows: dict[tuple[str, str], dict[str, Line]] = {}
    for line in lines:
        if (line.school_key == ALL) == whole and (whole or line.grade != ALL):
            rows.setdefault((line.school_key, line.grade), {})[line.topic] = line
    ordered = sorted(rows.items(), key=lambda each: (each[0][0], each[0][1] == ALL, by_age(each[0][1])))
    found = []
    for (_, grade), topics in ordered:
        first = next(iter(topics.values()))
        found.append((first.school if first.school_key else NOWHERE, grade, first.enrolled, topics))
    return found
