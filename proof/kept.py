"""The figures of a frozen year as they were kept, and what the district chose about freezing and showing them."""

import hashlib

import sqlalchemy as sa

from core.database import db, insert_for
from people.audit import Actor, record
from proof.figures import Figure
from proof.holding import Scene
from proof.models import EvidenceRule, YearFigure


def kept_figures(scene: Scene) -> list[Figure] | None:
    """None of a year that is not frozen."""
    if scene.freeze is None:
        return None
    rows = sa.select(YearFigure).filter_by(district_id=scene.district.id, school_year_id=scene.year.id)
    return [
        Figure(each.school_key, each.school, each.grade, each.topic, each.enrolled, each.taught)
        for each in db.scalars(rows.order_by(YearFigure.id))
    ]


def sha256_of(said: bytes) -> str:
    return hashlib.sha256(said).hexdigest()


def rule_of(district_id: int) -> EvidenceRule:
    """What holds here; the defaults as a row that is not kept."""
    found = db.scalars(sa.select(EvidenceRule).filter_by(district_id=district_id)).one_or_none()
    defaults = EvidenceRule.__table__.c
    return found or EvidenceRule(
        district_id=district_id,
        freeze_after_days=defaults.freeze_after_days.default.arg,
        public_report=defaults.public_report.default.arg,
    )


def choose(district_id: int, actor: Actor, *, freeze_after_days: int, public_report: bool) -> bool:
    """Set both, and say so in the audit log. Returns whether anything changed."""
    before = rule_of(district_id)
    changed = {
        name: value
        for name, value in (("freeze_after_days", freeze_after_days), ("public_report", public_report))
        if getattr(before, name) != value
    }
    if not changed:
        return False
    values = {"freeze_after_days": freeze_after_days, "public_report": public_report}
    db.execute(
        insert_for(EvidenceRule)
        .values(district_id=district_id, **values)
        .on_conflict_do_update(index_elements=["district_id"], set_=values)
    )
    db.expire_all()
    record(district_id, actor, "evidence_rule_changed", f"district:{district_id}", **changed)
    return True
