"""Who is behind the figures: a page of people by what they are filtered by, in a constant number of queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from access.models import Standing
from completion.models import Progress
from core.database import db
from lessons.library import Course
from oversight.places import STAFF_REQUIREMENT, Buildings, never_on_a_roster, on_roster
from oversight.wishes import ON_NO_ROSTER, Wish
from people.directory import KNOWN_BY, identities_of, known_as
from people.models import Enrollment, Person, SchoolYear
from people.roster_models import Building, RosterInterval

PAGE = 50


@dataclass(frozen=True)
class Listed:
    """One person of a list. No name: there is none at rest but for the teacher's page.

    ids      {scheme: value}, as IT and personnel know them
    place    names of their buildings; words  their jobs or grades there, by the roster
    lessons  of their grade done this year; None for staff
    """

    person_id: int
    public_id: str
    ids: dict[str, str]
    place: tuple[str, ...]
    words: tuple[str, ...]
    state: str
    access: str
    due_at: datetime | None
    changes_at: datetime | None
    lessons: int | None

    @property
    def known_as(self) -> str:
        return known_as(self.ids, self.public_id)


class PeopleList:
    """The people of one district that a wish asks for, as far as `seen` reaches.

    seen  the buildings whose people may be listed; None is the whole district, with those on no roster
    """

    def __init__(
        self, year: SchoolYear, wish: Wish, seen: Buildings, courses: dict[str, Course], at: datetime
    ) -> None:
        self.year, self.wish, self.seen, self.courses, self.at = year, wish, seen, courses, at

    def how_many(self) -> int:
        return db.scalar(sa.select(sa.func.count()).select_from(self._found().subquery())) or 0

    def page(self, size: int = PAGE) -> tuple[list[Listed], int | None]:
        """(people in the order of their numbers, the number to go on after or None at the end)"""
        wanted = self._found().order_by(Person.id).limit(size + 1)
        if self.wish.after is not None:
            wanted = wanted.where(Person.id > self.wish.after)
        rows = db.execute(wanted).all()
        more = rows[size - 1].id if len(rows) > size else None
        return self._listed(rows[:size]), more

    def _found(self) -> sa.Select[*tuple[Any, ...]]:
        return (
            sa.select(
                Person.id,
                Person.public_id,
                Standing.state,
                Standing.access,
                Standing.due_at,
                Standing.next_change_at,
            )
            .outerjoin(Standing, self._standing())
            .where(Person.district_id == self.year.district_id, self._here(), *self._fits())
        )

    def _standing(self) -> sa.ColumnElement[bool]:
        """Under what is asked of the staff; of pupils, under the newest course asked of them."""
        if self.wish.audience == "staff":
            return sa.and_(Standing.person_id == Person.id, Standing.requirement == STAFF_REQUIREMENT)
        other = aliased(Standing)
        newest = (
            sa.select(sa.func.max(other.id))
            .where(other.person_id == Person.id, other.audience == "pupil")
            .correlate(Person)
            .scalar_subquery()
        )
        return Standing.id == newest

    def _here(self) -> sa.ColumnElement[bool]:
        wish = self.wish
        held = [RosterInterval.person_id == Person.id, *on_roster(wish.audience, self.at)]
        if self.seen is not None:
            held.append(RosterInterval.building_id.in_(self.seen))
        if wish.building:
            held.append(RosterInterval.building_id == wish.building)
        if wish.job:
            held.append(RosterInterval.job == wish.job)
        if self._grade():
            held.append(RosterInterval.grade == self._grade())
        rostered = sa.select(RosterInterval.id).where(*held).exists()
        unknown = sa.and_(Person.audience == wish.audience, never_on_a_roster(Person.id))
        if wish.audience == "pupil":
            seat = sa.select(Enrollment.id).where(
                Enrollment.person_id == Person.id, Enrollment.role == "learner", Enrollment.left_at.is_(None)
            )
            unknown = sa.and_(unknown, seat.exists())
        if self.seen is not None or wish.job or self._grade():
            return sa.and_(rostered, sa.false()) if wish.building == ON_NO_ROSTER else rostered
        if wish.building == ON_NO_ROSTER:
            return unknown
        return rostered if wish.building else sa.or_(rostered, unknown)

    def _grade(self) -> str | None:
        """Asked for, or told by the lesson that is missing."""
        if self.wish.grade:
            return self.wish.grade
        return next(
            (
                grade
                for grade, course in self.courses.items()
                if any(ref.id == self.wish.missing for ref in course.lessons)
            ),
            None,
        )

    def _fits(self) -> list[sa.ColumnElement[bool]]:
        wish = self.wish
        wanted: list[sa.ColumnElement[bool]] = []
        if wish.state:
            wanted.append(Standing.id.is_(None) if wish.state == "never" else Standing.state == wish.state)
        if wish.access:
            wanted.append(Standing.access == wish.access)
        if wish.missing:
            done = sa.select(Progress.id).where(
                Progress.person_id == Person.id,
                Progress.part == f"lesson:{wish.missing}",
                Progress.school_year_id == self.year.id,
                Progress.done_at.is_not(None),
            )
            wanted.append(~done.exists())
        return wanted

    def _listed(self, rows: Any) -> list[Listed]:
        ids = [row.id for row in rows]
        names = identities_of(ids, KNOWN_BY)
        places = self._places(ids)
        pupils = self.wish.audience == "pupil"
        lessons = self._lessons(ids, places) if pupils else {}
        return [
            Listed(
                person_id=row.id,
                public_id=row.public_id,
                ids=names.get(row.id, {}),
                place=tuple(dict.fromkeys(name for name, _ in places.get(row.id, ()) if name)),
                words=tuple(dict.fromkeys(word for _, word in places.get(row.id, ()) if word)),
                state=row.state or "",
                access=row.access or "",
                due_at=row.due_at,
                changes_at=row.next_change_at,
                lessons=lessons.get(row.id, 0) if pupils else None,
            )
            for row in rows
        ]

    def _places(self, ids: list[int]) -> dict[int, list[tuple[str | None, str | None]]]:
        """Only places within sight: where else somebody works or learns is the business of others."""
        word = RosterInterval.grade if self.wish.audience == "pupil" else RosterInterval.job
        within = [] if self.seen is None else [RosterInterval.building_id.in_(self.seen)]
        found: dict[int, list[tuple[str | None, str | None]]] = {}
        for person_id, name, what in db.execute(
            sa.select(RosterInterval.person_id, Building.name, word)
            .outerjoin(Building, Building.id == RosterInterval.building_id)
            .where(RosterInterval.person_id.in_(ids), *on_roster(self.wish.audience, self.at), *within)
            .order_by(RosterInterval.id)
        ):
            found.setdefault(person_id, []).append((name, what))
        return found

    def _lessons(
        self, ids: list[int], places: dict[int, list[tuple[str | None, str | None]]]
    ) -> dict[int, int]:
        """{person id: lessons of their grades done}"""
        parts = {
            grade: {f"lesson:{ref.id}" for ref in course.lessons} for grade, course in self.courses.items()
        }
        found: dict[int, int] = {}
        for person_id, part in db.execute(
            sa.select(Progress.person_id, Progress.part).where(
                Progress.person_id.in_(ids),
                Progress.school_year_id == self.year.id,
                Progress.done_at.is_not(None),
                Progress.part.startswith("lesson:"),
            )
        ):
            grades = [grade for _, grade in places.get(person_id, ()) if grade]
            if not grades or any(part in parts.get(grade, ()) for grade in grades):
                found[person_id] = found.get(person_id, 0) + 1
        return found
