"""Our columns: found or made once, however many workers want them, and kept true (AGS 2.0, 3.2)."""

from datetime import timedelta

import sqlalchemy as sa

from core.clock import now
from core.database import db, only_reading, transaction
from core.logs import log
from lti_tool.columns import A_YEAR, Column, Wanted, change_column, find_column, make_column, read_column
from lti_tool.models import Context, LineItem, ResourceLink, ScoreDelivery
from lti_tool.scopes import LINEITEM_SCOPE
from lti_tool.service_calls import PlatformService, ServiceRefused

LEASE = timedelta(seconds=60)

ABOUT_THE_COLUMN_ITSELF = (404, 410)


class BeingMade(Exception):
    """Another worker is finding or making this column just now."""


def column_url(service: PlatformService, line_item_id: int) -> str:
    """Address of the column, found or made in the platform when we do not know it yet.

    Raises BeingMade, ToldToStop, PagesLoop, or ServiceRefused as the platform answers.
    """
    item, lineitems_url, wanted = _lease(line_item_id)
    if item.url:
        return item.url
    try:
        column = find_column(service, lineitems_url, wanted)
        if column is None:
            _lease_on(item)
            column = make_column(
                service,
                lineitems_url,
                label=wanted.label,
                resource_id=wanted.resource_id,
                tag=wanted.tag,
            )
        _keep(item, column)
    finally:
        _release(item)
    return column.url


def forget_column(line_item_id: int) -> None:
    """The platform says our column is gone; the next score finds or makes another."""
    with transaction():
        ours = sa.and_(LineItem.id == line_item_id, LineItem.resource_id.is_not(None))
        db.execute(sa.update(LineItem).where(ours).values(url=None, told_tag=None, told_label=None))


def out_of_date(item: LineItem, ags_scopes: str) -> bool:
    """Whether the platform's column may carry another year's tag, or a title our lesson no longer has."""
    may_change = item.url is not None and LINEITEM_SCOPE in ags_scopes.split()
    old_tag = item.tag is not None and item.told_tag != item.tag
    return may_change and (old_tag or item.told_label not in (None, item.label))


def bring_up_to_date(service: PlatformService, line_item_id: int) -> None:
    """Look at the column once for each change of ours, and tell the platform what it has otherwise.

    A platform that refuses the change is left alone: the score matters more. Raises ServiceRefused for what a score
    would meet as well, ToldToStop.
    """
    with only_reading():
        item = db.get_one(LineItem, line_item_id)
        db.expunge(item)
    if item.url is None or (item.told_tag == item.tag and item.told_label in (None, item.label)):
        return
    label: str | None = None
    try:
        column = read_column(service, item.url)
        changes = _changes(item, column)
        if changes:
            change_column(service, column, changes)
        label = item.label if changes.get("label", column.label) == item.label else None
    except ServiceRefused as refusal:
        down = refusal.status in (0, 502, 503, 504) or refusal.pause is not None
        if down or refusal.status in ABOUT_THE_COLUMN_ITSELF:
            raise
        log.warning("column_not_changed", line_item=item.id, status=refusal.status)
    with transaction():
        told = {"told_tag": item.tag, "told_label": label if item.resource_id else None}
        db.execute(sa.update(LineItem).where(LineItem.id == item.id).values(told))


def _changes(item: LineItem, column: Column) -> dict[str, str]:
    """A year's tag of ours becomes this year's; a title follows the lesson's unless a teacher has changed it."""
    changes = {}
    if item.tag and A_YEAR.fullmatch(column.tag) and column.tag != item.tag:
        changes["tag"] = item.tag
    if item.told_label not in (None, item.label) and column.label == item.told_label:
        changes["label"] = item.label
    return changes


def _lease(line_item_id: int) -> tuple[LineItem, str, Wanted]:
    """The row, ours alone for a minute unless its address is known already, and what to look for."""
    with transaction():
        item = db.get_one(LineItem, line_item_id, with_for_update=True)
        if not item.url:
            if item.leased_until and item.leased_until > now():
                raise BeingMade
            item.leased_until = now() + LEASE
        context = db.get(Context, item.context_pk) if item.context_pk else None
        wanted = _wanted(item)
        db.flush()
        db.expunge(item)
        return item, (context.lineitems_url if context else None) or "", wanted


def _wanted(item: LineItem) -> Wanted:
    links = sa.select(ResourceLink.link_id).filter_by(line_item_id=item.id).order_by(ResourceLink.id)
    others = sa.select(LineItem.url).where(
        LineItem.context_pk == item.context_pk, LineItem.tag != item.tag, LineItem.url.is_not(None)
    )
    return Wanted(
        item.resource_id or "",
        item.tag or "",
        item.label,
        tuple(db.scalars(links)),
        frozenset(url for url in db.scalars(others) if url),
    )


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


def _keep(item: LineItem, column: Column) -> None:
    """Write down the column's address, and what it says of itself.

    A column may be known already, from a link that came coupled to it beside one that did not: then the link that
    did not and its scores belong to that column from now on.
    """
    with transaction():
        same = sa.select(LineItem.id).filter_by(platform_id=item.platform_id, url=column.url)
        known = db.scalars(same).one_or_none()
        if known is None:
            told = item.label if column.label == item.label else None
            values = {"url": column.url, "told_tag": column.tag or item.tag, "told_label": told}
            db.execute(sa.update(LineItem).where(LineItem.id == item.id).values(values))
        elif known != item.id:
            _move_to(known, item.id)


def _move_to(known: int, other: int) -> None:
    has_one = sa.select(ScoreDelivery.person_id).where(ScoreDelivery.line_item_id == known)
    free = sa.and_(ScoreDelivery.line_item_id == other, ScoreDelivery.person_id.not_in(has_one))
    db.execute(sa.update(ScoreDelivery).where(free).values(line_item_id=known))
    db.execute(sa.update(ResourceLink).where(ResourceLink.line_item_id == other).values(line_item_id=known))
