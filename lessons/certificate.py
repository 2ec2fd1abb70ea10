"""The certificate of the year: the course's requirement is met, when it was, and in which exact texts."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from completion import ledger, requirements
from lessons.library import Course
from people.models import SchoolYear

SHOWN = 16
"""Hex digits of the hash on paper; enough to find the texts again, short enough to read out."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """`versions` is SHA-256 over the content hashes of what was shown, in the order of their parts."""

    earned_at: datetime
    versions: str
    lessons: int

    @property
    def short(self) -> str:
        return self.versions[:SHOWN]


def certificate_of(person_id: int, course: Course, year: SchoolYear) -> Certificate | None:
    """None until every part of one way through the course's requirement was shown this school year."""
    shown = ledger.evidence_of(person_id, year.id)
    for parts in requirements.ways_of(course.requirement):
        found = [shown[part] for part in sorted(parts) if part in shown]
        if parts and len(found) == len(parts):
            versions = hashlib.sha256("\n".join(each.version for each in found).encode()).hexdigest()
            return Certificate(max(each.shown_at for each in found), versions, len(found))
    return None
