"""Find our column in a platform's gradebook, or make it, once (AGS 2.0, 3.2)."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import sqlalchemy as sa

from core.clock import now
from core.database import db, transaction
from lti_tool.models import Context, LineItem, ResourceLink, ScoreDelivery
from lti_tool.scopes import LINEITEM_SCOPE, LINEITEM_TYPE, LINEITEMS_TYPE
from lti_tool.service_calls import PlatformService

LEASE = timedelta(seconds=60)
MOST_PAGES = 50


class BeingMade(Exception):
    """Another worker is finding or making this column just now."""


def column_url(service: PlatformService, line_item_id: int) -> str:
    """Address of the column, found or made in the platform when we do not know it yet.

    Raises BeingMade, ToldToStop, or ServiceRefused as the platform answers.
    """
    item, lineitems_url = _lease(line_item_id)
    if item.url:
        return item.url
    try:
        url = _find(service, lineitems_url, item)
        if url is None:
            _lease_on(item)
            url = _make(service, lineitems_url, item)
        _keep(item, url)
    finally:
        _release(item)
    return url


def forget_column(line_item_id: int) -> None:
    """The platform says our column is gone; the next score finds or makes another."""
    with transaction():
        ours = sa.and_(LineItem.id == line_item_id, LineItem.resource_id.is_not(None))
        db.execute(sa.update(LineItem).where(ours).values(url=None))


def _lease(line_item_id: int) -> tuple[LineItem, str]:
    """The row, ours alone for a minute unless its address is known already."""
    with transaction():
        item = db.get_one(LineItem, line_item_id, with_for_update=True)
        if not item.url:
            if item.leased_until and item.leased_until > now():
                raise BeingMade
            item.leased_until = now() + LEASE
        context = db.get(Context, item.context_pk) if item.context_pk else None
        db.flush()
        db.expunge(item)
        return item, (context.lineitems_url if context else None) or ""


def _lease_on(item: LineItem) -> None:
    """Another minute, to make it in: looking through a long gradebook may have taken all of the first.

    Raises BeingMade when another worker took over meanwhile.
    """
    with transaction():
        row = db.get_one(LineItem, item.id, with_for_update=True)
        if row.leased_until != item.leased_until:
            raise BeingMade
        row.leased_until = item.leased_until = now() + LEASE


def _release(item: LineItem) -> None:
    with transaction():
        mine = sa.and_(LineItem.id == item.id, LineItem.leased_until == item.leased_until)
        db.execute(sa.update(LineItem).where(mine).values(leased_until=None))


def _keep(item: LineItem, url: str) -> None:
    """Write down the column's address.

    A column may be known already, from a link that came coupled to it beside one that did not: then the link that
    did not and its scores belong to that column from now on.
    """
    with transaction():
        same = sa.select(LineItem.id).filter_by(platform_id=item.platform_id, url=url)
        known = db.scalars(same).one_or_none()
        if known is None:
            db.execute(sa.update(LineItem).where(LineItem.id == item.id).values(url=url))
        elif known != item.id:
            _move_to(known, item.id)


def _move_to(known: int, other: int) -> None:
    has_one = sa.select(ScoreDelivery.person_id).where(ScoreDelivery.line_item_id == known)
    free = sa.and_(ScoreDelivery.line_item_id == other, ScoreDelivery.person_id.not_in(has_one))
    db.execute(sa.update(ScoreDelivery).where(free).values(line_item_id=known))
    db.execute(sa.update(ResourceLink).where(ResourceLink.line_item_id == other).values(line_item_id=known))


def _find(service: PlatformService, lineitems_url: str, item: LineItem) -> str | None:
    """By resourceId and tag. A platform may ignore the filters, so we look again; two of them: the first made."""
    asked = {"resource_id": item.resource_id or "", "tag": item.tag or ""}
    url: str | None = _with_query(lineitems_url, asked)
    seen: set[str] = set()
    while url and url not in seen and len(seen) < MOST_PAGES:
        seen.add(url)
        page = service.call("GET", url, [LINEITEM_SCOPE], accept=LINEITEMS_TYPE)
        for found in page.body if isinstance(page.body, list) else []:
            if (found.get("resourceId"), found.get("tag")) == (item.resource_id, item.tag) and found.get(
                "id"
            ):
                return str(found["id"])
        url = page.next_url
    return None


def _make(service: PlatformService, lineitems_url: str, item: LineItem) -> str:
    wanted: dict[str, Any] = {
        "scoreMaximum": 100,
        "label": item.label,
        "resourceId": item.resource_id,
        "tag": item.tag,
    }
    made = service.call(
        "POST",
        lineitems_url,
        [LINEITEM_SCOPE],
        accept=LINEITEM_TYPE,
        content_type=LINEITEM_TYPE,
        data=json.dumps(wanted),
    )
    return str(made.body["id"])


def _with_query(url: str, asked: dict[str, str]) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode(parse_qsl(parts.query) + list(asked.items()))))


def sub_address(lineitem_url: str, name: str) -> str:
    """`/scores` or `/results` goes before the query string (Moodle's `?type_id=1`; row 116)."""
    parts = urlsplit(lineitem_url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{name}"))
