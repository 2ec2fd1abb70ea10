"""A letter as it stands today: read at the moment of sending, so that who is done meanwhile is left in peace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

import sqlalchemy as sa
from markupsafe import Markup

from completion.dates import written_time
from core.database import db
from core.language import _, language, speaking
from people.models import District, Identity, Person
from people.roster_models import Building
from reminders.models import Letter, MailSettings, RefusedAddress, Reminder
from reminders.owing import Owed, owed_in
from reminders.withdrawn import withdrawn_in
from reminders.words import (
    NO_TRAP,
    Part,
    digest_part,
    due_part,
    forecast_part,
    lapsed_part,
    owed_part,
    undecided_part,
)


@dataclass(frozen=True)
class Recipient:
    """An address of a person that the district vouches for."""

    person_id: int
    address: str
    fingerprint: str


@dataclass(frozen=True)
class Composed:
    """recipient  None: the district vouches for no address of theirs that works
    message    None: there is nothing left to say
    """

    recipient: Recipient | None
    message: EmailMessage | None


def compose(letter_id: int, at: datetime) -> Composed:
    """Reads only; a constant number of queries."""
    letter = db.get_one(Letter, letter_id)
    district = db.get_one(District, letter.district_id)
    settings = db.scalars(sa.select(MailSettings).filter_by(district_id=district.id)).one()
    recipient = recipient_of(district, letter.person_id)
    if recipient is None:
        return Composed(None, None)
    wish = db.scalar(sa.select(Person.language).filter_by(id=letter.person_id))
    with speaking(wish):
        parts = _parts(letter, district, at)
        message = (
            write(settings, district, recipient.address, parts, message_id=letter.message_id, at=at)
            if parts
            else None
        )
    return Composed(recipient, message)


def recipient_of(district: District, person_id: int) -> Recipient | None:
    """The first of their addresses that is in one of the district's domains and was not refused."""
    refused = sa.select(RefusedAddress.id).where(
        RefusedAddress.district_id == district.id, RefusedAddress.fingerprint == Identity.fingerprint
    )
    rows = db.execute(
        sa.select(Identity.value, Identity.fingerprint)
        .join(Person, Person.id == Identity.person_id)
        .where(
            Identity.person_id == person_id,
            Identity.district_id == district.id,
            Identity.scheme == "email",
            Person.audience == "staff",
            ~refused.exists(),
        )
        .order_by(Identity.id)
    )
    for value, fingerprint in rows:
        if is_ours(district, value):
            return Recipient(person_id, value, fingerprint)
    return None


def is_ours(district: District, address: str) -> bool:
    """Whether it is one address in a domain of the district."""
    local, _at, domain = address.strip().rpartition("@")
    plain = address.isprintable() and not set(address) & set(' ,;<>()"\\')
    return bool(local) and plain and domain.casefold() in {each.casefold() for each in district.email_domains}


def write(
    settings: MailSettings,
    district: District,
    to: str,
    parts: Sequence[Part],
    *,
    message_id: str,
    at: datetime,
) -> EmailMessage:
    """Plain text, and the same as simple HTML. The language is that of `speaking`."""
    subject = parts[0].subject
    if len(parts) > 1:
        subject = _("%(first)s, and more", first=subject)
    said = [line for part in parts for line in part.paragraphs]
    small = [*dict.fromkeys(part.often for part in parts if part.often), _(NO_TRAP)]
    small.append(_("Sent by %(district)s.", district=district.name))
    press = _("Open the course")

    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())
    message["From"] = Address(district.name, addr_spec=settings.sender)
    message["To"] = to
    if settings.reply_to:
        message["Reply-To"] = settings.reply_to
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    # RFC 3834: no out-of-office answers to these.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    text = "\n\n".join([*said, f"{press}: {settings.course_url}", *small])
    message.set_content(text + "\n", cte="quoted-printable")
    page = _page(subject, said, small, Markup('<a href="{}">{}</a>').format(settings.course_url, press))
    message.add_alternative(page, subtype="html", cte="quoted-printable")
    # Last, as whatever sets the content takes the headers of the one before away.
    message["Content-Language"] = language()
    return message


def _parts(letter: Letter, district: District, at: datetime) -> list[Part]:
    reminders = db.scalars(sa.select(Reminder).filter_by(letter_id=letter.id).order_by(Reminder.id)).all()
    owed = {_subject(each): each for each in owed_in(district, at, letter.person_id)}
    buildings = _names(district, [each.detail.get("building") for each in reminders])
    found = []
    for each in reminders:
        if each.kind == "digest":
            place = buildings.get(each.detail["building"], district.name)
            found.append(digest_part(place, each.detail))
        elif each.kind == "forecast":
            day = date.fromisoformat(each.subject.partition(":")[0])
            found.append(forecast_part(day, each.detail["people"]))
        elif each.subject in owed:
            found.append(owed_part(owed[each.subject], letter.day))
    # First, as the first part is the subject of the letter, and this one waits for hours only.
    return (
        _of_access_withdrawn(letter, {(each.kind, each.subject) for each in reminders}, district, at) + found
    )


def _of_access_withdrawn(
    letter: Letter, told: set[tuple[str, str]], district: District, at: datetime
) -> list[Part]:
    kinds = {kind for kind, _subject in told}
    if kinds.isdisjoint(("undecided", "lapsed", "due")):
        return []
    found = withdrawn_in(district, at).besides(letter.person_id)
    lapsed = [each for each in found.lapsed if ("lapsed", each.public_id) in told]
    parts = []
    if "undecided" in kinds and found.undecided:
        first = written_time(found.undecided[0].review_due_at, district.timezone)
        parts.append(undecided_part(len(found.undecided), first))
    if lapsed:
        parts.append(lapsed_part(len(lapsed)))
    if "due" in kinds and found.due:
        parts.append(due_part(len(found.due)))
    return parts


def _subject(owed: Owed) -> str:
    return f"{owed.topic}:{owed.last_day}"


def _names(district: District, ids: Sequence[int | None]) -> dict[int, str]:
    rows = db.execute(
        sa.select(Building.id, Building.name).where(
            Building.district_id == district.id, Building.id.in_([each for each in ids if each is not None])
        )
    )
    return {row.id: row.name for row in rows}


def _page(subject: str, said: Sequence[str], small: Sequence[str], link: Markup) -> str:
    paragraphs = Markup("\n").join(Markup("<p>{}</p>").format(line) for line in said)
    notes = Markup("\n").join(Markup("<p><small>{}</small></p>").format(line) for line in small)
    return Markup(
        '<!doctype html>\n<html lang="{}"><head><meta charset="utf-8"><title>{}</title></head>\n'
        "<body>\n{}\n<p>{}</p>\n{}\n</body></html>\n"
    ).format(language(), subject, paragraphs, link, notes)
