"""Find our column in a platform's gradebook, or make it, once (AGS 2.0, 3.2)."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import sqlalchemy as sa

from core.clock import now
from core.database import db, transaction
from lti_tool.models import Context, LineItem
from lti_tool.scopes import LINEITEM_SCOPE, LINEITEM_TYPE, LINEITEMS_TYPE
from lti_tool.service_calls import PlatformService

LEASE = timedelta(seconds=60)
MOST_PAGES = 50


class BeingMade(Exception):
    """Another worker is finding or making this column just now."""


def column_url(service: PlatformService, line_item_id: int) -> str:
    """Address of the column, found or made in the platform when we do not know it yet.

    Raises BeingMade, or ServiceRefused as the platform answers.
    """
    item, lineitems_url = _lease(line_item_id)
    if item.url:
        return item.url
    try:
        url = _find(service, lineitems_url, item) or _make(service, lineitems_url, item)
    except Exception:
        _release(line_item_id, None)
        raise
    _release(line_item_id, url)
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


def _release(line_item_id: int, url: str | None) -> None:
    with transaction():
        item = db.get_one(LineItem, line_item_id)
        item.leased_until = None
        if url:
            item.url = url


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
