"""A test score for a test pupil, in a column of its own that is made for it and taken away again.

It goes past the ledger and the queue of real scores: no evidence, no delivery, and never a column that any link or
lesson uses.
"""

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

import sqlalchemy as sa

from core.addresses import with_query
from core.clock import now
from core.database import db
from core.errors import ToolError
from core.messages import N_
from lti_tool.columns import sub_address
from lti_tool.connection_calls import Caller, CallFailed
from lti_tool.connection_models import ConnectionTest
from lti_tool.models import LineItem
from lti_tool.registrations import Registered
from lti_tool.scopes import LINEITEM_SCOPE, LINEITEM_TYPE, LINEITEMS_TYPE, SCORE_SCOPE, SCORE_TYPE
from lti_tool.score_posts import ScorePost, score_body

LABEL = "Connection test"
RESOURCE_ID = "connection-test"


class NotATestColumn(ToolError):
    """The platform shows another column under the address we kept; it is left alone."""

    status, code = 409, "not_a_test_column"
    next_step = N_(
        "Look into the gradebook of the course, and delete the column “Connection test” there by hand."
    )


@dataclass(frozen=True)
class Trial:
    """What came of a test score.

    step     where it ended: `column` (found or made) or `score` (sent)
    kind, status  of the failure, as CallFailed has them; kind is `good` when the platform took the score
    column   address of the column, to take it away again; None once there is none
    """

    context_pk: int
    step: str
    kind: str
    status: int = 0
    column: str | None = None

    def without_column(self) -> "Trial":
        return replace(self, column=None)


def send_trial(
    platform: Registered, context_pk: int, lineitems_url: str, user_id: str, family: str | None
) -> Trial:
    """Find or make the column, send 100 % to it. Writes nothing here, holds no lock."""
    caller = Caller(platform)
    try:
        column = _find(caller, lineitems_url) or _make(caller, lineitems_url)
    except CallFailed as failed:
        return Trial(context_pk, "column", failed.kind, failed.status)
    post = ScorePost(column, user_id, score=100, scored_at=now(), family=family, first=True)
    try:
        caller.call("POST", sub_address(column, "scores"), SCORE_SCOPE, SCORE_TYPE, score_body(post))
    except CallFailed as failed:
        if failed.kind != "unreadable":  # what Moodle answers to a score that it took is no JSON
            return Trial(context_pk, "score", failed.kind, failed.status, column)
    return Trial(context_pk, "score", "good", 200, column)


def remove_column(platform: Registered, column: str) -> CallFailed | None:
    """Take the test column away, with the score in it. None when it is gone, whoever deleted it.

    Raises NotATestColumn when what stands at that address is not ours to delete.
    """
    caller = Caller(platform)
    try:
        item, _ = caller.call("GET", column, LINEITEM_SCOPE, LINEITEM_TYPE)
    except CallFailed as failed:
        return None if failed.status == 404 else failed
    if not _is_trial(item):
        raise NotATestColumn(N_("The column at the address we kept is no test column of ours."))
    try:
        caller.call("DELETE", column, LINEITEM_SCOPE, LINEITEM_TYPE)
    except CallFailed as failed:
        return None if failed.status in (200, 404) else failed  # 200: it did, and said so in no JSON
    return None


def is_real_column(platform_id: int, url: str) -> bool:
    """Whether a link or lesson of ours sends its scores there."""
    real = sa.select(LineItem.id).filter_by(platform_id=platform_id, url=url)
    return db.scalars(real).first() is not None


def write_trial(platform_id: int, trial: Trial) -> None:
    row = db.scalars(sa.select(ConnectionTest).filter_by(platform_id=platform_id)).one()
    row.score = asdict(trial)


def trial_of(row: ConnectionTest | None) -> Trial | None:
    return Trial(**row.score) if row and row.score else None


def _is_trial(item: Any) -> bool:
    return isinstance(item, dict) and item.get("resourceId") == RESOURCE_ID


def _find(caller: Caller, lineitems_url: str) -> str | None:
    """The column of an earlier test that was not taken away. A platform may ignore the filter, so we look again."""
    url: str | None = with_query(lineitems_url, {"resource_id": RESOURCE_ID})
    seen: set[str] = set()
    while url and url not in seen:
        seen.add(url)
        body, url = caller.call("GET", url, LINEITEM_SCOPE, LINEITEMS_TYPE)
        for item in body if isinstance(body, list) else []:
            if _is_trial(item) and isinstance(item.get("id"), str):
                return str(item["id"])
    return None


def _make(caller: Caller, lineitems_url: str) -> str:
    wanted = {"scoreMaximum": 100, "label": LABEL, "resourceId": RESOURCE_ID}
    made, _ = caller.call("POST", lineitems_url, LINEITEM_SCOPE, LINEITEM_TYPE, json.dumps(wanted))
    if not isinstance(made, dict) or not isinstance(made.get("id"), str):
        raise CallFailed("unreadable", 200)
    return str(made["id"])
