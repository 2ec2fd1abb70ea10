"""Write down who is told what today: once a day in each district, all of it or nothing. The worker's step."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from access.forecast import forecast
from completion.rules import Parts, is_working, rules_of
from core.clock import now
from core.database import db, insert_for
from core.sealed import new_secret
from people.models import District
from people.office_models import Office
from reminders.models import Letter, MailSettings, Reminder
from reminders.owing import how_many, owed_in
from reminders.stages import on_the_eve, speaks_until, stage
from reminders.withdrawn import TOLD_TO, matters, withdrawn_in

SEND_UNTIL = 19
"""The hour of the district's day at which letters cease to leave."""
LOOK_AHEAD = 8
"""Days of the forecast: a week, and the day after a weekend."""
AT_ONCE = 200
"""Rows of one statement."""
REMEMBERED = timedelta(days=500)
"""Longer than a school year with its grace; what is older is told by a subject of another year."""


@dataclass(frozen=True)
class Told:
    """One thing to tell somebody; see reminders.models.Reminder."""

    kind: str
    subject: str
    detail: dict[str, Any] = field(default_factory=dict)


def plan_due() -> int:
    """Plan the day of one district, if any is due. Returns how many were."""
    for settings in db.scalars(sa.select(MailSettings).order_by(MailSettings.id)).all():
        district = db.get_one(District, settings.district_id)
        if _is_due(settings, district, now()):
            locked = db.scalars(
                sa.select(MailSettings)
                .filter_by(id=settings.id)
                .with_for_update(skip_locked=True)
                .execution_options(populate_existing=True)
            ).one_or_none()
            # Another worker had it in hand, or was done a moment ago.
            if locked is not None and _is_due(locked, district, now()):
                plan(district, locked, now())
                return 1
    return 0


def open_now(settings: MailSettings, district: District, at: datetime) -> date | None:
    """The district's day, while letters may leave: from its hour on, on a working day that is not quiet."""
    local = at.astimezone(ZoneInfo(district.timezone))
    if settings.paused_at is not None or not settings.send_from <= local.hour < SEND_UNTIL:
        return None
    return local.date() if is_working(local.date(), _quiet(district)) else None


def plan(district: District, settings: MailSettings, at: datetime) -> None:
    """Today's letters of a district whose settings the caller holds."""
    today = at.astimezone(ZoneInfo(district.timezone)).date()
    until = speaks_until(today, _quiet(district))
    told: dict[int, list[Told]] = defaultdict(list)
    known = _told_before(district, at)
    for person_id, each in (
        *_to_owing(district, at, today, until, known),
        *_to_offices(district, at, today),
        *_to_deciders(district, at, today),
        *_to_it(district, at, today, until),
    ):
        if (person_id, each.kind, each.subject) not in known:
            told[person_id].append(each)
    _write(district, settings, at, today, told)
    settings.planned_on = today


def _is_due(settings: MailSettings, district: District, at: datetime) -> bool:
    today = open_now(settings, district, at)
    return today is not None and settings.planned_on != today


def _quiet(district: District) -> Parts:
    return rules_of(district.id, "staff").quiet


def _told_before(district: District, at: datetime) -> set[tuple[int, str, str]]:
    rows = db.execute(
        sa.select(Reminder.person_id, Reminder.kind, Reminder.subject).where(
            Reminder.district_id == district.id, Reminder.created_at > at - REMEMBERED
        )
    )
    return {(person_id, kind, subject) for person_id, kind, subject in rows}


def _to_owing(
    district: District, at: datetime, today: date, until: date, known: set[tuple[int, str, str]]
) -> Iterator[tuple[int, Told]]:
    spoken_of = {(person_id, _topic(subject)) for person_id, _, subject in known}
    for owed in owed_in(district, at):
        kind = stage(owed.last_day, owed.last_grace_day, today, until)
        if kind is None or (kind == "assigned" and (owed.person_id, owed.topic) in spoken_of):
            continue
        yield owed.person_id, Told(kind, f"{owed.topic}:{owed.last_day}")


def _topic(subject: str) -> str:
    return subject.rpartition(":")[0]


def _to_offices(district: District, at: datetime, today: date) -> Iterator[tuple[int, Told]]:
    """Once a week, as long as anybody owes something there."""
    holders = _holders(district, "school", "hr", "district")
    figures = how_many(district, at) if holders else {}
    week = today.strftime("%G-W%V")
    for person_id, building_id in holders:
        here = figures.get(building_id)
        if here is not None and here.owe:
            detail = {"building": building_id, **asdict(here)}
            yield person_id, Told("digest", f"{week}:{building_id or 'all'}", detail)


def _to_deciders(district: District, at: datetime, today: date) -> Iterator[tuple[int, Told]]:
    """Access withdrawn that waits for the personnel office."""
    holders = dict.fromkeys(person_id for person_id, _building_id in _holders(district, *TOLD_TO))
    if not holders:
        return
    found = withdrawn_in(district, at)
    for person_id in holders:
        for kind, subject in matters(found.besides(person_id), today):
            yield person_id, Told(kind, subject)


def _to_it(district: District, at: datetime, today: date, until: date) -> Iterator[tuple[int, Told]]:
    """A day on which people lose access is announced once in the week before, and again on the eve."""
    holders = _holders(district, "it")
    losses = forecast(district, at, LOOK_AHEAD).losses if holders else ()
    for loss in losses:
        if not loss.enforced or loss.day <= today:
            continue
        when = "eve" if on_the_eve(loss.day, today, until) else "week"
        for person_id, _building_id in holders:
            yield person_id, Told("forecast", f"{loss.day}:{when}", {"people": len(loss.enforced)})


def _holders(district: District, *offices: str) -> list[tuple[int, int | None]]:
    rows = db.execute(
        sa.select(Office.person_id, Office.building_id)
        .where(Office.district_id == district.id, Office.office.in_(offices))
        .distinct()
        .order_by(Office.person_id, Office.building_id)
    )
    return [(person_id, building_id) for person_id, building_id in rows]


def _write(
    district: District, settings: MailSettings, at: datetime, today: date, told: dict[int, list[Told]]
) -> None:
    domain = settings.sender.rpartition("@")[2]
    people = sorted(told)
    for some in (people[first : first + AT_ONCE] for first in range(0, len(people), AT_ONCE)):
        db.execute(
            insert_for(Letter)
            .values(
                [
                    {
                        "district_id": district.id,
                        "person_id": person_id,
                        "day": today,
                        "message_id": f"<{new_secret(16)}@{domain}>",
                        "due_at": at,
                    }
                    for person_id in some
                ]
            )
            .on_conflict_do_nothing()
        )
        letters = db.execute(
            sa.select(Letter.person_id, Letter.id).where(Letter.person_id.in_(some), Letter.day == today)
        )
        numbers = {row.person_id: row.id for row in letters}
        db.execute(
            insert_for(Reminder)
            .values(
                [
                    {
                        "district_id": district.id,
                        "person_id": person_id,
                        "letter_id": numbers[person_id],
                        "kind": each.kind,
                        "subject": each.subject,
                        "detail": each.detail,
                    }
                    for person_id in some
                    for each in told[person_id]
                ]
            )
            .on_conflict_do_nothing()
        )
