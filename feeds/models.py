"""Who is told of changes without asking, how far they are in the district's log, and what went wrong last."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.sealed import Sealed


class Feed(Base):
    """One receiver of a district. Everything up to `cursor` in the district's log has reached it.

    kind      `webhook`: each change is posted to an address; `csv`: files in a folder. The others are names kept for
              feeds that do not exist yet.
    settings  of a file feed {"folder": "/srv/feeds", "shapes": ["onesync"]}; of a webhook {}
    made      of a file feed, what the newest files held: see feeds.files
    """

    __tablename__ = "feed"
    __table_args__ = (
        sa.UniqueConstraint("district_id", "name"),
        sa.CheckConstraint("kind IN ('webhook', 'csv', 'scim', 'ldap_agent')", name="kind_is_known"),
        sa.CheckConstraint("(disabled_at IS NULL) = (disabled_reason IS NULL)", name="disabled_for_a_reason"),
        sa.Index("ix_feed_kind", "kind"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    kind: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(100))
    address: Mapped[str | None] = mapped_column(Sealed)
    """Where a webhook posts to. Sealed: such addresses often carry a key of their own."""
    secrets: Mapped[str | None] = mapped_column(Sealed)
    """JSON, what posts are signed with, the newest first: see feeds.secrets."""
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    cursor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    paused_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    disabled_reason: Mapped[str | None] = mapped_column(sa.String(20))
    """`gone` (it answered 410) or `gave_up` (the last try of the ladder failed)."""
    tries: Mapped[int] = mapped_column(default=0)
    """Failures in a row."""
    last_ok_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(sa.String(20))
    """A word of feeds.words.PROBLEMS; None when the last try went well."""
    last_status: Mapped[int | None]
    """What it answered then, where it answered."""
    failed_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    tested_at: Mapped[datetime | None]
    test_error: Mapped[str | None] = mapped_column(sa.String(20))
    """Of the last test; None beside a `tested_at` when it went well."""
    test_status: Mapped[int | None]
    leased_until: Mapped[datetime | None]
    leased_by: Mapped[str | None] = mapped_column(sa.String(40))
    """The turn that has it in hand. Whoever moves the cursor by hand takes the lease away, and the turn notices."""
    made: Mapped[dict[str, Any]] = mapped_column(default=dict)
