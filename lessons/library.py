"""The published curriculum, as pages read it.

Lessons never change under their hash, so each worker compiles one at most once and keeps it. Which release
is in force is asked once per unit of work, by one query of one short row: a new release is then seen at
once by every worker. A time to live would save that query, but for its length one worker would list lessons
another refuses. The whole plan of 83 lessons takes some 4 MB (tests/lessons/test_library.py holds it under
150).
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from core.database import db
from core.errors import NotFound
from core.messages import N_, recognise
from lessons.content import Lesson
from lessons.course_titles import TITLES
from lessons.models import CurriculumRelease, LessonVersion

KEPT_LESSONS = 400
"""Per worker: the whole plan in a few versions each."""
_KEY = "curriculum release in force"


class NoSuchCourse(NotFound):
    code = "no_such_course"


class NoSuchLesson(NotFound):
    code = "no_such_lesson"


@dataclass(frozen=True, slots=True)
class LessonRef:
    """A lesson in a course's list; `hash` names the version in force, `alternative` that of its equivalent, or "".

    cipa  what of the Children's Internet Protection Act it teaches, such as "CIPA-OB"; tags of the plan
    """

    id: str
    title: str
    minutes: int
    hash: str
    alternative: str = ""
    cipa: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """Something that changed for staff: Markdown with places for district facts, and the module about it, or ""."""

    title: str
    module: str
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """What changed for staff in this school year."""

    version: str
    year: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """`requirement` is completion's key for it, such as "dc-g4"; `lessons` are in teaching order.

    Of the staff course: minutes of the refresher's check of one module and of signing instead, and what is new.
    """

    id: str
    title: str
    """A Message, where it is one of TITLES."""
    band: str
    requirement: str
    lessons: tuple[LessonRef, ...]
    check_minutes: float = 0
    signing_minutes: int = 0
    whats_new: Note | None = None


@dataclass(frozen=True)
class Release:
    """What is in force: the courses by id, the hash of each lesson and of each alternative by the lesson's id, and the
    number of every version ever."""

    courses: dict[str, Course]
    hashes: dict[str, str]
    alternatives: dict[str, str]
    version_ids: dict[str, int]
    version_hashes: dict[int, str]


@dataclass(frozen=True, slots=True)
class _Key:
    """Tells one publication from every other, also between databases of a test run."""

    id: int
    content_hash: str
    published_at: datetime


NOTHING = Release({}, {}, {}, {}, {})


def current_release() -> Release:
    """The release in force; one without courses when nothing was published yet."""
    key = _key_in_force()
    return _release(key) if key else NOTHING


def course(course_id: str) -> Course:
    """Raises NoSuchCourse, also for a course of the plan that has no written lesson yet."""
    try:
        return current_release().courses[course_id]
    except KeyError:
        raise NoSuchCourse(N_("There is no course %(course_id)s here yet.", course_id=course_id)) from None


def lesson(lesson_id: str) -> Lesson:
    """The version in force. Raises NoSuchLesson."""
    try:
        return _lesson(current_release().hashes[lesson_id])
    except KeyError:
        raise NoSuchLesson(N_("There is no such lesson here.")) from None


def lesson_in(course_id: str, lesson_id: str) -> Lesson:
    """The version in force of a lesson of this course. Raises NoSuchLesson."""
    found = lesson(lesson_id)
    if found.course != course_id:
        raise NoSuchLesson(N_("There is no lesson %(lesson)s in this course.", lesson=lesson_id))
    return found


def lessons_of(course: Course) -> list[Lesson]:
    """In teaching order, in the version in force."""
    return [lesson(ref.id) for ref in course.lessons]


def alternative(lesson_id: str) -> Lesson | None:
    """What somebody takes instead who was excused from this lesson; None where nothing is written for it."""
    content_hash = current_release().alternatives.get(lesson_id)
    return _lesson(content_hash) if content_hash else None


def lesson_by_version(version_id: int) -> Lesson:
    """Any version ever published: people finish the one they began. Raises NoSuchLesson."""
    try:
        return _lesson(current_release().version_hashes[version_id])
    except KeyError:
        raise NoSuchLesson(N_("There is no such version of a lesson.")) from None


def published(content_hash: str) -> Lesson | None:
    """The lesson of this hash, whenever it was in force; None for a hash of nothing of ours."""
    return _lesson(content_hash) if content_hash in current_release().version_ids else None


def version_id(lesson: Lesson) -> int:
    """The number of this very text in `lesson_version`. Raises NoSuchLesson."""
    try:
        return current_release().version_ids[lesson.content_hash]
    except KeyError:
        raise NoSuchLesson(N_("This version of the lesson was never published.")) from None


def title_under(lesson_id: str, content_hash: str) -> str | None:
    """What the lesson was called in that version, else what it is called now; None for one that is no more.

    Another course that was accepted in a lesson's place has no version of ours.
    """
    release = current_release()
    versions = (content_hash, release.hashes.get(lesson_id, ""))
    lessons = (_lesson(version) for version in versions if version in release.version_ids)
    return next((each.title for each in lessons if each.id == lesson_id), None)


def newest_hash() -> str | None:
    """Content hash of the release in force."""
    key = _key_in_force()
    return key.content_hash if key else None


def forget_release() -> None:
    """Ask again which release is in force: something was published in this very unit of work."""
    db().info.pop(_KEY, None)


# Built once, and asked past the ORM: every page asks it.
newest = (
    sa.select(CurriculumRelease.id, CurriculumRelease.content_hash, CurriculumRelease.published_at)
    .order_by(CurriculumRelease.published_at.desc(), CurriculumRelease.id.desc())
    .limit(1)
)


def note_in_force(row: Any) -> None:
    """For whoever has asked `newest` along with something else: its row, or None, holds for this unit of work."""
    db().info[_KEY] = _Key(row.id, row.content_hash, row.published_at) if row else None


def _key_in_force() -> _Key | None:
    """Asked once per session, so once per request; the session goes when the request ends."""
    known = db().info
    if _KEY not in known:
        row = db.connection().execute(newest).one_or_none()
        note_in_force(row)
    key: _Key | None = known[_KEY]
    return key


@lru_cache(maxsize=4)
def _release(key: _Key) -> Release:
    written = db.scalars(sa.select(CurriculumRelease.courses).filter_by(id=key.id)).one()
    courses = {course_id: _course(course_id, values) for course_id, values in written.items()}
    hashes = {ref.id: ref.hash for each in courses.values() for ref in each.lessons}
    alternatives = {
        ref.id: ref.alternative for each in courses.values() for ref in each.lessons if ref.alternative
    }
    version_ids = {
        row.content_hash: row.id
        for row in db.execute(sa.select(LessonVersion.content_hash, LessonVersion.id))
    }
    version_hashes = {number: text for text, number in version_ids.items()}
    return Release(courses, hashes, alternatives, version_ids, version_hashes)


def _course(course_id: str, values: dict[str, Any]) -> Course:
    note = values.get("whats_new")
    return Course(
        course_id,
        recognise(values["title"], TITLES),
        values["band"],
        values["requirement"],
        tuple(LessonRef(**{**ref, "cipa": tuple(ref.get("cipa", ()))}) for ref in values["lessons"]),
        check_minutes=values.get("check_minutes", 0),
        signing_minutes=values.get("signing_minutes", 0),
        whats_new=_note(note) if note else None,
    )


def _note(values: dict[str, Any]) -> Note:
    changes = tuple(Change(**change) for change in values["changes"])
    return Note(values["version"], values["year"], changes)


@lru_cache(maxsize=KEPT_LESSONS)
def _lesson(content_hash: str) -> Lesson:
    """Raises KeyError."""
    body = db.scalars(sa.select(LessonVersion.body).filter_by(content_hash=content_hash)).one_or_none()
    if body is None:
        raise KeyError(content_hash)
    return Lesson.from_body(body)


def nothing_published() -> str | None:
    """A readiness check."""
    return None if current_release().courses else "no curriculum is published; run: flask curriculum load"
