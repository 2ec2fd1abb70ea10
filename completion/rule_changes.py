"""Change the rules of a district: kept as what differs from the defaults, audited, and everybody looked at again.

Dates that people were told stand: new days count for what is asked from now on, and for coming years. A district
that means the present year as well says so (`present_too`).
"""

from collections.abc import Collection
from dataclasses import asdict

import sqlalchemy as sa

from completion.reviews import mark_everybody
from completion.rule_dates import dates_that_move, move_dates
from completion.rule_models import DistrictRule
from completion.rules import Changes, Rules, defaults_of, said_by
from core.database import db
from core.errors import Refused
from people.audit import Actor, record
from people.models import District
from people.roster_models import Building

RULES_CHANGED, YEAR_START_MOVED = "rules_changed", "year_start_moved"
"""How the audit log calls them."""


class ChangedMeanwhile(Refused):
    """What somebody read before they decided holds no more."""

    code = "changed_meanwhile"


def change_rules(
    district: District,
    audience: str,
    changes: Changes,
    actor: Actor,
    *,
    building: Building | None = None,
    district_decides: Collection[str] = (),
    present_too: bool = False,
    expected: str | None = None,
) -> Rules:
    """`changes`: rules of this audience, sound ones; of a building only NARROWED. Returns all rules as they are there.

    district_decides  rules that the building takes back
    expected          the version that was read (Said.version). Raises ChangedMeanwhile where it is another one now
    """
    _take_turns(district)
    building_id = building.id if building else None
    here = [building_id] if building_id else []
    said = said_by(district.id, audience)
    if expected is not None and said.version(building_id) != expected:
        raise ChangedMeanwhile("The rules were changed since they were read.")
    before, there_before = said.at(here), said.buildings.get(building_id or 0, {})
    said = said.after(changes, building_id, district_decides)
    row = _row(district, audience, building_id)
    if building_id is None:
        defaults = defaults_of(audience)
        row.changed = {
            name: value for name, value in asdict(said.whole).items() if value != getattr(defaults, name)
        }
    else:
        row.changed = dict(said.buildings[building_id])
    db.flush()
    after, there_after = said.at(here), said.buildings.get(building_id or 0, {})
    moved = dates_that_move(district, audience, said) if present_too else []
    move_dates(moved)
    pinned = there_before.keys() ^ there_after.keys()
    differing = {name for name in asdict(after) if getattr(before, name) != getattr(after, name)} | pinned
    if differing or moved:
        record(
            district.id, actor, RULES_CHANGED, f"district:{district.slug}", audience=audience,
            building=building.key if building else None,
            before={name: getattr(before, name) for name in sorted(differing)},
            after={name: getattr(after, name) for name in sorted(differing)}, dates_moved=len(moved),
            **_left_open(differing, there_before, there_after) if building else {},
        )  # fmt: skip
        mark_everybody(district_id=district.id)
    return after


def _left_open(differing: set[str], before: Changes, after: Changes) -> dict[str, list[str]]:
    """Which of the rules that differ were, and are, the district's to say."""
    return {
        "open_before": sorted(differing - before.keys()),
        "open_after": sorted(differing - after.keys()),
    }


def _take_turns(district: District) -> None:
    """Two who change the rules of a district at once do so one after the other; SQLite has one writer anyway."""
    # Not FOR UPDATE, which would also stop every insert that points at the district.
    db.execute(sa.select(District.id).filter_by(id=district.id).with_for_update(key_share=True))


def _row(district: District, audience: str, building_id: int | None) -> DistrictRule:
    where = {"district_id": district.id, "audience": audience, "building_id": building_id}
    row = db.scalars(sa.select(DistrictRule).filter_by(**where)).one_or_none()
    if row is None:
        row = DistrictRule(**where, changed={})
        db.add(row)
    return row


def move_year_start(
    district: District, month: int, day: int, actor: Actor, *, expected: tuple[int, int] | None = None
) -> None:
    """School years that are written stay; the first that is not is longer or shorter (people.school_years).

    expected  what was read. Raises ChangedMeanwhile where the year begins on another day now
    """
    db.refresh(district, with_for_update={"key_share": True})
    before = district.year_starts_month, district.year_starts_day
    if expected is not None and before != expected:
        raise ChangedMeanwhile("The first day of the school year was moved since it was read.")
    if before == (month, day):
        return
    district.year_starts_month, district.year_starts_day = month, day
    db.flush()
    record(
        district.id, actor, YEAR_START_MOVED, f"district:{district.slug}",
        before="{:02d}-{:02d}".format(*before), after=f"{month:02d}-{day:02d}",
    )  # fmt: skip
    mark_everybody(district_id=district.id)
