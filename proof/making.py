"""Make a pack: everything that shows what was taught and signed in one school year, in one zip, from one moment.

Memory stays the same for any number of people: rows go from the database into the zip as they come, and what is
kept meanwhile is counts by school and grade.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from completion.evidence_keys import published_keys, signing_key
from completion.signing import canonical
from core.clock import now
from core.database import db, snapshot, transaction
from people.audit import Actor, record
from people.models import District, SchoolYear
from proof import (
    coverage_tables,
    pupil_tables,
    pupils,
    session_table,
    staff_table,
    summary_page,
    texts,
)
from proof.coverage_tables import Line, safe_lines
from proof.figures import Figure, Tally
from proof.holding import Scene, scene_of
from proof.kept import kept_figures
from proof.manifest import MANIFEST, SIGNATURE, content_sha256, manifest, signature
from proof.plan import Plan, plan_of
from proof.summary import safe_summary, summary
from proof.zipping import Pack, Sink

Progress = Callable[[int, int], None]
"""Told how many of how many people were looked at."""


@dataclass(frozen=True)
class Made:
    """`manifest_sha256` stands in the audit log: the pack that was made, and no other, has it."""

    content_sha256: str
    manifest_sha256: str
    files: int
    pupils: int


@dataclass(frozen=True)
class _Reading:
    scene: Scene
    plan: Plan
    deidentified: bool
    step: Callable[[int], None]


def make(
    out: Sink,
    district_id: int,
    year_id: int,
    *,
    deidentified: bool,
    by: Actor,
    progress: Progress = lambda *_: None,
) -> Made:
    """Write the whole zip to `out`. Reads in a snapshot of its own; the caller records that it was made (`note`)."""
    pack = Pack(out)
    try:
        made = _make(pack, district_id, year_id, deidentified=deidentified, by=by, progress=progress)
    except BaseException:
        pack.abandon()
        raise
    pack.close()
    return made


def _make(
    pack: Pack, district_id: int, year_id: int, *, deidentified: bool, by: Actor, progress: Progress
) -> Made:
    with transaction():
        signing_key()  # the first one is made here, so that the keys in the pack are those that it is signed with
    with snapshot():
        scene = scene_of(db.get_one(District, district_id), db.get_one(SchoolYear, year_id))
        plan = plan_of(scene.year, scene.at)
        people = pupils.how_many(scene, plan)
        reading = _Reading(scene, plan, deidentified, _steps(scene, people, deidentified, progress))
        _write(pack, reading)
        written = manifest(
            scene, pack.files, deidentified=deidentified, generated_by=by.name, generated_at=now()
        )
    with transaction():
        jws = signature(written)
    made = Made(content_sha256(pack.files), hashlib.sha256(written).hexdigest(), len(pack.files), people)
    pack.add(MANIFEST, written)
    pack.add(SIGNATURE, jws.encode())
    return made


def note(district_id: int, year: str, made: Made, *, deidentified: bool, by: Actor) -> None:
    """Into the audit log, in the caller's transaction."""
    record(
        district_id, by, "evidence_pack_made", f"year:{year}",
        deidentified=deidentified, pupils=made.pupils,
        content_sha256=made.content_sha256, manifest_sha256=made.manifest_sha256,
    )  # fmt: skip


def counted(scene: Scene, plan: Plan, looked_at: Callable[[int], None] | None = None) -> list[Figure]:
    """Of a year that is not frozen: counted now."""
    tally = Tally(plan)
    for pupil in pupils.pupils_of(scene, plan, looked_at=looked_at):
        tally.add(pupil)
    return tally.figures()


def _steps(scene: Scene, people: int, deidentified: bool, progress: Progress) -> Callable[[int], None]:
    total = people if deidentified else 2 * people + staff_table.how_many(scene)
    done = 0

    def step(more: int) -> None:
        nonlocal done
        done += more
        progress(done, total)

    progress(0, total)
    return step


def _write(pack: Pack, reading: _Reading) -> None:
    scene, plan = reading.scene, reading.plan
    if reading.deidentified:
        figures = kept_figures(scene)
        figures = counted(scene, plan, reading.step) if figures is None else figures
    else:
        figures = _identified(pack, reading)
    lines = safe_lines(figures)
    _safe_tables(pack, lines, plan)
    # One text at a time: a lesson with its pictures is large, and there may be hundreds of versions.
    for name, data in chain(
        texts.agreement_files(scene), texts.lesson_files(scene), texts.policy_files(scene)
    ):
        pack.add(name, data)
    pack.table(
        "policy/editions.csv", texts.EDITIONS, texts.edition_rows(scene, deidentified=reading.deidentified)
    )
    pack.table("policy/facts.csv", texts.FACTS, texts.fact_rows(scene))
    pack.table("policy/reviews.csv", texts.REVIEWS, texts.review_rows(scene))
    pack.add("evidence-keys.json", canonical({"keys": published_keys()}))
    names = [each.name for each in pack.files]
    told = safe_summary(scene, lines, names) if reading.deidentified else summary(scene, figures, names)
    pack.add("summary.html", summary_page.written(told))
    from proof import summary_pdf  # noqa: PLC0415  (7 MB of every web worker, and only the worker makes packs)

    pack.add("summary.pdf", summary_pdf.written(told))


def _safe_tables(pack: Pack, lines: list[Line], plan: Plan) -> None:
    pack.table("coverage_deid.csv", coverage_tables.DEIDENTIFIED, coverage_tables.deidentified_rows(lines))
    pack.table("pupils_deid.csv", coverage_tables.LESSONS, coverage_tables.lesson_rows(lines, plan))


def _identified(pack: Pack, reading: _Reading) -> list[Figure]:
    """Everything with somebody in it. Returns the figures: of a frozen year those kept, else counted on the way."""
    scene, plan = reading.scene, reading.plan
    tally = Tally(plan)

    def everybody(count: bool) -> pupil_tables.Pupils:
        for pupil in pupils.pupils_of(scene, plan, with_names=True, looked_at=reading.step):
            if count:
                tally.add(pupil)
            yield pupil

    pack.table("pupils.csv", pupil_tables.PUPILS, pupil_tables.pupil_rows(everybody(True), plan))
    pack.table("makeup.csv", pupil_tables.MAKEUP, pupil_tables.makeup_rows(everybody(False), plan))
    figures = kept_figures(scene) if scene.freeze else tally.figures()
    assert figures is not None, "a frozen year has its figures"
    pack.table("coverage.csv", coverage_tables.COVERAGE, coverage_tables.coverage_rows(figures))
    pack.table("amendments.csv", pupil_tables.AMENDMENTS, pupil_tables.amendment_rows(scene))
    pack.table("staff.csv", staff_table.STAFF, staff_table.staff_rows(scene, reading.step))
    pack.table("sessions.csv", session_table.SESSIONS, session_table.session_rows(scene))
    pack.table("agreements/signatures.csv", texts.SIGNATURES, texts.signature_rows(scene))
    return figures
