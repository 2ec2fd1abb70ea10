"""How a district's mail is sent, who is told what, and what became of each letter."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.sealed import Sealed

WAITING, SENT, REFUSED, MOOT, LATE = "waiting", "sent", "refused", "moot", "late"


class MailSettings(Base):
    """The district's own mail server. Without a row the district sends no reminders.

    security  `starttls`, or `tls` from the first byte; never neither
    """

    __tablename__ = "mail_settings"
    __table_args__ = (
        sa.CheckConstraint("security IN ('starttls', 'tls')", name="security_is_known"),
        sa.CheckConstraint("send_from BETWEEN 0 AND 18", name="sent_in_the_day"),
        sa.CheckConstraint("(login IS NULL) = (password IS NULL)", name="login_has_a_password"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"), unique=True)
    host: Mapped[str] = mapped_column(sa.String(253))
    port: Mapped[int]
    security: Mapped[str] = mapped_column(sa.String(10))
    login: Mapped[str | None] = mapped_column(Sealed)
    password: Mapped[str | None] = mapped_column(Sealed)
    sender: Mapped[str] = mapped_column(sa.String(254))
    reply_to: Mapped[str | None] = mapped_column(sa.String(254))
    course_url: Mapped[str] = mapped_column(sa.Text)
    """Where letters lead: the staff course in the LMS. The same for everybody; it signs nobody in."""
    send_from: Mapped[int] = mapped_column(default=7)
    """The hour of the district's day at which letters begin to leave."""
    paused_at: Mapped[datetime | None]
    planned_on: Mapped[date | None]
    """The last day of the district whose letters were written down."""
    retry_at: Mapped[datetime | None]
    """Until then the server is left alone."""
    failures: Mapped[int] = mapped_column(default=0)
    """How often in a row it could not be used."""
    problem: Mapped[str | None] = mapped_column(sa.String(20))
    """The last thing it said no to, one of reminders.words.PROBLEMS; kept until a letter is taken."""
    answer: Mapped[int | None]
    """The number it answered with."""
    problem_at: Mapped[datetime | None]
    last_sent_at: Mapped[datetime | None]


class Letter(Base):
    """One mail to one person on one day of the district; there is never a second.

    Its text is made when it is sent and kept nowhere. A worker that dies in between leaves a lease that runs out, and
    the letter goes again under the same Message-ID.

    state  waiting | sent | refused (by the server for good, or there is nowhere to send it) | moot (done meanwhile)
           | late (its day ended first)
    """

    __tablename__ = "reminder_letter"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "day"),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'refused', 'moot', 'late')", name="state_is_known"),
        sa.Index("ix_reminder_letter_district_id", "district_id", "state", "due_at"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    day: Mapped[date]
    message_id: Mapped[str] = mapped_column(sa.String(255), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10), default=WAITING)
    due_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    leased_by: Mapped[str | None] = mapped_column(sa.String(20))
    sent_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(sa.String(20))


class Reminder(Base):
    """Somebody is told one thing, once.

    kind     `assigned`, `before_14` ... `before_0`, `grace_1` ...; `digest`; `forecast`; `undecided`, `lapsed`, `due`
             of access withdrawn
    subject  what is told apart from the same another time: "rua:2026-27:2026-09-15", "2026-W38:12", "2026-09-22:eve",
             "2026-09-22", "rv_...", "2026-W38"
    detail   numbers only: of a digest and of a forecast
    """

    __tablename__ = "reminder"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "kind", "subject"),
        sa.Index("ix_reminder_letter_id", "letter_id"),
        sa.Index("ix_reminder_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("reminder_letter.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(20))
    subject: Mapped[str] = mapped_column(sa.String(80))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class RefusedAddress(Base):
    """The server said for good that it knows no such address; it is not tried again until somebody says so."""

    __tablename__ = "refused_address"
    __table_args__ = (
        sa.UniqueConstraint("district_id", "fingerprint"),
        sa.Index("ix_refused_address_person_id", "person_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    """That of the identity (people.directory.print_of)."""
    answer: Mapped[int]
    refused_at: Mapped[datetime]
