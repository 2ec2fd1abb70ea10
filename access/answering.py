"""What the addresses of IT's interface share: whose bookmarks, which names stand beside a person, and the note of what
was given out."""

from collections.abc import Iterable, Mapping
from typing import Any

from structlog.contextvars import bind_contextvars

from access.bookmarks import Bookmarks
from access.listing import SCHEMES, Row, vouched
from access.schemas import item
from core.clock import now
from core.current import current_settings
from core.sealed import fingerprint
from people.bearer import current_holder
from people.directory import identities_of
from people.disclosures import disclose
from people.models import District


def bookmarks() -> Bookmarks:
    return Bookmarks(current_settings().secret_key, current_holder().district.id)


def items_of(rows: Iterable[Row], district: District) -> list[dict[str, Any]]:
    rows = list(rows)
    names = identities_of((row[0].person_id for row in rows), SCHEMES)
    return [item(row, names.get(row[0].person_id, {}), district) for row in rows]


def known_as(names: Mapping[str, str], district: District) -> dict[str, str]:
    """An address of a domain the district does not vouch for is not the district's to give."""
    return {scheme: value for scheme, value in names.items() if scheme != "email" or vouched(value, district)}


def note(kind: str, people: int, subject: str = "district") -> None:
    """Also of an answer with one person in it: a list read one by one is a list read."""
    holder = current_holder()
    disclose(holder.district.id, holder.actor, kind, subject, people)


def log_who_was_asked(scheme: str, value: str) -> None:
    """On the line of this request in our log: nothing that names anybody, and another word for them each year."""
    district = current_holder().district
    said = value.casefold().encode(errors="replace").decode()
    bind_contextvars(asked=fingerprint(str(district.id), "log", f"{now():%Y}", scheme, said)[:16])
