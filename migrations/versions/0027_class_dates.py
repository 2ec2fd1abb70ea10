"""By when a class is to be done with a lesson."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "class_date",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("classroom_id", BigId, nullable=False),
        sa.Column("school_year_id", BigId, nullable=False),
        sa.Column("part", sa.String(length=80), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["classroom_id"], ["classroom.id"], name=op.f("fk_class_date_classroom_id_classroom")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_class_date_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["school_year_id"], ["school_year.id"], name=op.f("fk_class_date_school_year_id_school_year")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_date")),
        sa.UniqueConstraint(
            "classroom_id",
            "school_year_id",
            "part",
            name=op.f("uq_class_date_classroom_id_school_year_id_part"),
        ),
    )
    op.create_index("ix_class_date_district_id", "class_date", ["district_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_class_date_district_id", table_name="class_date")
    op.drop_table("class_date")
