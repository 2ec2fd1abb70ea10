"""What happened in a district besides changes of standings, numbered in the same log."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "district_event",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_district_event_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_district_event")),
        sa.UniqueConstraint("district_id", "seq", name=op.f("uq_district_event_district_id_seq")),
        sa.UniqueConstraint("district_id", "source", name=op.f("uq_district_event_district_id_source")),
    )
    op.add_column("standing_log", sa.Column("audit_seq", sa.BigInteger(), nullable=False, server_default="0"))
    # What the audit log says already is history, and told to nobody.
    op.execute(
        "UPDATE standing_log SET audit_seq = COALESCE((SELECT seq FROM audit_head"
        " WHERE audit_head.district_id = standing_log.district_id), 0)"
    )


def downgrade() -> None:
    op.drop_column("standing_log", "audit_seq")
    op.drop_table("district_event")
