"""What the set-up pages need: refusals under their reference, connection tests, one-time links, withdrawal."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("platform", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("deployment", sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "refusal",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("platform_id", BigId, nullable=True),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("message", sa.String(length=400), nullable=False),
        sa.Column("cause", sa.String(length=200), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_refusal_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["platform.id"], name=op.f("fk_refusal_platform_id_platform")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusal")),
    )
    op.create_index(
        "ix_refusal_platform_id_created_at", "refusal", ["platform_id", "created_at"], unique=False
    )
    op.create_index("ix_refusal_district_id_reference", "refusal", ["district_id", "reference"], unique=False)
    op.create_table(
        "connection_test",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("platform_id", BigId, nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("context_pk", BigId, nullable=True),
        sa.Column("test_users", sa.JSON(), nullable=False),
        sa.Column("score", sa.JSON(), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_connection_test_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["platform.id"], name=op.f("fk_connection_test_platform_id_platform")
        ),
        sa.ForeignKeyConstraint(
            ["context_pk"], ["context.id"], name=op.f("fk_connection_test_context_pk_context")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection_test")),
        sa.UniqueConstraint("platform_id", name=op.f("uq_connection_test_platform_id")),
    )
    op.create_table(
        "admin_link",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("link_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_admin_link_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin_link")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_admin_link_link_hash")),
    )
    op.create_index("ix_admin_link_expires_at", "admin_link", ["expires_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_admin_link_expires_at", table_name="admin_link")
    op.drop_table("admin_link")
    op.drop_table("connection_test")
    op.drop_index("ix_refusal_district_id_reference", table_name="refusal")
    op.drop_index("ix_refusal_platform_id_created_at", table_name="refusal")
    op.drop_table("refusal")
    op.drop_column("deployment", "dismissed_at")
    op.drop_column("platform", "withdrawn_at")
