"""Everything that was recorded about one person, year by year: for their own page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from completion.models import Attestation, Evidence, PolicyText
from core.database import db
from people.models import Person, SchoolYear

LESSON, AGREEMENT = "lesson:", "attestation:"


@dataclass(frozen=True)
class Entry:
    """A piece of evidence. `title` is what a lesson was called; None for an agreement, or a lesson nobody knows now."""

    part: str
    title: str | None
    kind: str
    version: str
    shown_at: datetime
    code: str | None
    voided_at: datetime | None
    signature: str | None
    """Public id of the signature, where there is a text to show again."""

    @property
    def is_agreement(self) -> bool:
        return self.part.startswith(AGREEMENT)


@dataclass(frozen=True)
class Year:
    name: str
    entries: tuple[Entry, ...]


def history_of(person: Person, title_under: Callable[[str, str], str | None]) -> list[Year]:
    """Newest year first, and in it the newest entry; what was voided stands there as voided.

    title_under  (lesson id, content hash) -> what that version of the lesson was called
    """
    signatures = _signatures(person.id)
    rows = db.execute(
        sa.select(Evidence, SchoolYear.name, SchoolYear.starts_at)
        .join(SchoolYear, SchoolYear.id == Evidence.school_year_id)
        .where(Evidence.person_id == person.id, Evidence.district_id == person.district_id)
        .order_by(SchoolYear.starts_at.desc(), Evidence.shown_at.desc(), Evidence.id.desc())
    )
    years: dict[str, list[Entry]] = {}
    for row, name, _ in rows:
        lesson = row.part.removeprefix(LESSON) if row.part.startswith(LESSON) else None
        years.setdefault(name, []).append(
            Entry(
                part=row.part,
                title=(title_under(lesson, row.version) or lesson) if lesson else None,
                kind=row.kind,
                version=row.version,
                shown_at=row.shown_at,
                code=row.code,
                voided_at=row.voided_at,
                signature=signatures.get(row.source),
            )
        )
    return [Year(name, tuple(entries)) for name, entries in years.items()]


def code_of(signature: Attestation, text: PolicyText) -> str | None:
    """The code of the evidence that rests on a signature."""
    return db.scalars(
        sa.select(Evidence.code)
        .where(
            Evidence.person_id == signature.person_id,
            Evidence.school_year_id == signature.school_year_id,
            Evidence.part == f"{AGREEMENT}{text.key}",
            Evidence.version == f"{text.key}-{text.version}",
            Evidence.source == f"attestation {signature.id}",
        )
        .limit(1)
    ).one_or_none()


def _signatures(person_id: int) -> dict[str, str]:
    """{source of the evidence: public id of the signature}"""
    rows = db.execute(sa.select(Attestation.id, Attestation.public_id).filter_by(person_id=person_id))
    return {f"attestation {number}": public_id for number, public_id in rows}
