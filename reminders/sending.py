"""Send the letters that are due, each once as far as anybody can know. The worker's step.

A letter is claimed by a lease, sent outside any transaction and settled at once. A worker that dies between the
server's yes and our note of it leaves a lease that runs out: the letter goes again under the same Message-ID, by which
mail systems know it for the same.
"""

import smtplib
import time
from datetime import date, datetime, timedelta
from threading import Event

import sqlalchemy as sa

from core.clock import now
from core.database import db, insert_for, only_reading, transaction
from core.logs import log
from core.sealed import new_secret
from people.models import District
from reminders.composing import Composed, Recipient, compose
from reminders.models import (
    LATE,
    MOOT,
    REFUSED,
    SENT,
    WAITING,
    Letter,
    MailSettings,
    RefusedAddress,
    Reminder,
)
from reminders.planning import open_now
from reminders.post import TIMEOUT, LetterRefused, Server, ServerUnusable, connected, hand_over

WORKER = new_secret(8)
BATCH = 25
LEASE = timedelta(minutes=10)
LATER = (5, 15, 60, 180)
"""Minutes until a letter is tried again that was not taken for now; after as many tries, the last for ever."""
BREAKS = 5
"""Tries of a letter in the midst of which the connection breaks, before it is this letter's fault."""
LEFT_ALONE = (1, 2, 5, 15, 30)
"""Minutes for which a server is left alone, by how often in a row it could not be used."""


class InDoubt(ServerUnusable):
    """The connection broke in the midst of a letter: it may have been taken."""


def send_due(stop: Event | None = None, timeout: float = TIMEOUT) -> int:
    """A batch of each district's letters. Returns how many were settled; those put back are not counted."""
    waiting = sa.select(Letter.id).where(
        Letter.district_id == MailSettings.district_id,
        Letter.state == WAITING,
        Letter.due_at <= now(),
        _free(now()),
    )
    with only_reading():
        ids = list(db.scalars(sa.select(MailSettings.id).where(waiting.exists()).order_by(MailSettings.id)))
    return sum(_send_of(each, stop or Event(), timeout) for each in ids if not (stop and stop.is_set()))


def server_of(settings: MailSettings) -> Server:
    return Server(settings.host, settings.port, settings.security, settings.login, settings.password)


def _send_of(settings_id: int, stop: Event, timeout: float) -> int:
    with transaction():
        settings = db.get_one(MailSettings, settings_id)
        letters = _claim(settings, now())
        server, sender = server_of(settings), settings.sender
    if not letters:
        return 0
    began, settled = time.monotonic(), 0
    try:
        with connected(server, timeout) as connection:
            while letters and not stop.is_set() and time.monotonic() - began < LEASE.total_seconds() / 2:
                if not _send(connection, settings_id, sender, letters[0]):
                    break
                letters.pop(0)
                settled += 1
    except InDoubt as trouble:
        letters.pop(0)
        _trouble(settings_id, trouble)
    except ServerUnusable as trouble:
        _trouble(settings_id, trouble)
    with transaction():
        _put_back(letters)
    return settled


def _trouble(settings_id: int, trouble: ServerUnusable) -> None:
    log.warning("mail_server_unusable", settings=settings_id, problem=trouble.problem, answer=trouble.answer)
    with transaction():
        _leave_alone(settings_id, trouble)


