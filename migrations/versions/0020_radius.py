"""What RADIUS servers are told about each role."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "radius_policy",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_radius_policy_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_radius_policy")),
        sa.UniqueConstraint("district_id", name=op.f("uq_radius_policy_district_id")),
    )


def downgrade() -> None:
    op.drop_table("radius_policy")
