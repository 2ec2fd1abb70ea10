"""What a launch says around the person: whom it is about, how we are shown, copies of courses, notices."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("sign_in", sa.Column("document_target", sa.String(length=10), nullable=True))
    op.add_column("sign_in", sa.Column("about", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "context_origin",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("deployment_pk", BigId, nullable=False),
        sa.Column("context_id", sa.String(length=255), nullable=False),
        sa.Column("origin_id", sa.String(length=255), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_pk"], ["deployment.id"], name=op.f("fk_context_origin_deployment_pk_deployment")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_context_origin_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_context_origin")),
        sa.UniqueConstraint(
            "deployment_pk",
            "context_id",
            "origin_id",
            name=op.f("uq_context_origin_deployment_pk_context_id_origin_id"),
        ),
    )
    op.create_table(
        "notice_service",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("platform_id", BigId, nullable=False),
        sa.Column("deployment_pk", BigId, nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("types", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=200), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_pk"], ["deployment.id"], name=op.f("fk_notice_service_deployment_pk_deployment")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_notice_service_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["platform.id"], name=op.f("fk_notice_service_platform_id_platform")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_service")),
        sa.UniqueConstraint("deployment_pk", name=op.f("uq_notice_service_deployment_pk")),
    )
    op.create_index("ix_notice_service_due_at", "notice_service", ["due_at"], unique=False)


def downgrade() -> None:
    op.drop_table("notice_service")
    op.drop_table("context_origin")
    op.drop_column("sign_in", "about")
    op.drop_column("sign_in", "document_target")
