"""The columns of a platform's gradebook over HTTP (AGS 2.0, 3.2): look for ours, make it, change it.

Ours belong to a lesson and a school year, not to a link: many links may lead to one lesson, and their scores go to
one column. So they are made without resourceLinkId, and found by resourceId and tag.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from core.addresses import with_query
from lti_tool.scopes import LINEITEM_SCOPE, LINEITEM_TYPE, LINEITEMS_TYPE
from lti_tool.service_calls import PlatformService

SCORE_MAXIMUM = 100
MOST_PAGES = 50
A_YEAR = re.compile(r"\d{4}-\d\d")
"""The tags that we give: a school year's name."""


@dataclass(frozen=True)
class Column:
    """A line item as the platform shows it; texts are "" where it has none. `shown` is all of it."""

    url: str
    label: str
    resource_id: str
    tag: str
    link_id: str
    shown: dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """The column a lesson's scores of one school year belong in.

    link_ids  resource_link ids of the links that open the lesson here
    others    addresses that are known as columns of something else, as of the year before
    """

    resource_id: str
    tag: str
    label: str
    link_ids: tuple[str, ...] = ()
    others: frozenset[str] = frozenset()

    def is_this(self, column: Column) -> bool:
        return (column.resource_id, column.tag) == (self.resource_id, self.tag)

    def is_on_our_link(self, column: Column) -> bool:
        """Coupled to the link, though the launch did not name it: Moodle claims "" once there are two."""
        return column.link_id in self.link_ids and column.resource_id in ("", self.resource_id)

    def is_a_copy(self, column: Column) -> bool:
        """It came along when the course was copied, with last year's tag (AGS 3.2.15: no second one)."""
        return (
            column.resource_id == self.resource_id
            and A_YEAR.fullmatch(column.tag) is not None
            and column.tag < self.tag
            and column.url not in self.others
        )


def find_column(service: PlatformService, lineitems_url: str, wanted: Wanted) -> Column | None:
    """The first that fits, if any. We filter and look again, since a platform may ignore the filters.

    Raises ServiceRefused, PagesLoop, ToldToStop.
    """
    ours = {"resource_id": wanted.resource_id}
    looks: list[tuple[dict[str, str], Callable[[Column], bool]]] = [
        (ours | {"tag": wanted.tag}, wanted.is_this),
        *(({"resource_link_id": each}, wanted.is_on_our_link) for each in wanted.link_ids),
        (ours, wanted.is_a_copy),
    ]
    for asked, fits in looks:
        for column in columns_at(service, with_query(lineitems_url, asked)):
            if fits(column):
                return column
    return None


def columns_at(service: PlatformService, url: str) -> Iterator[Column]:
    """Every column of a listing, page by page. Raises ServiceRefused, PagesLoop, ToldToStop."""
    for page in service.pages(url, [LINEITEM_SCOPE], accept=LINEITEMS_TYPE, most=MOST_PAGES):
        for shown in page.body if isinstance(page.body, list) else []:
            if shown.get("id"):
                yield _column(shown)


def read_column(service: PlatformService, url: str) -> Column:
    """Raises ServiceRefused, ToldToStop."""
    answer = service.call("GET", url, [LINEITEM_SCOPE], accept=LINEITEM_TYPE)
    return _column(dict(answer.body or {}) | {"id": url})


def make_column(
    service: PlatformService, lineitems_url: str, *, label: str, resource_id: str, tag: str
) -> Column:
    """A new one of 100 points. Raises ServiceRefused, ToldToStop."""
    wanted = {"scoreMaximum": SCORE_MAXIMUM, "label": label, "resourceId": resource_id, "tag": tag}
    return _column(wanted | _send(service, "POST", lineitems_url, wanted))


def change_column(service: PlatformService, column: Column, changes: dict[str, str]) -> None:
    """Everything else goes back as it came: Moodle drops the link of a column whose PUT does not name it.

    Raises ServiceRefused, ToldToStop.
    """
    _send(service, "PUT", column.url, column.shown | changes)


def _send(service: PlatformService, method: str, url: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = service.call(
        method, url, [LINEITEM_SCOPE], accept=LINEITEM_TYPE, content_type=LINEITEM_TYPE, data=json.dumps(body)
    )
    return dict(answer.body or {})


def _column(shown: dict[str, Any]) -> Column:
    names = ("label", "resourceId", "tag", "resourceLinkId")
    label, resource_id, tag, link_id = (str(shown.get(name) or "") for name in names)
    return Column(str(shown["id"]), label, resource_id, tag, link_id, shown)


def sub_address(lineitem_url: str, name: str) -> str:
    """`/scores` or `/results` goes before the query string (Moodle's `?type_id=1`; row 116)."""
    parts = urlsplit(lineitem_url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{name}"))
