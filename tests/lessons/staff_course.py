"""A small staff course, published, and people who took it in earlier years: for tests of its page and its refresher."""

from dataclasses import replace
from datetime import timedelta

from completion import requirements
from completion.ledger import record_evidence
from core.clock import now
from core.database import db
from lessons.content import Lesson
from lessons.curriculum import STAFF_REQUIREMENT
from lessons.models import CurriculumRelease, LessonVersion
from people.models import District, Person, SchoolYear
from people.school_years import ensure_school_year
from tests.quizzes.makers import lesson

MODULES = ("ruc-1-first", "ruc-2-second", "ruc-3-third")
NEWS = {
    "version": "2026-27.aa",
    "year": "2026-27",
    "changes": [
        {
            "title": "Chat tools",
            "module": MODULES[0],
            "text": "Ask {{district.it_office|the office}} **first**.",
        },
        {"title": "Forms", "module": "", "text": "The form has a new number."},
    ],
}


def module(lesson_id: str) -> Lesson:
    """Two critical items, q02 and q05, of eight; seven minutes."""
    made = lesson(lesson_id, band="staff", course="ruc", pass_mark=80)
    items = tuple(replace(each, critical=each.short in ("q02", "q05")) for each in made.items)
    named = replace(made, items=items, minutes=7, grade="", title=f"Module {lesson_id[4]}")
    return Lesson.from_body(named.to_body())


def publish_course(*lessons: Lesson, news: dict | None = NEWS, agreement: bool = True) -> None:
    """As `flask curriculum load` would. Published long ago, unless something was published before."""
    refs = [
        {"id": one.id, "hash": one.content_hash, "title": one.title, "minutes": one.minutes}
        for one in lessons
    ]
    known = {row.content_hash for row in db.query(LessonVersion)}
    for one in lessons:
        if one.content_hash not in known:
            db.add(LessonVersion(lesson_id=one.id, content_hash=one.content_hash, body=one.to_body()))
    course = {
        "title": "The Course for Staff", "band": "staff", "requirement": STAFF_REQUIREMENT, "lessons": refs,
        "check_minutes": 2.5, "signing_minutes": 8, "whats_new": news,
    }  # fmt: skip
    first = db.query(CurriculumRelease).first() is None
    at = now() - timedelta(days=2000) if first else now()
    db.add(
        CurriculumRelease(content_hash=f"{len(lessons)}{at}"[:64], courses={"ruc": course}, published_at=at)
    )
    ways = [[one.part for one in lessons]] + ([["attestation:rua"]] if agreement else [])
    requirements.define(STAFF_REQUIREMENT, "staff", "The Course for Staff", ways)
    db.commit()


def earlier_year(district: District, years: int = 1) -> SchoolYear:
    return ensure_school_year(district, now() - timedelta(days=365 * years))


def took(person: Person, year: SchoolYear, *lessons: Lesson, source: str = "attempt x") -> None:
    """These modules are on record in that year: shown now, or in the middle of one that is over."""
    for one in lessons:
        made = record_evidence(
            person, one.part, year, kind="course", version=one.content_hash, source=source, score=90
        )
        if year.ends_at <= now():
            made.shown_at = year.starts_at + timedelta(days=60)
    db.commit()
