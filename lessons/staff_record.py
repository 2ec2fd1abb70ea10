"""What a person has on record in the staff course, year by year: modules, by which path, and the minutes of each."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from completion.models import Evidence
from core.clock import now
from core.database import db
from lessons import library
from lessons.certificate import TAKEN
from lessons.library import Course
from lessons.models import CurriculumRelease
from people.models import SchoolYear

CHECKED = "check "
"""How the source of evidence begins that was shown in the refresher's check of a module: "check <attempt>"."""


@dataclass(frozen=True, slots=True)
class Credit:
    """A module that was shown. `minutes` are those of the version taken, or of the check where that is how."""

    module: str
    minutes: float
    checked: bool
    shown_at: datetime
    version: str
    code: str | None


@dataclass(frozen=True, slots=True)
class YearRecord:
    """`whole`: every module of the course has a credit; of a year that is over, every module there was then."""

    year_id: int
    year: str
    credits: tuple[Credit, ...]
    whole: bool

    @property
    def path(self) -> str:
        """`refresher` where a check credited any module, else `full`."""
        return "refresher" if any(each.checked for each in self.credits) else "full"

    @property
    def minutes(self) -> float:
        return sum(each.minutes for each in self.credits)

    @property
    def hours(self) -> float:
        """Rounded half up to 2 decimals."""
        return math.floor(self.minutes * 100 / 60 + 0.5) / 100

    @property
    def completed_at(self) -> datetime:
        return max(each.shown_at for each in self.credits)

    @property
    def code(self) -> str | None:
        """Of the evidence that came last, for whoever checks the certificate."""
        return max(self.credits, key=lambda each: each.shown_at).code

    @property
    def versions(self) -> str:
        """SHA-256 over the content hashes of what was shown, in the order of the modules' names."""
        hashes = (each.version for each in sorted(self.credits, key=lambda each: each.module))
        return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def records_of(person_id: int, course: Course) -> list[YearRecord]:
    """One for each school year in which they took any of it, newest first; not what was accepted in its place.

    One query, and one more for each earlier year; texts of versions are kept by the worker.
    """
    rows = db.execute(
        sa.select(Evidence, SchoolYear)
        .join(SchoolYear, SchoolYear.id == Evidence.school_year_id)
        .where(
            Evidence.person_id == person_id,
            Evidence.voided_at.is_(None),
            Evidence.kind.in_(TAKEN),
            Evidence.part.startswith("lesson:ruc-"),
        )
        .order_by(SchoolYear.starts_at.desc(), Evidence.shown_at, Evidence.id)
    )
    shown: dict[int, dict[str, Evidence]] = {}
    years: dict[int, SchoolYear] = {}
    for evidence, year in rows:
        years[year.id] = year
        shown.setdefault(year.id, {}).setdefault(evidence.part.removeprefix("lesson:"), evidence)
    return [_record(years[year_id], parts, course) for year_id, parts in shown.items()]


def title_of(credit: Credit) -> str:
    """The module's title in the version that was taken."""
    taken = library.published(credit.version)
    return taken.title if taken else credit.module


def record_in(records: Sequence[YearRecord], year_id: int) -> YearRecord | None:
    return next((each for each in records if each.year_id == year_id), None)


def may_refresh(records: Sequence[YearRecord], year_id: int) -> bool:
    """Whether the whole course is on record in another, that is an earlier, school year."""
    return any(each.whole for each in records if each.year_id != year_id)


def _record(year: SchoolYear, parts: Mapping[str, Evidence], course: Course) -> YearRecord:
    minutes = {ref.id: ref.minutes for ref in course.lessons}
    credits = tuple(
        _credit(module, evidence, minutes.get(module, 0), course.check_minutes)
        for module, evidence in parts.items()
    )
    last = max(each.shown_at for each in credits)
    over = year.ends_at <= now()
    wanted = _modules_at(last, course) if over else set(minutes)
    return YearRecord(year.id, year.name, credits, bool(wanted) and wanted <= set(parts))


def _credit(module: str, evidence: Evidence, planned: int, check_minutes: float) -> Credit:
    checked = evidence.source.startswith(CHECKED)
    taken = library.published(evidence.version)
    full = taken.minutes if taken else planned
    return Credit(
        module,
        check_minutes if checked else full,
        checked,
        evidence.shown_at,
        evidence.version,
        evidence.code,
    )


def _modules_at(at: datetime, course: Course) -> set[str]:
    """The modules the course had then, so that one written since does not undo what somebody completed before it."""
    then = db.scalars(
        sa.select(CurriculumRelease.courses)
        .where(CurriculumRelease.published_at <= at)
        .order_by(CurriculumRelease.published_at.desc(), CurriculumRelease.id.desc())
        .limit(1)
    ).one_or_none()
    if then is None or course.id not in then:
        return {ref.id for ref in course.lessons}
    return {ref["id"] for ref in then[course.id]["lessons"]}
