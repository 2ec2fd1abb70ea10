"""What was answered to a write of IT's programs, so that the same write sent again is answered and not done again."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "kept_answer",
        sa.Column("client_id", BigId, nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(status IS NULL) = (answer IS NULL)", name=op.f("ck_kept_answer_answered_whole")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["api_client.id"], name=op.f("fk_kept_answer_client_id_api_client")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_answer")),
        sa.UniqueConstraint("client_id", "key_hash", name=op.f("uq_kept_answer_client_id_key_hash")),
    )
    op.create_index("ix_kept_answer_expires_at", "kept_answer", ["expires_at"])


def downgrade() -> None:
    op.drop_table("kept_answer")
