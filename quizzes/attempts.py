"""Attempts: begin the next one or go on with the open one, keep each answer, find them again."""

import secrets
from collections.abc import Sequence
from functools import cache

import sqlalchemy as sa
from sqlalchemy import Insert

from core.catalogs import SOURCE
from core.clock import now
from core.database import db, dialect_name, insert_for, insert_row, table_of
from core.errors import NotFound, ToolError
from core.messages import N_
from lessons import library, progress
from lessons.answers import fitting
from lessons.content import PUPIL_BANDS, Lesson
from lessons.models import LessonVisit
from lessons.staff_choices import job_of
from people.models import Person, SchoolYear
from quizzes.draw import Drawn, draw_quiz, times_seen
from quizzes.models import CHECK, Attempt, Response

PICKED = frozenset({"single", "multi", "spot"})
"""Types in which one id of an option is an answer."""

TRIES = 3
"""How often to look again when another tab began and handed in an attempt between our two statements."""


class NoSuchAttempt(NotFound):
    """Not there, or somebody else's, which we do not tell apart."""


class NoQuiz(NotFound):
    """The lesson asks nothing."""


class LessonComesFirst(ToolError):
    status, code = 409, "lesson_comes_first"
    next_step = N_("Go back to the lesson and finish it. Your place is kept.")


class TryAgain(ToolError):
    status, code = 409, "try_again"
    next_step = N_("Close your other tabs with this quiz, then press start again.")


class AlreadySubmitted(ToolError):
    status, code = 409, "already_submitted"
    next_step = N_("Open the quiz again to see your answers.")


class OddAnswer(ToolError):
    status, code = 422, "odd_answer"
    next_step = N_("Open the quiz again and pick one of the answers on the page.")


def start_attempt(person: Person, lesson: Lesson, year: SchoolYear, speaking: str = SOURCE) -> Attempt:
    """The open attempt if there is one, else the next. Raises NoQuiz, LessonComesFirst, TryAgain.

    It is in the language chosen for the lesson, else in that of the pages (`speaking`), where the lesson has it, and a
    staff module in the working day of the person's job.

    Two tabs that start at once get the same attempt: the unique index lets one insert pass, and the other
    reads what it wrote.
    """
    for _ in range(TRIES):
        attempts = attempts_of(person.id, lesson.id, year.id)
        if attempts and attempts[-1].submitted_at is None:
            return attempts[-1]
        visit = _may_start(person, lesson, year)
        if lesson.band not in PUPIL_BANDS:
            _drop_open_check(person.id, lesson.id, year.id)
        lang = lesson.in_language(visit.lang, speaking).lang
        _insert_next(person, lesson, year, attempts, lang)
    raise TryAgain(N_("The quiz was started and handed in somewhere else at this very moment."))


def attempts_of(person_id: int, lesson_id: str, year_id: int) -> list[Attempt]:
    """Those at the quiz, in the order they were begun; only the last can be open."""
    mine = sa.select(Attempt).filter_by(person_id=person_id, lesson_id=lesson_id, school_year_id=year_id)
    return list(db.scalars(mine.where(Attempt.number != CHECK).order_by(Attempt.number)))


def as_asked(attempt: Attempt) -> Lesson:
    """The lesson in the version, the language and the job the attempt was begun in. Raises library.NoSuchLesson."""
    return library.lesson_by_version(attempt.version_id).in_language(attempt.lang).for_job(attempt.job)


def of_what_is_taught(attempts: Sequence[Attempt], lesson: Lesson) -> list[Attempt]:
    """Those at this very lesson; not those at what an alternative now stands in for, nor the other way round."""
    return [
        each
        for each in attempts
        if library.lesson_by_version(each.version_id).alternative == lesson.alternative
    ]


def drop_open_attempt(person_id: int, lesson_id: str, year_id: int) -> None:
    """Another text was put in the lesson's place, so a quiz begun on the old one is not gone on with."""
    db.execute(
        sa.delete(Attempt).where(
            Attempt.person_id == person_id,
            Attempt.lesson_id == lesson_id,
            Attempt.school_year_id == year_id,
            Attempt.submitted_at.is_(None),
        )
    )


def _drop_open_check(person_id: int, lesson_id: str, year_id: int) -> None:
    """The module was taken in full before the refresher's check of it was handed in."""
    mine = sa.delete(Attempt).filter_by(person_id=person_id, lesson_id=lesson_id, school_year_id=year_id)
    db.execute(mine.where(Attempt.number == CHECK, Attempt.submitted_at.is_(None)))


def best_of(attempts: Sequence[Attempt]) -> float | None:
    """The best score handed in, or None."""
    return max((each.score for each in attempts if each.score is not None), default=None)


def own_attempt(public_id: str, person: Person) -> Attempt:
    """Raises NoSuchAttempt."""
    return _one(_own, {"public_id": public_id, "person_id": person.id})