def _claim(settings: MailSettings, at: datetime) -> list[int]:
    district = db.get_one(District, settings.district_id)
    today = open_now(settings, district, at)
    if today is None or (settings.retry_at is not None and settings.retry_at > at):
        return []
    _end_days_before(district, today)
    ids = list(
        db.scalars(
            sa.select(Letter.id)
            .where(
                Letter.district_id == district.id,
                Letter.state == WAITING,
                Letter.day == today,
                Letter.due_at <= at,
                _free(at),
            )
            .order_by(Letter.due_at, Letter.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
    )
    if ids:
        db.execute(
            sa.update(Letter).where(Letter.id.in_(ids)).values(leased_until=at + LEASE, leased_by=WORKER)
        )
    return ids


def _free(at: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(Letter.leased_until.is_(None), Letter.leased_until < at)


def _end_days_before(district: District, today: date) -> None:
    """What was not sent on its day is not sent at all, and may be said anew in today's words.

    Unless it may have left: of that nobody knows, so it counts as told.
    """
    over = sa.select(Letter.id).where(
        Letter.district_id == district.id, Letter.state == WAITING, Letter.day < today
    )
    never_left = over.where(Letter.leased_until.is_(None))
    db.execute(sa.delete(Reminder).where(Reminder.letter_id.in_(never_left)))
    db.execute(
        sa.update(Letter)
        .where(Letter.id.in_(over))
        .values(state=LATE, leased_until=None, leased_by=None)
        .execution_options(synchronize_session=False)
    )


def _send(connection: smtplib.SMTP, settings_id: int, sender: str, letter_id: int) -> bool:
    """One letter, to its end. False when it is to be put back. Raises ServerUnusable."""
    with only_reading():
        paused = db.scalar(sa.select(MailSettings.paused_at).filter_by(id=settings_id)) is not None
        try:
            composed = None if paused else compose(letter_id, now())
        except Exception as error:
            # Whatever it was, the letters behind it must not wait for it.
            log.error("letter_broke", letter=letter_id, error=error)
            broken = True
        else:
            broken = False
    if broken:
        with transaction():
            _try_later(letter_id, "broke")
        return True
    if composed is None:
        return False
    if composed.recipient is None or composed.message is None:
        with transaction():
            _settle(letter_id, **_nothing_to_send(composed))
        return True
    try:
        hand_over(connection, composed.message, sender, composed.recipient.address)
    except LetterRefused as refusal:
        with transaction():
            _refused(settings_id, letter_id, refusal, composed.recipient)
        return True
    except ServerUnusable as trouble:
        if trouble.problem == "connection":
            with transaction():
                _note_break(letter_id)
            raise InDoubt(trouble.problem, trouble.answer) from trouble
        raise
    with transaction():
        _settle(letter_id, state=SENT, sent_at=now(), problem=None)
        db.execute(
            sa.update(MailSettings)
            .where(MailSettings.id == settings_id)
            .values(last_sent_at=now(), failures=0, problem=None, answer=None, problem_at=None, retry_at=None)
        )
    return True


def _nothing_to_send(composed: Composed) -> dict[str, object]:
    if composed.recipient is None:
        return {"state": REFUSED, "problem": "no_address"}
    return {"state": MOOT, "problem": None}


def _settle(letter_id: int, **values: object) -> None:
    """Write down what became of a letter, if its lease is still ours."""
    db.execute(
        sa.update(Letter)
        .where(Letter.id == letter_id, Letter.leased_by == WORKER)
        .values(leased_until=None, leased_by=None, **values)
    )


def _refused(settings_id: int, letter_id: int, refusal: LetterRefused, to: Recipient) -> None:
    problem = f"{'address' if refusal.address else 'data'} {refusal.answer}"
    if not refusal.lasting:
        _try_later(letter_id, problem)
        return
    _settle(letter_id, state=REFUSED, problem=problem)
    settings = db.get_one(MailSettings, settings_id)
    if refusal.address:
        db.execute(
            insert_for(RefusedAddress)
            .values(
                district_id=settings.district_id,
                person_id=to.person_id,
                fingerprint=to.fingerprint,
                answer=refusal.answer,
                refused_at=now(),
            )
            .on_conflict_do_nothing()
        )
    else:
        settings.problem, settings.answer, settings.problem_at = "data", refusal.answer, now()


def _try_later(letter_id: int, problem: str) -> None:
    """Until its day ends; what was not sent by then is said anew on another day."""
    tries = _next_try(letter_id)
    wait = LATER[min(tries, len(LATER)) - 1]
    _settle(letter_id, tries=tries, problem=problem, due_at=now() + timedelta(minutes=wait))


def _next_try(letter_id: int) -> int:
    return (db.scalar(sa.select(Letter.tries).filter_by(id=letter_id)) or 0) + 1


def _note_break(letter_id: int) -> None:
    tries = _next_try(letter_id)
    if tries >= BREAKS:
        _settle(letter_id, state=REFUSED, tries=tries, problem="broke_off")
    else:
        # The lease stays: the server may have taken it, and a day that ends now must not say it twice.
        db.execute(sa.update(Letter).where(Letter.id == letter_id).values(tries=tries))


def _leave_alone(settings_id: int, trouble: ServerUnusable) -> None:
    settings = db.scalars(sa.select(MailSettings).filter_by(id=settings_id).with_for_update()).one()
    settings.failures += 1
    wait = LEFT_ALONE[min(settings.failures, len(LEFT_ALONE)) - 1]
    settings.retry_at = now() + timedelta(minutes=wait)
    settings.problem, settings.answer, settings.problem_at = trouble.problem, trouble.answer, now()


def _put_back(letters: list[int]) -> None:
    if letters:
        db.execute(
            sa.update(Letter)
            .where(Letter.id.in_(letters), Letter.leased_by == WORKER)
            .values(leased_until=None, leased_by=None)
        )
