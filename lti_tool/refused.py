"""Refusals kept for IT: the reference a person was shown leads to the cause, and a stranger can not fill the table.

Only a refusal whose platform (or, for a registration, whose district) is certain is kept: its signed state or its
invitation says so, not its sender.
"""

import re
from datetime import timedelta

import sqlalchemy as sa

from core.clock import now
from core.database import begin_reading, db, transaction
from core.errors import ToolError
from core.logs import log
from core.messages import Message
from lti_tool.connection_models import Refusal
from lti_tool.models import Platform
from lti_tool.refusals import LaunchRefused

KEPT = 200
"""The newest refusals kept of each platform."""

FILLED_IN = re.compile(r"%\(\w+\)s")

MOST_A_MINUTE = 30
"""Written per platform and minute; the log has the others."""


def keep_refusal(refusal: LaunchRefused, reference: str) -> None:
    """One row about it, in a transaction of its own, unless its platform is unknown or has had too many just now.

    Never the reason that a refusal turns into a breakdown: when the row can not be written, the log says so.
    """
    if refusal.platform_id is None:
        return
    _keep(refusal, reference, Platform.id == refusal.platform_id)


def keep_refused_registration(refusal: ToolError, reference: str, district_id: int) -> None:
    """The same for a registration that never became a platform of this district."""
    _keep(refusal, reference, None, district_id)


def _keep(
    refusal: ToolError,
    reference: str,
    platform: sa.ColumnElement[bool] | None,
    district_id: int | None = None,
) -> None:
    # A refused GET is nobody's read: without this SQLite would begin a transaction that can not be made to write.
    begin_reading(False)
    try:
        with transaction():
            platform_id = None
            if platform is not None:
                # Held until the end, so that the counts below hold over any number of processes.
                held = sa.select(Platform.id, Platform.district_id).where(platform)
                platform_id, district_id = db.execute(held.with_for_update(key_share=True)).one()
            assert district_id is not None, "a platform, or the district of a registration"
            others = _beside(district_id, platform_id)
            if _too_many(others):
                return
            db.add(
                Refusal(
                    district_id=district_id,
                    platform_id=platform_id,
                    reference=reference,
                    code=refusal.code,
                    message=worded_by_us(refusal.message)[:400],
                    cause=cause_of(refusal),
                )
            )
            db.flush()
            _trim(others)
    except sa.exc.SQLAlchemyError as error:
        log.error("refusal_not_kept", error=error)


def worded_by_us(message: str) -> str:
    """The message without what was filled in: an LMS's own words or a claim's value may stand there."""
    return FILLED_IN.sub("…", message.template if isinstance(message, Message) else message)


def cause_of(refusal: ToolError) -> str | None:
    """What IT can look for, without a value of anybody's: the claim or parameter, or the kind of error beneath."""
    if refusal.field:
        return refusal.field[:200]
    return type(refusal.__cause__).__name__[:200] if refusal.__cause__ else None


def _beside(district_id: int, platform_id: int | None) -> sa.ColumnElement[bool]:
    """The refusals that share a bound with one of this platform, or of this district's registrations."""
    if platform_id is None:
        return sa.and_(Refusal.district_id == district_id, Refusal.platform_id.is_(None))
    return Refusal.platform_id == platform_id


def _too_many(others: sa.ColumnElement[bool]) -> bool:
    recent = (
        sa.select(sa.func.count())
        .select_from(Refusal)
        .where(others, Refusal.created_at > now() - timedelta(minutes=1))
    )
    return (db.scalar(recent) or 0) >= MOST_A_MINUTE


def _trim(others: sa.ColumnElement[bool]) -> None:
    newest_to_go = sa.select(Refusal.id).where(others).order_by(Refusal.id.desc()).offset(KEPT).limit(1)
    newest = db.scalar(newest_to_go)
    if newest is not None:
        db.execute(sa.delete(Refusal).where(others, Refusal.id <= newest))
