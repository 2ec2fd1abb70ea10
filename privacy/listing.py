"""The disclosure log and the audit log as pages read them: newest first, filtered, a page at a time."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from json import dumps
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from core.database import db
from core.spreadsheets import BYTE_ORDER_MARK, harmless
from people.audit_models import AuditEntry
from people.disclosure_models import Disclosure
from people.disclosures import KINDS
from people.models import District

PAGE = 50
MOST_IN_A_FILE = 50_000
HEAD = ("number", "time (UTC)", "who", "what", "to what", "details", "request", "sha256")


@dataclass(frozen=True)
class Wish:
    """What a reader of the audit log asked for; None where they did not say."""

    action: str | None = None
    name: str | None = None
    since: date | None = None
    until: date | None = None
    before: int | None = None


def read_wish(given: Mapping[str, str]) -> Wish:
    """What can not be read is not asked for; the form shows what was understood."""
    number = given.get("before", "")
    return Wish(
        given.get("action", "").strip() or None,
        given.get("name", "").strip() or None,
        _day(given.get("since", "")),
        _day(given.get("until", "")),
        int(number) if number.isdecimal() and len(number) < 16 else None,
    )


def audit_entries(district: District, wish: Wish, limit: int) -> list[AuditEntry]:
    wanted = sa.select(AuditEntry).filter_by(district_id=district.id).order_by(AuditEntry.seq.desc())
    if wish.action:
        wanted = wanted.where(AuditEntry.action == wish.action)
    if wish.name:
        wanted = wanted.where(sa.or_(AuditEntry.actor == wish.name, AuditEntry.subject == wish.name))
    if wish.since:
        wanted = wanted.where(AuditEntry.at >= _midnight(wish.since, district))
    if wish.until:
        wanted = wanted.where(AuditEntry.at < _midnight(wish.until + timedelta(days=1), district))
    if wish.before:
        wanted = wanted.where(AuditEntry.seq < wish.before)
    return list(db.scalars(wanted.limit(limit)))


def actions_of(district_id: int) -> list[str]:
    return list(
        db.scalars(
            sa.select(AuditEntry.action).filter_by(district_id=district_id).distinct().order_by("action")
        )
    )


def audit_csv(entries: Iterable[AuditEntry]) -> str:
    """UTF-8 text with a byte order mark, nothing in it that a spreadsheet would run."""
    out = io.StringIO()
    sheet = csv.writer(out, lineterminator="\r\n")
    sheet.writerow(HEAD)
    for each in entries:
        said: list[Any] = [
            each.seq, each.at.isoformat(), each.actor, each.action, each.subject,
            dumps(each.detail, sort_keys=True), each.request_id or "", each.sha256,
        ]  # fmt: skip
        sheet.writerow([harmless(str(cell)) for cell in said])
    return BYTE_ORDER_MARK + out.getvalue()


def disclosures(district_id: int, kind: str | None, before: int | None) -> list[Disclosure]:
    """One more than a page, where there is one."""
    wanted = sa.select(Disclosure).filter_by(district_id=district_id).order_by(Disclosure.id.desc())
    if kind in KINDS:
        wanted = wanted.where(Disclosure.kind == kind)
    if before:
        wanted = wanted.where(Disclosure.id < before)
    return list(db.scalars(wanted.limit(PAGE + 1)))


def _day(text: str) -> date | None:
    try:
        return (
            date.fromisoformat(text)
            if date(2000, 1, 1) <= date.fromisoformat(text) < date(2200, 1, 1)
            else None
        )
    except ValueError:
        return None


def _midnight(day: date, district: District) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(district.timezone))
