"""Change the rules of a district: kept as what differs from the defaults, audited, and everybody looked at again.

Dates that people were told stand: new days count for what is asked from now on, and for coming years. A district
that means the present year as well says so (`present_too`).
"""

from collections.abc import Collection
from dataclasses import asdict

import sqlalchemy as sa

from completion.deadlines import deadline
from completion.models import Assignment, Requirement
from completion.reviews import mark_everybody
from completion.rule_models import DistrictRule
from completion.rules import Changes, Rules, Said, defaults_of, said_by, with_changes
from core.clock import now
from core.database import db, table_of
from people.audit import Actor, record
from people.models import District, SchoolYear
from people.roster_models import Building
from people.rostered import buildings_in


def change_rules(
    district: District,
    audience: str,
    changes: Changes,
    actor: Actor,
    *,
    building: Building | None = None,
    district_decides: Collection[str] = (),
    present_too: bool = False,
) -> Rules:
    """`changes`: rules of this audience, sound ones; of a building only NARROWED. Returns all rules as they are there.

    district_decides  rules that the building takes back
    """
    here = [building.id] if building else []
    before = said_by(district.id, audience).at(here)
    row = _row(district, audience, building)
    kept = {name: value for name, value in {**row.changed, **changes}.items() if name not in district_decides}
    if building is None:
        wanted, defaults = asdict(with_changes(kept, audience)), defaults_of(audience)
        kept = {name: value for name, value in wanted.items() if value != getattr(defaults, name)}
    pinned = {name for name in kept.keys() ^ row.changed.keys() if building}
    row.changed = kept
    db.flush()
    said = said_by(district.id, audience)
    after = said.at(here)
    moved = _move_present_dates(district, audience, said) if present_too else 0
    differing = {name for name in asdict(after) if getattr(before, name) != getattr(after, name)} | pinned
    if differing or moved:
        record(
            district.id, actor, "rules_changed", f"district:{district.slug}", audience=audience,
            building=building.key if building else None,
            before={name: getattr(before, name) for name in sorted(differing)},
            after={name: getattr(after, name) for name in sorted(differing)}, dates_moved=moved,
        )  # fmt: skip
        mark_everybody(district_id=district.id)
    return after


def _row(district: District, audience: str, building: Building | None) -> DistrictRule:
    where = {
        "district_id": district.id,
        "audience": audience,
        "building_id": building.id if building else None,
    }
    row = db.scalars(sa.select(DistrictRule).filter_by(**where).with_for_update()).one_or_none()
    if row is None:
        row = DistrictRule(**where, changed={})
        db.add(row)
    return row


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


def _move_present_dates(district: District, audience: str, said: Said) -> int:
    """Count the dates of the present year anew. Returns how many moved."""
    rows = db.execute(
        sa.select(
            Assignment.id, Assignment.person_id, Assignment.assigned_at, Assignment.joined_at, Assignment.due_at,
            Assignment.grace_until, SchoolYear.starts_at, SchoolYear.ends_at,
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
    places = buildings_in(district.id, now()) if said.buildings else {}
    moved = []
    for row in rows:
        # Of a pupil who was asked before there were such rules, the day of asking is what there is to count from.
        counted_from = row.joined_at or (row.assigned_at if audience == "pupil" else row.starts_at)
        dates = deadline(
            audience,
            year_starts_at=row.starts_at,
            year_ends_at=row.ends_at,
            joined_at=counted_from,
            timezone=district.timezone,
            rules=said.at(places.get(row.person_id, ())),
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
