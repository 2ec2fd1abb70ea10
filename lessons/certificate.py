"""The certificate of the year: the course's requirement is met, when it was, and in which exact texts."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from completion import ledger, requirements
from lessons.library import Course
from people.models import SchoolYear

TAKEN = ("course", "group")
"""Kinds of evidence of somebody who took the course; who signed instead, or brought another course, did not."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """`versions` is SHA-256 over the content hashes of what was shown, in the order of their parts; `code` is that of
    the evidence that completed the course."""

    earned_at: datetime
    versions: str
    lessons: int
    code: str | None


def certificate_of(person_id: int, course: Course, year: SchoolYear) -> Certificate | None:
    """None until every lesson of the course was taken this school year, as one way through its requirement."""
    taken = {
        part: each for part, each in ledger.evidence_of(person_id, year.id).items() if each.kind in TAKEN
    }
    for parts in requirements.ways_of(course.requirement):
        found = [taken[part] for part in sorted(parts) if part in taken]
        if parts and len(found) == len(parts):
            versions = hashlib.sha256("\n".join(each.version for each in found).encode()).hexdigest()
            last = max(found, key=lambda each: (each.shown_at, each.id))
            return Certificate(last.shown_at, versions, len(found), last.code)
    return None
