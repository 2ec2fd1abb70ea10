"""Whether the district believes an LMS about its staff; and which accounts an office has linked by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

WHY = "ck_claimed_name_why_is_known"
BY_HAND = "office"

merge = sa.table(
    "person_merge",
    sa.column("id", sa.BigInteger),
    sa.column("undone_at", sa.DateTime(timezone=True)),
    sa.column("moved", sa.JSON),
    sa.column("changed", sa.JSON),
)
identity = sa.table(
    "identity", sa.column("id", sa.BigInteger), sa.column("scheme", sa.String), sa.column("source", sa.String)
)


def upgrade() -> None:
    """Every LMS that is registered now has spoken for staff so far."""
    with op.batch_alter_table("platform") as platform:
        platform.add_column(
            sa.Column("speaks_for_staff", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    with op.batch_alter_table("registration_invite") as invite:
        invite.add_column(sa.Column("speaks_for_staff", sa.Boolean(), nullable=True))
    with op.batch_alter_table("claimed_name") as claimed:
        claimed.drop_constraint(op.f(WHY), type_="check")
        claimed.create_check_constraint(op.f(WHY), "why IN ('custom', 'changed', 'taken', 'unvouched')")
    _mark_linked_by_hand()


def downgrade() -> None:
    """Where accounts came from stays written as it is: code of before does not ask."""
    op.execute("DELETE FROM claimed_name WHERE why = 'unvouched'")
    with op.batch_alter_table("claimed_name") as claimed:
        claimed.drop_constraint(op.f(WHY), type_="check")
        claimed.create_check_constraint(op.f(WHY), "why IN ('custom', 'changed', 'taken')")
    with op.batch_alter_table("registration_invite") as invite:
        invite.drop_column("speaks_for_staff")
    with op.batch_alter_table("platform") as platform:
        platform.drop_column("speaks_for_staff")


def _mark_linked_by_hand() -> None:
    """Every merge so far was an office's. What it changed is written with it, so that undoing restores it."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(merge.c.id, merge.c.moved, merge.c.changed)
        .where(merge.c.undone_at.is_(None))
        .order_by(merge.c.id)
    )
    for merge_id, moved, changed in rows.all():
        accounts = connection.execute(
            sa.select(identity.c.id, identity.c.source).where(
                identity.c.id.in_(moved.get("identity.person_id", [])),
                identity.c.scheme == "lti",
                identity.c.source != BY_HAND,
            )
        ).all()
        if not accounts:
            continue
        more = [["identity", row_id, "source", source, BY_HAND] for row_id, source in accounts]
        connection.execute(
            sa.update(identity)
            .where(identity.c.id.in_([row_id for row_id, _ in accounts]))
            .values(source=BY_HAND)
        )
        connection.execute(sa.update(merge).where(merge.c.id == merge_id).values(changed=[*changed, *more]))
