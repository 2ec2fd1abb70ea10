"""Who loses access is forecast by day, once an hour, with what the whole policy would do."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("figure_count", sa.Column("forecast_at", sa.DateTime(timezone=True), nullable=True))
    _table(
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("would", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("figure_count", "forecast_at")
    _table(
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
    )


def _table(*figures: sa.Column[object]) -> None:
    """Anew: what it holds is counted again within minutes."""
    op.drop_table("loss_figure")
    op.create_table(
        "loss_figure",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("building_id", BigId, nullable=True),
        *figures,
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["building_id"], ["building.id"], name=op.f("fk_loss_figure_building_id_building")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_loss_figure_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loss_figure")),
    )
    op.create_index("ix_loss_figure_building_id", "loss_figure", ["building_id"])
    op.create_index("ix_loss_figure_district_id", "loss_figure", ["district_id"])
