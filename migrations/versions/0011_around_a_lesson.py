"""Around a lesson: who takes its alternative, and who left a sensitive one by its exit."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IN_FORCE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.add_column("lesson_visit", sa.Column("away_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "opt_out",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("school_year_id", BigId, nullable=False),
        sa.Column("lesson_id", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("set_by", BigId, nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", BigId, nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reason IN ('family', 'counselor', 'plan', 'own')", name=op.f("ck_opt_out_reason_is_a_code")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_opt_out_ended_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_opt_out_district_id_district")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_opt_out_person_id_person")),
        sa.ForeignKeyConstraint(
            ["school_year_id"], ["school_year.id"], name=op.f("fk_opt_out_school_year_id_school_year")
        ),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_opt_out_set_by_person")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_opt_out_ended_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opt_out")),
    )
    op.create_index("ix_opt_out_district_id", "opt_out", ["district_id"], unique=False)
    op.create_index(
        "uq_opt_out_in_force",
        "opt_out",
        ["person_id", "lesson_id", "school_year_id"],
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )


def downgrade() -> None:
    op.drop_table("opt_out")
    op.drop_column("lesson_visit", "away_at")
