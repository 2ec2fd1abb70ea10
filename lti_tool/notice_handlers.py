"""Tell platforms where to send their notices: seen in a launch, done by the worker (PNS 1.0, notice handlers)."""

import json
from dataclasses import dataclass
from datetime import timedelta
from threading import Event

import sqlalchemy as sa

from core.clock import now
from core.database import db, insert_for, transaction
from core.logs import log
from lti_tool.claims import LaunchClaims
from lti_tool.models import NoticeService
from lti_tool.notices import HANDLERS
from lti_tool.registrations import Registered, registered
from lti_tool.scopes import NOTICES_SCOPE
from lti_tool.service_calls import PlatformService, ServiceRefused, ToldToStop

JSON = "application/json"
LEASE = timedelta(minutes=5)
LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True)
class _Due:
    id: int
    platform_id: int
    url: str
    types: list[str]


def see_notice_service(platform: Registered, deployment_pk: int, claims: LaunchClaims) -> None:
    """Keep where this deployment takes handlers. Written when that is new or has changed; then we register anew."""
    types = " ".join(sorted(set(claims.notice_types) & set(HANDLERS)))
    if not claims.notices_url or not types:
        return
    new = {"url": claims.notices_url, "types": types, "due_at": now(), "tries": 0}
    known = db.execute(
        sa.select(NoticeService.url, NoticeService.types).filter_by(deployment_pk=deployment_pk)
    ).one_or_none()
    if known == (claims.notices_url, types):
        return
    whose = {"district_id": platform.district_id, "platform_id": platform.id, "deployment_pk": deployment_pk}
    db.execute(
        insert_for(NoticeService)
        .values(**whose, **new)
        .on_conflict_do_update(index_elements=["deployment_pk"], set_=new)
    )


def register_due(public_url: str, stop: Event | None = None, limit: int = 10) -> int:
    """Worker step: put our address where it is due. Returns how many deployments were tried."""
    with transaction():
        claimed = _claim(limit)
    for due in claimed:
        _register(due, f"{public_url}/lti/notices", stop)
    return len(claimed)


def _claim(limit: int) -> list[_Due]:
    """Pushed into the future at once, so that a second worker leaves them alone."""
    rows = db.scalars(
        sa.select(NoticeService)
        .where(NoticeService.due_at <= now())
        .order_by(NoticeService.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.due_at = now() + LEASE
    return [_Due(row.id, row.platform_id, row.url, row.types.split()) for row in rows]


def _register(due: _Due, handler: str, stop: Event | None) -> None:
    service = PlatformService(registered(due.platform_id), stop)
    try:
        for kind in due.types:
            put = json.dumps({"notice_type": kind, "handler": handler})
            service.call("PUT", due.url, [NOTICES_SCOPE], accept=JSON, content_type=JSON, data=put)
    except ToldToStop:
        _settle(due, again_in=timedelta(0))
    except ServiceRefused as refusal:
        log.warning("notice_handler_refused", platform=due.platform_id, status=refusal.status)
        _settle(
            due, problem=f"Your LMS did not take our address for notices ({refusal.status or 'no answer'})."
        )
    else:
        _settle(due)


def _settle(due: _Due, again_in: timedelta | None = None, problem: str | None = None) -> None:
    with transaction():
        row = db.get_one(NoticeService, due.id)
        if problem is not None:
            row.tries += 1
            again_in = min(timedelta(minutes=1) * 2 ** min(row.tries, 12), LONGEST_WAIT)
        row.problem, row.due_at = problem, None if again_in is None else now() + again_in
