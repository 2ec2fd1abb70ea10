"""Packs that offices asked for: asked, made by the worker under a lease, kept for some days, and gone.

A worker that dies leaves a lease that runs out and sealed pieces under its name; the next one begins anew under a name
of its own, and only the pieces of the try that was finished are ever read.
"""

import os
from datetime import timedelta

import sqlalchemy as sa

from core.clock import now
from core.database import db, transaction
from core.errors import NotFound
from core.logs import log
from core.sealed import new_secret
from people.audit import WORKER, Actor, record
from people.models import SchoolYear
from proof import making
from proof.models import EvidencePack
from proof.pieces import LostLease, Pieces, forget_pieces, tell_progress

LEASE = timedelta(minutes=5)
"""Renewed with each batch of people and each piece that is written."""
MOST_TRIES = 5
FIRST_WAIT = timedelta(minutes=1)
"""Doubled with each try."""
KEPT = timedelta(days=7)


def ask(district_id: int, year: SchoolYear, *, deidentified: bool, office: str, actor: Actor) -> EvidencePack:
    """One that is on its way already is the answer to whoever asks for the same again."""
    same = sa.select(EvidencePack).filter_by(
        district_id=district_id, school_year_id=year.id, deidentified=deidentified, office=office
    )
    found = db.scalars(same.where(EvidencePack.state.in_(("waiting", "making"))).limit(1)).first()
    if found is not None:
        return found
    made = EvidencePack(
        district_id=district_id,
        school_year_id=year.id,
        deidentified=deidentified,
        office=office,
        asked_by=actor.name,
    )
    db.add(made)
    db.flush()
    record(
        district_id, actor, "evidence_pack_asked", f"pack:{made.public_id}",
        year=year.name, deidentified=deidentified, office=office,
    )  # fmt: skip
    return made


def pack_of(district_id: int, public_id: str) -> EvidencePack:
    """Raises NotFound."""
    found = None
    if public_id.isprintable():  # PostgreSQL refuses to compare with a NUL
        found = db.scalars(
            sa.select(EvidencePack).filter_by(district_id=district_id, public_id=public_id)
        ).one_or_none()
    if found is None:
        raise NotFound("There is no such pack here.")
    return found


def packs_of(district_id: int, limit: int = 20) -> list[tuple[EvidencePack, str]]:
    """The newest, each with the name of its year."""
    rows = db.execute(
        sa.select(EvidencePack, SchoolYear.name)
        .join(SchoolYear, SchoolYear.id == EvidencePack.school_year_id)
        .where(EvidencePack.district_id == district_id)
        .order_by(EvidencePack.id.desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


def make_due() -> int:
    """Worker step: remove what has expired, then make the pack that has waited longest. Returns 1 where it made one."""
    with transaction():
        _expire()
    with transaction():
        claimed = _claim()
    if claimed is None:
        return 0
    pack_id, lease = claimed
    try:
        _make(pack_id, lease)
    except LostLease:
        log.info("pack_lost_lease")
        with transaction():
            forget_pieces(pack_id, lease)
    except Exception as error:
        log.error("pack_broke", error=error)
        with transaction():
            _put_off(pack_id, lease)
    return 1


def _claim() -> tuple[int, str] | None:
    """(pack, lease)"""
    at = now()
    found = db.scalars(
        sa.select(EvidencePack)
        .where(
            sa.or_(
                sa.and_(EvidencePack.state == "waiting", EvidencePack.due_at <= at),
                sa.and_(EvidencePack.state == "making", EvidencePack.leased_until < at),
            )
        )
        .order_by(EvidencePack.due_at, EvidencePack.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if found is None:
        return None
    if found.tries >= MOST_TRIES:  # it took workers down with it
        found.state, found.leased_until, found.leased_by = "failed", None, None
        forget_pieces(found.id)
        return None
    found.state, found.tries, found.done = "making", found.tries + 1, 0
    found.leased_by, found.leased_until = f"{os.getpid()}-{new_secret(6)}", at + LEASE
    return found.id, found.leased_by


def _make(pack_id: int, lease: str) -> None:
    """Raises LostLease, and whatever breaks."""
    with transaction():
        pack = db.get_one(EvidencePack, pack_id)
        district_id, year_id, deidentified = pack.district_id, pack.school_year_id, pack.deidentified
        year = db.get_one(SchoolYear, year_id).name
        by = Actor(pack.asked_by)
    pieces = Pieces(district_id, pack_id, lease, LEASE)
    made = making.make(
        pieces, district_id, year_id, deidentified=deidentified, by=by,
        progress=lambda done, total: tell_progress(pack_id, lease, LEASE, done, total),
    )  # fmt: skip
    pieces.close()
    at = now()
    with transaction():
        kept = db.execute(
            sa.update(EvidencePack)
            .where(EvidencePack.id == pack_id, EvidencePack.leased_by == lease)
            .values(
                state="ready", leased_until=None, size=pieces.size, made_at=at, expires_at=at + KEPT,
                people=0 if deidentified else made.pupils,
                content_sha256=made.content_sha256, manifest_sha256=made.manifest_sha256,
            )
            .returning(EvidencePack.id)
        ).scalar_one_or_none()  # fmt: skip
        if kept is None:
            raise LostLease
        forget_pieces(pack_id, besides=lease)
        making.note(district_id, year, made, deidentified=deidentified, by=by)


def _put_off(pack_id: int, lease: str) -> None:
    forget_pieces(pack_id, lease)
    pack = db.scalars(
        sa.select(EvidencePack).filter_by(id=pack_id, leased_by=lease, state="making").with_for_update()
    ).one_or_none()
    if pack is None:
        return
    pack.leased_until = pack.leased_by = None
    pack.state = "failed" if pack.tries >= MOST_TRIES else "waiting"
    pack.due_at = now() + FIRST_WAIT * 2 ** (pack.tries - 1)


def _expire() -> None:
    over = sa.select(EvidencePack).where(EvidencePack.state == "ready", EvidencePack.expires_at <= now())
    for pack in db.scalars(over.with_for_update(skip_locked=True)):
        pack.state = "expired"
        forget_pieces(pack.id)
        record(pack.district_id, WORKER, "evidence_pack_expired", f"pack:{pack.public_id}")
