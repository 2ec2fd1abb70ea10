"""Lists of people behind the figures, as a page and as a file. Each look is written down with who looked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from completion.dates import last_day_before, local_day
from core.clock import now
from core.language import written_date
from lessons import library
from oversight import words
from oversight.coverage import ORDER
from oversight.people_csv import people_csv
from oversight.people_list import PAGE, Listed, PeopleList
from oversight.places import Buildings
from oversight.reading import NoSuchBuilding, buildings
from oversight.schemas import read_wish
from oversight.sight import Sight, current_sight, require_sight
from oversight.wishes import ON_NO_ROSTER, Wish
from people.current import current_actor, current_district
from people.disclosures import disclose
from people.roster_models import JOBS
from people.school_years import current_school_year
from people.sign_in import NotForYou

blueprint = Blueprint("oversight_people", __name__, url_prefix="/completion", template_folder="templates")
blueprint.before_request(require_sight)

PORTION = 500
"""People of a file that are read at once."""


class Look:
    """One look at a list: what is asked, and how far this office sees.

    states  whether how far somebody is may be seen, or their access alone
    """

    def __init__(self, wish: Wish, sight: Sight) -> None:
        """Raises NotForYou, NoSuchBuilding."""
        self.wish = wish
        self.district = current_district()
        self.seen, self.states = _reach(wish, sight)
        self.buildings = buildings(self.district.id, self.seen)
        known = {building.id for building in self.buildings} | (
            {ON_NO_ROSTER} if self.seen is None else set()
        )
        if wish.building is not None and wish.building not in known:
            raise NoSuchBuilding("There is no such school among those you see.")
        self.list = self._list(wish)

    def _list(self, wish: Wish) -> PeopleList:
        year = current_school_year(self.district.id)
        return PeopleList(year, wish, self.seen, library.current_release().courses, now())

    def everybody(self) -> Iterator[Listed]:
        """The whole list, portion by portion."""
        after: int | None = 0
        while after is not None:
            people, after = self._list(replace(self.wish, after=after)).page(PORTION)
            yield from people

    def note(self, kind: str, how_many: int) -> None:
        """Write down who was shown how many people."""
        place = f",building:{self.wish.building}" if self.wish.building is not None else ""
        reader = current_actor()
        disclose(self.district.id, reader, kind, f"audience:{self.wish.audience}{place}", how_many)

    @property
    def building_choices(self) -> list[tuple[int, str]]:
        others = [(ON_NO_ROSTER, "On no roster")] if self.seen is None else []
        return [(building.id, building.name) for building in self.buildings] + others

    def day(self, instant: datetime) -> str:
        return written_date(last_day_before(instant, self.district.timezone))


@blueprint.get("/district/people")
def people() -> str:
    look = Look(read_wish(request.args), current_sight())
    wish = look.wish
    shown, more = look.list.page()
    total = look.list.how_many()
    look.note("people_list", len(shown))

    def address(endpoint: str = "oversight_people.people", **changes: Any) -> str:
        return url_for(endpoint, **wish.address(**changes))

    return render_template(
        "oversight/people.html",
        page_name="people",
        band="staff",
        look=look,
        wish=wish,
        shown=shown,
        more=more,
        total=total,
        sight=current_sight(),
        job_choices=[(job, words.JOBS[job]) for job in JOBS],
        grade_choices=[(grade, words.grade(grade)) for grade in ORDER],
        state_choices=[(state or "never", word) for state, (_, word) in words.STATES.items()],
        access_choices=[(access, word) for access, (_, word) in words.ACCESS.items() if access],
        page_size=PAGE,
        lesson=_title(wish.missing),
        address=address,
        words=words,
    )


@blueprint.get("/district/people.csv")
def people_file() -> Response:
    look = Look(read_wish(request.args), current_sight())
    pupils = look.wish.audience == "pupil"
    everybody = list(look.everybody())
    look.note("people_csv", len(everybody))
    text = "".join(people_csv(everybody, pupils=pupils, states=look.states, day=look.day))
    file = Response(text, mimetype="text/csv")
    day = local_day(now(), look.district.timezone).isoformat()
    file.headers["Content-Disposition"] = f'attachment; filename="{look.wish.audience}-{day}.csv"'
    return file


def _reach(wish: Wish, sight: Sight) -> tuple[Buildings, bool]:
    """(the buildings this list may show, whether with states). Raises NotForYou."""
    own = sight.pupils if wish.audience == "pupil" else sight.staff
    asks = bool(wish.state or wish.missing)
    if own is None or (own and (asks or not sight.access or wish.building in own)):
        return own, True
    if not sight.access:
        raise NotForYou("Your office does not see these people.")
    if asks:
        raise NotForYou("IT sees who has access, and not how far they are or why.")
    return None, False


def _title(lesson_id: str | None) -> str | None:
    return lesson_id and next(
        (
            ref.title
            for course in library.current_release().courses.values()
            for ref in course.lessons
            if ref.id == lesson_id
        ),
        lesson_id,
    )
