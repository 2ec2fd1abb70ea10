"""The refresher: a check of three questions that credits a staff module, or opens it in full. Once a year for each."""

import sqlalchemy as sa

from completion import ledger
from core.catalogs import SOURCE
from core.database import db
from core.errors import ToolError
from core.messages import N_
from lessons import library, progress
from lessons.content import Lesson
from lessons.scope import STAFF_COURSE
from lessons.staff_choices import REFRESHER, choice_of, unread
from lessons.staff_record import may_refresh, records_of
from people.models import Person, SchoolYear
from quizzes.attempts import TryAgain, insert_attempt, new_seed
from quizzes.draw import draw_check
from quizzes.models import CHECK, Attempt


class CheckNotOpen(ToolError):
    status, code = 409, "check_not_open"
    next_step = N_("Go back to the course page. It shows what comes next for you.")


def start_check(person: Person, lesson: Lesson, year: SchoolYear) -> Attempt:
    """The check of this module, begun or gone on with. Raises CheckNotOpen.

    It is open on the refresher, once what changed was read, for a module that is not credited and was never opened.
    """
    found = _check_of(person, lesson, year)
    if found is not None and found.submitted_at is None:
        return found
    _may_start(person, lesson, year, found)
    seed = new_seed()
    draw = draw_check(lesson.quiz_items, seed)
    insert_attempt(person, lesson, year, number=CHECK, lang=SOURCE, seed=seed, draw=draw)
    made = _check_of(person, lesson, year)
    if made is None:
        raise TryAgain(N_("The quiz was started and handed in somewhere else at this very moment."))
    return made


def _check_of(person: Person, lesson: Lesson, year: SchoolYear) -> Attempt | None:
    mine = sa.select(Attempt).filter_by(person_id=person.id, lesson_id=lesson.id, school_year_id=year.id)
    return db.scalars(mine.where(Attempt.number == CHECK)).one_or_none()


def _may_start(person: Person, lesson: Lesson, year: SchoolYear, found: Attempt | None) -> None:
    if lesson.course != STAFF_COURSE:
        raise CheckNotOpen(N_("Only modules of the staff course have a check."))
    course, choice = library.course(STAFF_COURSE), choice_of(person.id, year.id)
    if choice is None or choice.path != REFRESHER or not may_refresh(records_of(person.id, course), year.id):
        raise CheckNotOpen(
            N_("The refresher is for those who have taken the whole course in an earlier year.")
        )
    if unread(course, choice):
        raise CheckNotOpen(N_("The refresher begins with what changed this year."))
    part = ledger.progress_in(person.id, lesson.part, year.id)
    if part and part.done_at:
        raise CheckNotOpen(N_("This module is credited already."))
    if found is not None or progress.visit_of(person.id, lesson.id, year.id):
        raise CheckNotOpen(N_("This module is open in full. Finish it with its quiz."))
