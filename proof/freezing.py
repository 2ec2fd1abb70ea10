"""Freeze the figures of a school year, some weeks after it ended, so that no later change passes for how it was.

What is voided or added afterwards stays visible as an amendment (proof.pupil_tables): the frozen figures and it
together are what is so now.
"""

from dataclasses import asdict
from datetime import datetime, timedelta

import sqlalchemy as sa

from completion.checking import fault_of_jws, known_keys
from completion.signing import signed
from core.clock import now
from core.database import db, insert_for, snapshot, table_of, transaction
from people.audit import WORKER, record
from people.models import District, SchoolYear
from proof.figures import Figure, written
from proof.holding import Scene, scene_of
from proof.kept import kept_figures, sha256_of
from proof.making import counted
from proof.models import FREEZE_AFTER_DAYS, EvidenceRule, YearFigure, YearFreeze
from proof.plan import plan_of

AT_ONCE = 500


def freeze_due() -> int:
    """Worker step: freeze the year that has been over longest, of whatever district. Returns how many it froze.

    Counting takes no lock and writes nothing, so a worker that dies has frozen nothing; and the figures, the freeze and
    the audit entry are one transaction.
    """
    with transaction():
        due = _due(now())
    if due is None:
        return 0
    district_id, year_id = due
    with snapshot():
        scene = scene_of(db.get_one(District, district_id), db.get_one(SchoolYear, year_id))
        figures = counted(scene, plan_of(scene.year, scene.at)) if scene.freeze is None else None
        said = written(figures or (), district=scene.district.slug, year=scene.year.name)
        name, frozen_at = scene.year.name, scene.at
    if figures is not None:
        with transaction():
            _freeze(district_id, year_id, name, figures, said=said, frozen_at=frozen_at)
    return 1


def fault_of_year(scene: Scene) -> str | None:
    """What is wrong with a frozen year: other figures than were frozen, or a signature that does not hold."""
    freeze, figures = scene.freeze, kept_figures(scene)
    if freeze is None or figures is None:
        return None
    if sha256_of(written(figures, district=scene.district.slug, year=scene.year.name)) != freeze.sha256:
        return "figures are not those that were frozen"
    wrong, said = fault_of_jws(freeze.jws, known_keys())
    if wrong is None and (said.get("figures_sha256"), said.get("period")) != (freeze.sha256, scene.year.name):
        return "another year was signed"
    return wrong


def _due(at: datetime) -> tuple[int, int] | None:
    """(district, year) of one that ended and whose days of grace are over."""
    rows = db.execute(
        sa.select(SchoolYear.district_id, SchoolYear.id, SchoolYear.ends_at, EvidenceRule.freeze_after_days)
        .outerjoin(YearFreeze, YearFreeze.school_year_id == SchoolYear.id)
        .outerjoin(EvidenceRule, EvidenceRule.district_id == SchoolYear.district_id)
        .where(SchoolYear.ends_at <= at, YearFreeze.id.is_(None))
        .order_by(SchoolYear.ends_at, SchoolYear.id)
    )
    for district_id, year_id, ends_at, days in rows:
        if ends_at + timedelta(days=FREEZE_AFTER_DAYS if days is None else days) <= at:
            return district_id, year_id
    return None


def _freeze(
    district_id: int, year_id: int, year: str, figures: list[Figure], *, said: bytes, frozen_at: datetime
) -> None:
    sha256 = sha256_of(said)
    jws = signed(
        {
            "record": "frozen year",
            "period": year,
            "figures_sha256": sha256,
            "figures": len(figures),
            "frozen_at": frozen_at.isoformat(),
        }
    )
    here = {"district_id": district_id, "school_year_id": year_id}
    made = db.execute(
        insert_for(YearFreeze)
        .values(**here, frozen_at=frozen_at, figures=len(figures), sha256=sha256, jws=jws)
        .on_conflict_do_nothing()
        .returning(YearFreeze.id)
    ).scalar_one_or_none()
    if made is None:  # another worker was first
        return
    for start in range(0, len(figures), AT_ONCE):
        rows = [here | asdict(each) for each in figures[start : start + AT_ONCE]]
        db.execute(sa.insert(table_of(YearFigure)), rows)
    record(district_id, WORKER, "year_frozen", f"year:{year}", sha256=sha256, figures=len(figures))
