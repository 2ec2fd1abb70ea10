"""How IT's programs prove who they are, how often they may call, and completions by district in order."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "api_allowance",
        sa.Column("client_id", BigId, nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_api_allowance_not_negative")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["api_client.id"], name=op.f("fk_api_allowance_client_id_api_client")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_allowance")),
        sa.UniqueConstraint("client_id", name=op.f("uq_api_allowance_client_id")),
    )
    op.create_table(
        "spent_assertion",
        sa.Column("client_id", BigId, nullable=False),
        sa.Column("jti_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["api_client.id"], name=op.f("fk_spent_assertion_client_id_api_client")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spent_assertion")),
        sa.UniqueConstraint("client_id", "jti_hash", name=op.f("uq_spent_assertion_client_id_jti_hash")),
    )
    op.add_column("api_client", sa.Column("previous_hash", sa.String(length=64), nullable=True))
    op.add_column("api_client", sa.Column("previous_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("api_client", sa.Column("jwks", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("api_client", sa.Column("per_minute", sa.Integer(), server_default="600", nullable=False))
    op.drop_index(op.f("ix_evidence_district_id"), table_name="evidence")
    op.create_index("ix_evidence_district_id_id", "evidence", ["district_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_evidence_district_id_id", table_name="evidence")
    op.create_index(op.f("ix_evidence_district_id"), "evidence", ["district_id"], unique=False)
    op.drop_column("api_client", "per_minute")
    op.drop_column("api_client", "jwks")
    op.drop_column("api_client", "previous_until")
    op.drop_column("api_client", "previous_hash")
    op.drop_table("spent_assertion")
    op.drop_table("api_allowance")
