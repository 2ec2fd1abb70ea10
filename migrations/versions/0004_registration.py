"""Dynamic registration: invitations, and what an LMS granted."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("platform", sa.Column("granted_scopes", sa.Text(), nullable=True))
    op.add_column("platform", sa.Column("granted_claims", sa.Text(), nullable=True))
    op.create_table(
        "registration_invite",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("platform_id", BigId, nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(used_at IS NULL) = (platform_id IS NULL)",
            name=op.f("ck_registration_invite_a_use_made_a_platform"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_registration_invite_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["platform.id"], name=op.f("fk_registration_invite_platform_id_platform")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_invite")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_registration_invite_secret_hash")),
    )
    op.create_index(
        "ix_registration_invite_district_id", "registration_invite", ["district_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("registration_invite")
    op.drop_column("platform", "granted_claims")
    op.drop_column("platform", "granted_scopes")
