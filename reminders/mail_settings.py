"""What a district says about its mail: set, pause, go on, and try refused addresses again. All of it is audited."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from core.clock import now
from core.database import db
from core.errors import Refused
from core.settings import LOCAL_HOSTS
from people.audit import Actor, record
from people.models import District
from reminders.models import Letter, MailSettings, RefusedAddress

REQUIRED = ("host", "sender", "course_url")
PORTS = {"starttls": 587, "tls": 465}
HOST = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
)
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{1,189}$)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
LATELY = timedelta(days=7)


class OddMailSettings(Refused):
    code = "odd_mail_settings"


class NoMail(Refused):
    code = "no_mail"


@dataclass(frozen=True)
class Letters:
    """How many letters of the last seven days, by state; and those who could not be written to."""

    by_state: dict[str, int]
    no_address: int
    refused_addresses: int


def settings_of(district: District) -> MailSettings | None:
    return db.scalars(sa.select(MailSettings).filter_by(district_id=district.id)).one_or_none()


def require_settings(district: District) -> MailSettings:
    """Raises NoMail."""
    found = settings_of(district)
    if found is None:
        raise NoMail(f"{district.slug} sends no mail yet; see flask mail set --help")
    return found


def set_mail(district: District, changes: dict[str, Any], actor: Actor) -> MailSettings:
    """Change what is named and keep the rest; what the server did before is forgotten, so it is tried at once.

    Raises OddMailSettings.
    """
    settings = settings_of(district)
    if settings is None:
        missing = [name for name in REQUIRED if not changes.get(name)]
        if missing:
            raise OddMailSettings(
                f"say at least host, sender and course address; missing: {', '.join(missing)}"
            )
        settings = MailSettings(district_id=district.id, security="starttls", port=0)
        db.add(settings)
    for name, value in changes.items():
        setattr(settings, name, value)
    if not changes.get("port") and ("security" in changes or not settings.port):
        settings.port = PORTS[settings.security]
    _check(district, settings)
    settings.retry_at = settings.problem = settings.answer = settings.problem_at = None
    settings.failures = 0
    db.flush()
    # Which were set, never to what: a password must not stand in a log that is never cut.
    record(district.id, actor, "mail_set", f"district:{district.slug}", changed=sorted(changes))
    return settings


def pause(district: District, actor: Actor) -> None:
    """No letter leaves and none is written down until `go_on`. Doing so again changes nothing. Raises NoMail."""
    settings = require_settings(district)
    if settings.paused_at is None:
        settings.paused_at = now()
        record(district.id, actor, "mail_paused", f"district:{district.slug}")


def go_on(district: District, actor: Actor) -> None:
    """Also tries a server again that is being left alone. Raises NoMail."""
    settings = require_settings(district)
    settings.retry_at = None
    if settings.paused_at is not None:
        settings.paused_at = None
        record(district.id, actor, "mail_went_on", f"district:{district.slug}")


def try_addresses_again(district: District, actor: Actor) -> int:
    """Forget which addresses the server refused. Returns how many there were."""
    gone = db.execute(sa.delete(RefusedAddress).where(RefusedAddress.district_id == district.id))
    count = int(gone.rowcount)  # type: ignore[attr-defined]
    if count:
        record(district.id, actor, "mail_addresses_freed", f"district:{district.slug}", count=count)
    return count


def letters_of(district: District, at: datetime) -> Letters:
    """In two queries."""
    rows = db.execute(
        sa.select(Letter.state, Letter.problem, sa.func.count())
        .where(Letter.district_id == district.id, Letter.created_at > at - LATELY)
        .group_by(Letter.state, Letter.problem)
    )
    by_state: dict[str, int] = {}
    nowhere = 0
    for state, problem, count in rows:
        if problem == "no_address":
            nowhere += count
        else:
            by_state[state] = by_state.get(state, 0) + count
    refused = db.scalar(
        sa.select(sa.func.count())
        .select_from(RefusedAddress)
        .where(RefusedAddress.district_id == district.id)
    )
    return Letters(by_state, nowhere, refused or 0)


def _check(district: District, settings: MailSettings) -> None:
    if not HOST.fullmatch(settings.host):
        raise OddMailSettings("host: write a name such as smtp.example.org", field="host")
    for name, address in (("from", settings.sender), ("reply-to", settings.reply_to)):
        if address is not None and not ADDRESS.fullmatch(address):
            raise OddMailSettings(f"{name}: write one plain address, such as lessons@example.org", field=name)
    if (settings.login is None) != (settings.password is None):
        raise OddMailSettings("a user name needs a password, and the other way round", field="user")
    url = urlsplit(settings.course_url)
    plain = url.scheme == "http" and url.hostname in LOCAL_HOSTS
    if not url.hostname or not (url.scheme == "https" or plain) or not settings.course_url.isprintable():
        raise OddMailSettings(
            "course: write the https address of the staff course in the LMS", field="course"
        )
    if url.username or url.password:
        raise OddMailSettings("course: leave user name and password out of the address", field="course")
    if not district.email_domains:
        raise OddMailSettings(
            "the district vouches for no e-mail domain, so nobody could be written to; "
            "see flask district add --email-domain"
        )
