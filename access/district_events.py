"""Write down what happened in a district besides changes of standings: rosters taken or held, files held, school years
begun, agreements published.

Rosters stand where nobody knows of the network, and a school year begins by itself. So nothing is announced: the
worker follows the audit log, which has rosters and files already, and looks which years and editions are new.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from access.event_models import DistrictEvent
from access.log_numbers import draw_numbers
from access.models import StandingLog
from completion.models import PolicyEdition
from core.clock import now
from core.database import db
from people.audit_models import AuditEntry, AuditHead
from people.models import SchoolYear

Found = tuple[str, str, datetime, dict[str, Any]]
"""(type, source, at, data)"""

OF_AUDIT = {
    "roster_imported": "roster.imported",
    "roster_held": "sync.guard_tripped",
    "feed_file_held": "sync.guard_tripped",
}


def write_down_events() -> int:
    """Worker step, one transaction. Returns how many events are new; 0 means all caught up."""
    found: dict[int, list[Found]] = {}
    for district_id, newest in _behind_the_audit_log():
        found.setdefault(district_id, []).extend(_of_audit(district_id, newest))
    for district_id, each in [*_years_begun(now()), *_editions_published()]:
        found.setdefault(district_id, []).append(each)
    return sum(_write(district_id, found[district_id]) for district_id in sorted(found))


def _behind_the_audit_log() -> list[tuple[int, int]]:
    """[(district id, newest number of its audit log)] where that was not followed so far"""
    rows = db.execute(
        sa.select(AuditHead.district_id, AuditHead.seq)
        .outerjoin(StandingLog, StandingLog.district_id == AuditHead.district_id)
        .where(AuditHead.seq > sa.func.coalesce(StandingLog.audit_seq, 0))
        .order_by(AuditHead.district_id)
    )
    return [(district_id, seq) for district_id, seq in rows]


def _of_audit(district_id: int, newest: int) -> list[Found]:
    """The row of the log is locked from here on, so that two workers follow one after the other."""
    draw_numbers(district_id, 0)
    log = db.scalars(
        sa.select(StandingLog).filter_by(district_id=district_id).execution_options(populate_existing=True)
    ).one()
    entries = db.scalars(
        sa.select(AuditEntry)
        .where(
            AuditEntry.district_id == district_id,
            AuditEntry.seq > log.audit_seq,
            AuditEntry.seq <= newest,
            AuditEntry.action.in_(OF_AUDIT),
        )
        .order_by(AuditEntry.seq)
    ).all()
    log.audit_seq = max(log.audit_seq, newest)
    return [
        (OF_AUDIT[each.action], f"audit:{each.seq}", each.at, _said(each))
        for each in entries
        if each.action in OF_AUDIT
    ]


def _said(entry: AuditEntry) -> dict[str, Any]:
    kind, _, number = entry.subject.partition(":")
    if kind == "feed":
        return {"feed": int(number)}
    left = {"left": entry.detail.get("left", {})}
    if entry.action == "roster_held":
        return {"roster": int(number), **left}
    return {"roster": int(number), "people": entry.detail["rows"], "added": entry.detail["added"], **left}


def _years_begun(at: datetime) -> list[tuple[int, Found]]:
    """Since the district's log was begun."""
    rows = db.execute(
        sa.select(SchoolYear.district_id, SchoolYear.name, SchoolYear.starts_at)
        .join(StandingLog, StandingLog.district_id == SchoolYear.district_id)
        .where(SchoolYear.starts_at <= at, SchoolYear.starts_at > StandingLog.created_at)
        .where(_untold(SchoolYear.district_id, sa.literal("year:") + SchoolYear.name))
    )
    return [
        (district_id, ("period.opened", f"year:{name}", starts_at, {"period": name}))
        for district_id, name, starts_at in rows
    ]


def _editions_published() -> list[tuple[int, Found]]:
    """Since each district's log was begun; in whichever languages, once."""
    edition = PolicyEdition.key + sa.literal("-") + PolicyEdition.version
    rows = db.execute(
        sa.select(
            StandingLog.district_id,
            PolicyEdition.key,
            PolicyEdition.version,
            sa.func.max(PolicyEdition.change),
            sa.func.min(PolicyEdition.created_at),
        )
        .join(PolicyEdition, PolicyEdition.created_at > StandingLog.created_at)
        .where(_untold(StandingLog.district_id, sa.literal("policy:") + edition))
        .group_by(StandingLog.district_id, PolicyEdition.key, PolicyEdition.version)
        .order_by(sa.func.min(PolicyEdition.id))
    )
    return [
        (district_id, ("policy.published", f"policy:{key}-{version}", at, _edition(key, version, change)))
        for district_id, key, version, change, at in rows
    ]


def _edition(key: str, version: str, change: str) -> dict[str, str]:
    return {"requirement": key, "policy_version": f"{key}-{version}", "change": change}


def _untold(district_id: Any, source: Any) -> sa.ColumnElement[bool]:
    told = sa.select(DistrictEvent.id).where(
        DistrictEvent.district_id == district_id, DistrictEvent.source == source
    )
    return ~told.exists()


def _write(district_id: int, found: list[Found]) -> int:
    if not found:
        return 0
    first = draw_numbers(district_id, len(found))
    # Whoever was faster has told of these; their numbers stay empty, which readers do not wait for.
    known = set(
        db.scalars(
            sa.select(DistrictEvent.source).where(
                DistrictEvent.district_id == district_id,
                DistrictEvent.source.in_([source for _, source, _, _ in found]),
            )
        )
    )
    rows = [
        DistrictEvent(district_id=district_id, seq=seq, type=type_, source=source, at=at, data=data)
        for seq, (type_, source, at, data) in enumerate(found, start=first)
        if source not in known
    ]
    db.add_all(rows)
    db.flush()
    return len(rows)
