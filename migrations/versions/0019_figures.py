"""Figures of schools and districts, counted by the worker."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "day_figure",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("owed", sa.Integer(), nullable=False),
        sa.Column("taught", sa.Integer(), nullable=False),
        sa.Column("staff", sa.Integer(), nullable=False),
        sa.Column("staff_done", sa.Integer(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_day_figure_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_figure")),
        sa.UniqueConstraint("district_id", "day", name=op.f("uq_day_figure_district_id_day")),
    )
    op.create_table(
        "figure_count",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_figure_count_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_count")),
        sa.UniqueConstraint("district_id", name=op.f("uq_figure_count_district_id")),
    )
    op.create_index(op.f("ix_figure_count_counted_at"), "figure_count", ["counted_at"], unique=False)
    op.create_table(
        "class_figure",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("school_year_id", BigId, nullable=False),
        sa.Column("building_id", BigId, nullable=True),
        sa.Column("classroom_id", BigId, nullable=False),
        sa.Column("pupils", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Integer(), nullable=False),
        sa.Column("owed", sa.Integer(), nullable=False),
        sa.Column("taught", sa.Integer(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["building_id"], ["building.id"], name=op.f("fk_class_figure_building_id_building")
        ),
        sa.ForeignKeyConstraint(
            ["classroom_id"], ["classroom.id"], name=op.f("fk_class_figure_classroom_id_classroom")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_class_figure_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["school_year_id"], ["school_year.id"], name=op.f("fk_class_figure_school_year_id_school_year")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_figure")),
    )
    op.create_index("ix_class_figure_building_id", "class_figure", ["building_id"], unique=False)
    op.create_index("ix_class_figure_district_id", "class_figure", ["district_id"], unique=False)
    op.create_table(
        "coverage_figure",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("school_year_id", BigId, nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("building_id", BigId, nullable=True),
        sa.Column("grade", sa.String(length=10), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("enrolled", sa.Integer(), nullable=False),
        sa.Column("taught", sa.Integer(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "taught <= enrolled", name=op.f("ck_coverage_figure_nobody_taught_who_is_not_here")
        ),
        sa.ForeignKeyConstraint(
            ["building_id"], ["building.id"], name=op.f("fk_coverage_figure_building_id_building")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_coverage_figure_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["school_year_id"], ["school_year.id"], name=op.f("fk_coverage_figure_school_year_id_school_year")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_figure")),
    )
    op.create_index("ix_coverage_figure_building_id", "coverage_figure", ["building_id"], unique=False)
    op.create_index(
        "ix_coverage_figure_district_id",
        "coverage_figure",
        ["district_id", "school_year_id", "topic"],
        unique=False,
    )
    op.create_table(
        "loss_figure",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("building_id", BigId, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
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
    op.create_index("ix_loss_figure_building_id", "loss_figure", ["building_id"], unique=False)
    op.create_index("ix_loss_figure_district_id", "loss_figure", ["district_id"], unique=False)
    op.create_table(
        "staff_figure",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("building_id", BigId, nullable=True),
        sa.Column("job", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("access", sa.String(length=10), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["building_id"], ["building.id"], name=op.f("fk_staff_figure_building_id_building")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_staff_figure_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_figure")),
    )
    op.create_index("ix_staff_figure_building_id", "staff_figure", ["building_id"], unique=False)
    op.create_index("ix_staff_figure_district_id", "staff_figure", ["district_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_staff_figure_district_id", table_name="staff_figure")
    op.drop_index("ix_staff_figure_building_id", table_name="staff_figure")
    op.drop_table("staff_figure")
    op.drop_index("ix_loss_figure_district_id", table_name="loss_figure")
    op.drop_index("ix_loss_figure_building_id", table_name="loss_figure")
    op.drop_table("loss_figure")
    op.drop_index("ix_coverage_figure_district_id", table_name="coverage_figure")
    op.drop_index("ix_coverage_figure_building_id", table_name="coverage_figure")
    op.drop_table("coverage_figure")
    op.drop_index("ix_class_figure_district_id", table_name="class_figure")
    op.drop_index("ix_class_figure_building_id", table_name="class_figure")
    op.drop_table("class_figure")
    op.drop_index(op.f("ix_figure_count_counted_at"), table_name="figure_count")
    op.drop_table("figure_count")
    op.drop_table("day_figure")
