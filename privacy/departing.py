"""A district leaves: announced with a date, its doors closed on it, everything given out as files, then erased.

Erasing is one transaction: it happened whole or not at all, and may be asked for again after any failure. Files are
written first, and the certificate stays when the district is gone.
"""

import hashlib
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from completion.deadlines import day_after
from core.clock import now
from core.database import db
from core.errors import Refused
from feeds.setting_up import feeds_of, pause
from held.district import its_tables, of_district
from held.inventory import table_called
from lti_tool.models import Platform
from lti_tool.withdrawing import withdraw_platform
from people.api_clients import revoke
from people.audit import COMMAND, WORKER, Actor, record
from people.holds import UnderHold, holds_of, take_turns
from people.models import ApiClient, District
from people.school_years import forget_school_years
from privacy.models import Departure

FORMAT = 1
TEMPORARY = ("sign_in", "admin_link", "registration_invite")
"""Ways in that are worth nothing once the doors are closed."""


class NotLeaving(Refused):
    code = "not_leaving"


def announce(district: District, last_day: date, asked_by: str, actor: Actor) -> Departure:
    """Raises Refused: announced already, or a last day that is over. Announcing again is for `stay` and anew."""
    take_turns(district.id)
    if _open(district.slug) is not None:
        raise Refused(f"{district.slug} is leaving already; --stay takes that back")
    leaves_at = day_after(last_day, district.timezone)
    if leaves_at <= now():
        raise Refused("the last day is over; give today or a later day", field="on")
    made = Departure(slug=district.slug, name=district.name, asked_by=asked_by, leaves_at=leaves_at)
    db.add(made)
    db.flush()
    record(
        district.id, actor, "departure_announced", f"departure:{made.public_id}", leaves_at=leaves_at.isoformat()
    )  # fmt: skip
    return made


def stay(district: District, actor: Actor) -> Departure:
    """Take the announcement back. What was closed stays closed until IT opens it. Raises NotLeaving."""
    found = departure_of(district.slug)
    found.stays_at = now()
    record(district.id, actor, "departure_taken_back", f"departure:{found.public_id}")
    return found


def departure_of(slug: str) -> Departure:
    """The one announced and neither taken back nor carried out. Raises NotLeaving."""
    found = _open(slug)
    if found is None:
        raise NotLeaving(f"{slug} is not leaving; announce it with --on and --by")
    return found


def newest_departure(slug: str) -> Departure | None:
    """Also one that was carried out, or taken back."""
    return db.scalars(
        sa.select(Departure).filter_by(slug=slug).order_by(Departure.id.desc()).limit(1)
    ).first()


def close_departed() -> int:
    """Worker step: close the doors of whoever's last day is over. Returns of how many."""
    due = db.scalars(
        sa.select(Departure)
        .where(Departure.leaves_at <= now(), Departure.closed_at.is_(None), Departure.stays_at.is_(None))
        .order_by(Departure.id)
        .with_for_update(skip_locked=True)
    ).all()
    for each in due:
        close(each, db.scalars(sa.select(District).filter_by(slug=each.slug)).one(), WORKER)
    return len(due)


def close(departure: Departure, district: District, actor: Actor) -> None:
    """Nobody comes in, nothing is sent, no program asks: platforms, clients, feeds, mail, and who is signed in."""
    for platform in db.scalars(sa.select(Platform).filter_by(district_id=district.id, withdrawn_at=None)):
        withdraw_platform(platform)
    for client in db.scalars(sa.select(ApiClient).filter_by(district_id=district.id, revoked_at=None)).all():
        revoke(client.client_id)
    for feed in feeds_of(district.id):
        pause(feed, actor)
    mail = table_called("mail_settings")
    db.execute(
        sa.update(mail)
        .where(of_district(mail, district.id), mail.c.paused_at.is_(None))
        .values(paused_at=now())
    )
    _end_visits(district.id)
    if departure.closed_at is None:
        departure.closed_at = now()
        record(district.id, actor, "doors_closed", f"departure:{departure.public_id}")


def may_erase(departure: Departure, district: District, *, at_once: bool) -> None:
    """Raises UnderHold, Refused (its last day is still to come)."""
    if holds_of(district.id, in_force=True):
        raise UnderHold(
            "A legal hold is in force in this district; nothing may be destroyed until it is lifted."
        )
    if not at_once and now() < departure.leaves_at:
        raise Refused(
            f"{district.slug} is here until {departure.leaves_at:%Y-%m-%d %H:%M} UTC; --now does not wait"
        )


def erase_district(
    departure: Departure, district: District, files_sha256: str, *, at_once: bool
) -> dict[str, Any]:
    """Remove every row of it and the district itself, one transaction. Returns the certificate.

    Raises UnderHold, Refused. Whoever is about to write a row of it waits, and then finds the district gone.
    """
    assert departure.closed_at is not None, "doors close first"
    db.execute(sa.select(District.id).filter_by(id=district.id).with_for_update())
    may_erase(departure, district, at_once=at_once)
    db.expunge(district)
    removed: dict[str, int] = {}
    for table in its_tables():
        gone = db.connection().execute(sa.delete(table).where(of_district(table, district.id))).rowcount
        removed |= {table.name: gone} if gone else {}
    departure.erased_at, departure.removed, departure.files_sha256 = now(), removed, files_sha256
    said = certificate(departure)
    departure.sha256 = _sha256(said)
    db.flush()
    forget_school_years()
    return said


def certificate(departure: Departure) -> dict[str, Any]:
    """What it says; its SHA-256 is over this as canonical JSON."""
    assert departure.erased_at is not None, "nothing was erased yet"
    return {
        "format": FORMAT,
        "certificate": departure.public_id,
        "district": departure.slug,
        "name": departure.name,
        "asked_by": departure.asked_by,
        "announced_at": departure.announced_at.isoformat(),
        "last_day_ended_at": departure.leaves_at.isoformat(),
        "erased_at": departure.erased_at.isoformat(),
        "by": COMMAND.name,
        "removed": departure.removed,
        "files_manifest_sha256": departure.files_sha256,
    }


def forget_bundles(slug: str, retention_folder: Path) -> bool:
    """What the retention schedule set aside on this machine for a district that is gone. Whether there was any."""
    if db.scalars(sa.select(District.id).filter_by(slug=slug)).first() is not None:
        return False
    place = retention_folder / slug
    there = place.is_dir()
    shutil.rmtree(place, ignore_errors=True)
    return there


def _open(slug: str) -> Departure | None:
    wanted = sa.select(Departure).filter_by(slug=slug, stays_at=None, erased_at=None).with_for_update()
    return db.scalars(wanted).one_or_none()


def _end_visits(district_id: int) -> None:
    for name in TEMPORARY:
        table = table_called(name)
        db.execute(sa.delete(table).where(of_district(table, district_id)))


def _sha256(said: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
