"""What the page for people held back says, and the buildings whose devices ask for it."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "portal_settings",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("start_url", sa.Text(), nullable=True),
        sa.Column("lms_url", sa.Text(), nullable=True),
        sa.Column("help_en", sa.String(length=300), nullable=True),
        sa.Column("help_es", sa.String(length=300), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_portal_settings_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_settings")),
        sa.UniqueConstraint("district_id", name=op.f("uq_portal_settings_district_id")),
    )
    op.create_table(
        "captive_site",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("building_id", BigId, nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["building_id"], ["building.id"], name=op.f("fk_captive_site_building_id_building")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_captive_site_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_captive_site")),
        sa.UniqueConstraint("building_id", name=op.f("uq_captive_site_building_id")),
        sa.UniqueConstraint("token", name=op.f("uq_captive_site_token")),
    )
    op.create_index("ix_captive_site_district_id", "captive_site", ["district_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_captive_site_district_id", table_name="captive_site")
    op.drop_table("captive_site")
    op.drop_table("portal_settings")
