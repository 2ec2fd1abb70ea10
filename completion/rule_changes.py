"""Change the rules of a district: kept as what differs from the defaults, audited, and everybody looked at again.

Dates that people were told stand: new days count for what is asked from now on, and for coming years. A district
that means the present year as well says so (`present_too`).
"""

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from completion.deadlines import deadline
from completion.models import Assignment, Requirement
from completion.reviews import mark_everybody
from completion.rule_models import DistrictRule
from completion.rules import DEFAULTS, Rules, rules_of, with_changes
from core.clock import now
from core.database import db, table_of
from people.audit import Actor, record
from people.models import District, SchoolYear


def change_rules(
    district: District, audience: str, changes: dict[str, Any], actor: Actor, *, present_too: bool = False
) -> Rules:
    """`changes`: fields of Rules, sound ones. Returns all rules as they are now."""
    before = rules_of(district.id, audience)
    row = db.scalars(
        sa.select(DistrictRule).filter_by(district_id=district.id, audience=audience).with_for_update()
    ).one_or_none()
    if row is None:
        row = DistrictRule(district_id=district.id, audience=audience, changed={})
        db.add(row)
    after = with_changes({**row.changed, **changes})
    row.changed = {name: value for name, value in asdict(after).items() if value != getattr(DEFAULTS, name)}
    db.flush()
    moved = _move_present_dates(district, audience, after) if present_too else 0
    differing = {name for name in asdict(after) if getattr(before, name) != getattr(after, name)}
    if differing or moved:
        record(
            district.id, actor, "rules_changed", f"district:{district.slug}", audience=audience,
            before={name: getattr(before, name) for name in sorted(differing)},
            after={name: getattr(after, name) for name in sorted(differing)}, dates_moved=moved,
        )  # fmt: skip
        mark_everybody(district_id=district.id)
    return after


def move_year_start(district: District, month: int, day: int, actor: Actor) -> None:
    """School years that are written stay; the first that is not is longer or shorter (people.school_years)."""
    before = district.year_starts_month, district.year_starts_day
    if before == (month, day):
        return
    district.year_starts_month, district.year_starts_day = month, day
    db.flush()
    record(
        district.id, actor, "year_start_moved", f"district:{district.slug}",
        before="{:02d}-{:02d}".format(*before), after=f"{month:02d}-{day:02d}",
    )  # fmt: skip
    mark_everybody(district_id=district.id)


def _move_present_dates(district: District, audience: str, rules: Rules) -> int:
    """Count the dates of the present year anew. Returns how many moved."""
    rows = db.execute(
        sa.select(
            Assignment.id, Assignment.joined_at, Assignment.due_at, Assignment.grace_until,
            SchoolYear.starts_at, SchoolYear.ends_at,
        )
        .join(SchoolYear, SchoolYear.id == Assignment.school_year_id)
        .join(Requirement, Requirement.id == Assignment.requirement_id)
        .where(
            Assignment.district_id == district.id,
            Requirement.audience == audience,
            SchoolYear.starts_at <= now(),
            SchoolYear.ends_at > now(),
        )
    ).all()  # fmt: skip
    moved = []
    for row in rows:
        dates = deadline(
            audience,
            year_starts_at=row.starts_at,
            year_ends_at=row.ends_at,
            joined_at=row.joined_at or row.starts_at,
            timezone=district.timezone,
            rules=rules,
        )
        if (dates.due_at, dates.grace_until) != (row.due_at, row.grace_until):
            moved.append({"row": row.id, "due": dates.due_at, "grace": dates.grace_until})
    if moved:
        table = table_of(Assignment)
        db.connection().execute(
            sa.update(table)
            .where(table.c.id == sa.bindparam("row"))
            .values(due_at=sa.bindparam("due"), grace_until=sa.bindparam("grace")),
            moved,
        )
    return len(moved)
