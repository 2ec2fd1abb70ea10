"""Publish the curriculum: a checked folder becomes lesson versions, a release and requirements."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from completion import policy_texts, requirements
from core.clock import now
from core.database import db, insert_for
from core.errors import Refused
from lessons import library
from lessons.agreement import Agreement
from lessons.content import Lesson, hash_of
from lessons.findings import Finding
from lessons.linting.checking import Checked, check_folder
from lessons.models import CurriculumRelease, LessonVersion
from lessons.scope import STAFF_COURSE, Scope
from lessons.whats_new import WhatsNew

FOLDER = Path(__file__).resolve().parent.parent / "curriculum"
STAFF_REQUIREMENT = "rua"
SIGNATURE = "attestation:rua"
GUEST = "guest"
PROCEDURE_ZONE = "America/Los_Angeles"
"""Where procedure 2022P is in force."""


class FaultyCurriculum(Refused):
    """The linter found something. Nothing was published."""

    code = "faulty_curriculum"

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__(
            f"nothing was published, the linter found faults: {len(findings)}; see flask curriculum check"
        )


@dataclass(frozen=True)
class Published:
    """What a load did. `new_lessons` are ids of lessons whose present text was not in the database before;
    `new_release` is false when this very curriculum was in force already."""

    content_hash: str
    courses: tuple[str, ...]
    new_lessons: tuple[str, ...]
    new_release: bool


def publish_folder(folder: Path = FOLDER) -> Published:
    """Check the folder and publish what is written. Publishing the same again changes nothing.

    Raises FaultyCurriculum, and Refused for an agreement whose words changed under the same version.
    """
    return publish(check_folder(folder))


def publish(checked: Checked) -> Published:
    """The same of a folder that has been checked already. Raises what `publish_folder` raises."""
    if checked.findings or checked.scope is None:
        raise FaultyCurriculum(checked.findings)
    new_lessons = _keep_versions([*checked.lessons.values(), *checked.alternatives.values()])
    for agreement in (*checked.agreements.values(), *checked.translated_agreements):
        _publish_agreement(agreement)
    courses = _courses(checked.scope, checked)
    _define_requirements(checked.scope, courses, checked.agreements)
    content_hash, new_release = _release(courses)
    library.forget_release()
    return Published(content_hash, tuple(courses), new_lessons, new_release)


def _keep_versions(lessons: Iterable[Lesson]) -> tuple[str, ...]:
    known = set(db.scalars(sa.select(LessonVersion.content_hash)))
    new = [lesson for lesson in lessons if lesson.content_hash not in known]
    for lesson in new:
        db.execute(
            insert_for(LessonVersion)
            .values(lesson_id=lesson.id, content_hash=lesson.content_hash, body=lesson.to_body())
            .on_conflict_do_nothing(index_elements=["content_hash"])
        )
    return tuple(lesson.id for lesson in new)


def _publish_agreement(agreement: Agreement) -> None:
    policy_texts.publish_policy_text(
        agreement.key, agreement.version, agreement.lang, agreement.text,
        title=agreement.title, intent=agreement.intent,
        change=None if agreement.change == "first" else agreement.change,
        effective_at=_midnight(agreement.effective),
        reattest_by=_midnight(agreement.reattest_by, days_later=1),
        approved_by=agreement.approved_by,
    )  # fmt: skip


def _midnight(day: date | None, days_later: int = 0) -> datetime | None:
    """Editions belong to no district, so their days are those of the procedure's own state."""
    if day is None:
        return None
    at = day + timedelta(days=days_later)
    return datetime(at.year, at.month, at.day, tzinfo=ZoneInfo(PROCEDURE_ZONE))


def _courses(scope: Scope, checked: Checked) -> dict[str, Any]:
    """Courses with a written lesson or more, in teaching order, as CurriculumRelease.courses."""
    courses: dict[str, Any] = {}
    for plan in scope.courses:
        lessons = [checked.lessons[each] for each in plan.lessons if each in checked.lessons]
        if lessons:
            courses[plan.id] = _course(plan.title, plan.band, plan.requirement, lessons, checked)
    modules = sorted(scope.modules, key=lambda module: module.order)
    written = [checked.lessons[module.id] for module in modules if module.id in checked.lessons]
    if written:
        course = _course(scope.staff_title, "staff", STAFF_REQUIREMENT, written, checked)
        courses[STAFF_COURSE] = {**course, **_beside_the_modules(scope, checked)}
    return courses


def _beside_the_modules(scope: Scope, checked: Checked) -> dict[str, Any]:
    """What the staff course has and a pupils' course has not: the minutes of its shorter ways, and what is new."""
    return {
        "check_minutes": scope.check_minutes,
        "signing_minutes": scope.signing_minutes,
        "whats_new": _note(checked.whats_new) if checked.whats_new else None,
    }


def _note(note: WhatsNew) -> dict[str, Any]:
    changes = [{"title": each.title, "module": each.module, "text": each.body} for each in note.changes]
    return {"version": note.version, "year": note.year, "changes": changes}


def _course(
    title: str, band: str, requirement: str, lessons: list[Lesson], checked: Checked
) -> dict[str, Any]:
    planned = checked.scope.planned if checked.scope else {}
    refs = [_ref(each, planned[each.id].cipa, checked.alternatives.get(each.id)) for each in lessons]
    return {"title": title, "band": band, "requirement": requirement, "lessons": refs}


def _ref(lesson: Lesson, cipa: tuple[str, ...], instead: Lesson | None) -> dict[str, Any]:
    ref: dict[str, Any] = {
        "id": lesson.id,
        "hash": lesson.content_hash,
        "title": lesson.title,
        "minutes": lesson.minutes,
    }
    if cipa:
        ref["cipa"] = list(cipa)
    return {**ref, "alternative": instead.content_hash} if instead else ref


def _define_requirements(scope: Scope, courses: dict[str, Any], agreements: Mapping[str, Agreement]) -> None:
    """A pupil's course is all its lessons; staff may take the course or sign instead (2022P, RU-ANN-2); guests sign."""
    for course_id, course in courses.items():
        if course_id != STAFF_COURSE:
            requirements.define(course["requirement"], "pupil", course["title"], [_parts(course)])
    ways = [_parts(courses[STAFF_COURSE])] if STAFF_COURSE in courses else []
    if STAFF_REQUIREMENT in agreements:
        ways.append([SIGNATURE])
    if ways:
        requirements.define(STAFF_REQUIREMENT, "staff", scope.staff_title, ways)
    if GUEST in agreements:
        requirements.define(GUEST, "guest", agreements[GUEST].title, [[f"attestation:{GUEST}"]])


def _parts(course: dict[str, Any]) -> list[str]:
    return [f"lesson:{lesson['id']}" for lesson in course["lessons"]]


def _release(courses: dict[str, Any]) -> tuple[str, bool]:
    """Put these courses in force. Going back to an earlier curriculum makes its release the newest again."""
    content_hash = hash_of(courses)
    if library.newest_hash() == content_hash:
        return content_hash, False
    at = now()
    db.execute(
        insert_for(CurriculumRelease)
        .values(content_hash=content_hash, courses=courses, published_at=at)
        .on_conflict_do_update(index_elements=["content_hash"], set_={"published_at": at})
    )
    return content_hash, True
