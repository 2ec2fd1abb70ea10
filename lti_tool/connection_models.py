"""What IT looks at when an LMS does not do what it should: refusals under their reference, and connection tests."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class Refusal(Base):
    """A login, launch or registration that was refused, as IT looks it up by the reference its reader was shown.

    Nothing of who it was: no name, token or claim value. The newest per platform only (lti_tool.refused).
    """

    __tablename__ = "refusal"
    __table_args__ = (
        sa.Index("ix_refusal_platform_id_created_at", "platform_id", "created_at"),
        sa.Index("ix_refusal_district_id_reference", "district_id", "reference"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    platform_id: Mapped[int | None] = mapped_column(sa.ForeignKey("platform.id"))
    """None for a registration that never became a platform."""
    reference: Mapped[str] = mapped_column(sa.String(40))
    code: Mapped[str] = mapped_column(sa.String(40))
    message: Mapped[str] = mapped_column(sa.String(400))
    """As the person read it, without the platform's own words."""
    cause: Mapped[str | None] = mapped_column(sa.String(200))
    """The claim or parameter at fault, or the kind of error underneath."""


class ConnectionTest(Base):
    """The newest test of the connection to one platform, and the test score that IT sent with it, if any."""

    __tablename__ = "connection_test"

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    platform_id: Mapped[int] = mapped_column(sa.ForeignKey("platform.id"), unique=True)
    begun_at: Mapped[datetime]
    """Tests follow each other at some distance, over any number of processes."""
    answered_at: Mapped[datetime | None]
    checks: Mapped[list[Any]] = mapped_column(default=list)
    """What each call found, as lti_tool.connection.Check has it."""
    context_pk: Mapped[int | None] = mapped_column(sa.ForeignKey("context.id"))
    """The course that was tried."""
    test_users: Mapped[list[Any]] = mapped_column(default=list)
    """LMS user ids that its roster marks as test users; a test user is no person."""
    score: Mapped[dict[str, Any] | None]
    """The test score, as lti_tool.trial_score.Trial has it."""
