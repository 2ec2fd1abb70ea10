"""Agreements that were changed materially: which versions satisfy the change, and until when an earlier one lets in."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from completion.deadlines import end_of_day
from completion.known import Revision
from completion.models import PolicyEdition
from completion.rules import SIGNATURE, Rules
from core.database import db


@dataclass(frozen=True)
class Edition:
    """One version of an agreement, whatever languages it came out in."""

    version: str
    """As evidence names it: rua-2026.1."""
    effective_at: datetime | None
    reattest_by: datetime | None
    """Both None where the change was editorial."""


def editions_of() -> dict[str, list[Edition]]:
    """{part key: its versions, oldest first}, of every agreement, in one query. There are a handful a decade."""
    found: dict[str, dict[str, Edition]] = defaultdict(dict)
    rows = db.execute(
        sa.select(
            PolicyEdition.key,
            PolicyEdition.version,
            PolicyEdition.change,
            PolicyEdition.effective_at,
            PolicyEdition.reattest_by,
        ).order_by(PolicyEdition.id)
    )
    for key, version, change, effective_at, reattest_by in rows:
        material = change == "material"
        edition = Edition(
            f"{key}-{version}", effective_at if material else None, reattest_by if material else None
        )
        # A translation published later changes nothing about when the version came.
        found[SIGNATURE + key].setdefault(version, edition)
    return {part: list(versions.values()) for part, versions in found.items()}


def revisions_of(
    editions: dict[str, list[Edition]], parts: Collection[str], timezone: str, rules: Rules
) -> tuple[Revision, ...]:
    """The material changes of these parts; after the day to sign again there is the grace of the rules."""
    found = []
    for part in parts:
        versions = editions.get(part, [])
        for index, edition in enumerate(versions):
            if edition.effective_at is None or edition.reattest_by is None:
                continue
            found.append(
                Revision(
                    part,
                    edition.effective_at,
                    edition.reattest_by,
                    max(edition.reattest_by, _grace(edition.reattest_by, timezone, rules.grace_days)),
                    frozenset(each.version for each in versions[index:]),
                )
            )
    return tuple(sorted(found, key=lambda each: (each.effective_at, each.part, each.reattest_by)))


def _grace(due_at: datetime, timezone: str, days: int) -> datetime:
    """What is due at a midnight was due by the end of the day before, and the days of grace begin there."""
    return end_of_day(due_at, timezone, days_later=days - 1)
