"""One learner's work in one lesson, opened from the gradebook (AGS 2.0, submission review): to read only."""

from dataclasses import dataclass

import sqlalchemy as sa

from core.database import db
from core.errors import NotFound
from core.language import N_
from lessons import library
from lessons.content import Lesson
from lessons.opting_out import lesson_for
from lti_tool.launches import target_launched
from people.models import Enrollment, Person, SignIn
from people.school_years import current_school_year
from quizzes.attempts import answers_of, as_asked, attempts_of, of_what_is_taught
from quizzes.models import Attempt
from quizzes.review import ReviewedQuestion, review
from teaching.linked import LESSON_PATH

TEACH = ("teacher", "administrator")


class NoSuchSubmission(NotFound):
    """Nobody we know, nobody of this class, or no lesson behind this link: not told apart."""

    code = "no_such_submission"
    next_step = N_(
        "Go back to the gradebook in your LMS. If the person is new in the class, ask them to open the lesson once."
    )


@dataclass(frozen=True)
class Reviewed:
    """One attempt with every question looked at again."""

    attempt: Attempt
    lesson: Lesson
    questions: list[ReviewedQuestion]


@dataclass(frozen=True)
class Submission:
    """`best` and `latest` are the same attempt where no later one was worse; both None before the first.

    name   as the roster gave it, for a teacher of the class; None for the learner, and where there is none
    """

    lesson: Lesson
    own: bool
    name: str | None
    tries: int
    best: Reviewed | None
    latest: Reviewed | None


def opened_submission(sign_in: SignIn, viewer: Person) -> Submission:
    """What this sign-in was opened for. Raises NoSuchSubmission, unless it is the viewer's own or they teach the class
    it was opened from and the learner is in it."""
    lesson = _lesson(sign_in)
    learner_id = sign_in.about[0] if sign_in.about else None
    own = learner_id == viewer.id
    seat = None if own else _seat(sign_in, learner_id)
    if lesson is None or learner_id is None or (seat is None and not own):
        raise NoSuchSubmission(N_("There is no work of this person to show here."))
    year = current_school_year(sign_in.district_id)
    lesson = lesson_for(learner_id, lesson.id, year.id)
    tried = of_what_is_taught(attempts_of(learner_id, lesson.id, year.id), lesson)
    done = [each for each in tried if each.submitted_at is not None]
    best = max(done, key=lambda each: (each.score or 0, each.number), default=None)
    latest = done[-1] if done else None
    return Submission(
        lesson=lesson,
        own=own,
        name=seat.display_name if seat else None,
        tries=len(done),
        best=_reviewed(best),
        latest=_reviewed(latest),
    )


def _lesson(sign_in: SignIn) -> Lesson | None:
    path = LESSON_PATH.fullmatch(target_launched(sign_in) or "")
    lesson_id = path["lesson"] if path else None
    try:
        return library.lesson(lesson_id) if lesson_id else None
    except library.NoSuchLesson:
        return None


def _seat(sign_in: SignIn, learner_id: int | None) -> Enrollment | None:
    """The learner's place in the class this teacher came from; also of one who has left since."""
    if sign_in.role not in TEACH or sign_in.classroom_id is None or learner_id is None:
        return None
    return db.scalars(
        sa.select(Enrollment).filter_by(
            district_id=sign_in.district_id,
            classroom_id=sign_in.classroom_id,
            person_id=learner_id,
            role="learner",
        )
    ).one_or_none()


def _reviewed(attempt: Attempt | None) -> Reviewed | None:
    if attempt is None:
        return None
    lesson = as_asked(attempt)
    return Reviewed(attempt, lesson, review(attempt.draw, lesson, answers_of(attempt)))