def own_attempt_to_change(public_id: str, person: Person) -> Attempt:
    """The same, held until the transaction ends, so that no answer slips in while the quiz is marked."""
    return _one(_held, {"public_id": public_id, "person_id": person.id})


def answers_of(attempt: Attempt) -> dict[str, list[str]]:
    """Item id -> picked option ids."""
    rows = db.execute(sa.select(Response.item_id, Response.answer).filter_by(attempt_id=attempt.id))
    return {row.item_id: row.answer for row in rows}


def save_answer(attempt: Attempt, item_id: str, picks: Sequence[str]) -> None:
    """Keep this as the answer to this item, in place of any earlier; an empty one clears it.

    `picks` has the shape of the item's type (lessons/items.py). Saving the same again changes nothing, and a story
    only goes on: an old page of it takes nothing back. Raises AlreadySubmitted, OddAnswer.
    """
    if attempt.submitted_at is not None:
        raise AlreadySubmitted(N_("This quiz was handed in already, so your answers stay as they were."))
    if not _goes_on(attempt, item_id, picks):
        return
    insert_row(
        _saving(dialect_name()),
        district_id=attempt.district_id,
        attempt_id=attempt.id,
        item_id=item_id,
        answer=list(picks),
        saved_at=now(),
    )


@cache
def _saving(_dialect: str) -> Insert:
    """Put together once for each kind of database: pupils tap often."""
    saving = insert_for(table_of(Response))
    newer = {"answer": saving.excluded.answer, "saved_at": saving.excluded.saved_at}
    upsert: Insert = saving.on_conflict_do_update(index_elements=["attempt_id", "item_id"], set_=newer)
    return upsert


def _goes_on(attempt: Attempt, item_id: str, picks: Sequence[str]) -> bool:
    """Whether this is to be kept. Raises OddAnswer for what the question can not be answered with."""
    drawn = next((each for each in attempt.draw if each["item"] == item_id), None)
    if drawn is None:
        raise OddAnswer(N_("That question is not in this quiz."), field="item")
    # The commonest tap of all, one pick of those on the page, never asks what was published.
    if len(picks) == 1 and picks[0] in drawn["options"] and drawn.get("type", "single") in PICKED:
        return True
    item = library.lesson_by_version(attempt.version_id).item(item_id)
    if fitting(item, picks) != list(picks):
        raise OddAnswer(N_("That is not one of the answers to choose from."), field="picks")
    return item.type != "branch" or _begins_with(picks, answers_of(attempt).get(item_id, []))


def _begins_with(picks: Sequence[str], before: Sequence[str]) -> bool:
    return list(picks[: len(before)]) == list(before)


def _may_start(person: Person, lesson: Lesson, year: SchoolYear) -> LessonVisit:
    if not lesson.quiz_items:
        raise NoQuiz(N_("This lesson has no quiz."))
    visit = progress.visit_of(person.id, lesson.id, year.id)
    if visit is None or visit.finished_at is None:
        raise LessonComesFirst(N_("The quiz opens when you have seen the whole lesson."))
    return visit


def _insert_next(
    person: Person, lesson: Lesson, year: SchoolYear, earlier: Sequence[Attempt], lang: str
) -> None:
    seed = new_seed()
    seen = times_seen(attempt.draw for attempt in earlier)
    draw = draw_quiz(lesson.quiz_items, lesson.draw, seed, seen)
    number = earlier[-1].number + 1 if earlier else 1
    insert_attempt(person, lesson, year, number=number, lang=lang, seed=seed, draw=draw)


def new_seed() -> int:
    return secrets.randbits(62)


def insert_attempt(
    person: Person, lesson: Lesson, year: SchoolYear, *, number: int, lang: str, seed: int, draw: list[Drawn]
) -> None:
    """Unless there is one of this number, or another that is still open."""
    values = {
        "district_id": person.district_id,
        "person_id": person.id,
        "school_year_id": year.id,
        "lesson_id": lesson.id,
        "version_id": library.version_id(lesson),
        "number": number,
        "lang": lang,
        "job": job_of(person, year) if lesson.has_variants else None,
        "seed": seed,
        "draw": draw,
    }
    db.execute(insert_for(Attempt).values(**values).on_conflict_do_nothing())


_own = sa.select(Attempt).where(
    Attempt.public_id == sa.bindparam("public_id"), Attempt.person_id == sa.bindparam("person_id")
)
_held = _own.with_for_update().execution_options(populate_existing=True)


def _one(query: sa.Select[Attempt], whose: dict[str, object]) -> Attempt:
    attempt = db.scalars(query, whose).one_or_none()
    if attempt is None:
        raise NoSuchAttempt(N_("We can not find this quiz among yours."))
    return attempt
