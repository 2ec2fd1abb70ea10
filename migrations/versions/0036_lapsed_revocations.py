"""An emergency revocation that nobody decided about lapses; the row says when.

Those that wait since before are given two days from now: nobody gets their access back by an upgrade.
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

TABLE = "revocation"
LAPSES = "ck_revocation_only_what_nobody_decided_lapses"


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as changed:
        changed.add_column(sa.Column("lapsed_at", sa.DateTime(timezone=True), nullable=True))
        changed.create_check_constraint(
            op.f(LAPSES),
            "lapsed_at IS NULL OR (decided_by IS NULL AND reinstated_at IS NULL AND lapsed_at = review_due_at)",
        )
    revocation = sa.table(
        TABLE,
        sa.column("person_id", sa.BigInteger()),
        sa.column("decided_by", sa.BigInteger()),
        sa.column("ends_at", sa.DateTime(timezone=True)),
        sa.column("reinstated_at", sa.DateTime(timezone=True)),
        sa.column("review_due_at", sa.DateTime(timezone=True)),
    )
    review = sa.table(
        "review",
        sa.column("person_id", sa.BigInteger()),
        sa.column("facts", sa.Integer()),
        sa.column("due_at", sa.DateTime(timezone=True)),
    )
    undecided = sa.and_(revocation.c.decided_by.is_(None), revocation.c.reinstated_at.is_(None))
    at = datetime.now(UTC)
    # One that came to its own end did not lapse.
    ended = sa.and_(revocation.c.ends_at <= at, revocation.c.review_due_at < revocation.c.ends_at)
    op.execute(sa.update(revocation).where(undecided, ended).values(review_due_at=revocation.c.ends_at))
    waiting = sa.and_(undecided, sa.or_(revocation.c.ends_at.is_(None), revocation.c.ends_at > at))
    op.execute(sa.update(revocation).where(waiting).values(review_due_at=at + timedelta(days=2)))
    # Their standings do not know yet that the clock will change them.
    whom = sa.select(revocation.c.person_id).where(waiting)
    op.execute(
        sa.update(review).where(review.c.person_id.in_(whom)).values(facts=review.c.facts + 1, due_at=at)
    )


def downgrade() -> None:
    with op.batch_alter_table(TABLE) as changed:
        changed.drop_constraint(op.f(LAPSES), type_="check")
        changed.drop_column("lapsed_at")
