"""Choices in the staff course, the job an attempt is asked for, and guests as an audience of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PERSON, REQUIREMENT = "ck_person_audience_is_known", "ck_requirement_audience_is_known"


def _audiences(table: str, constraint: str, words: str) -> None:
    with op.batch_alter_table(table) as changed:
        changed.drop_constraint(op.f(constraint), type_="check")
        changed.create_check_constraint(op.f(constraint), f"audience IN ({words})")


def upgrade() -> None:
    op.create_table(
        "staff_choice",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("school_year_id", BigId, nullable=False),
        sa.Column("job", sa.String(length=20), nullable=True),
        sa.Column("path", sa.String(length=10), nullable=True),
        sa.Column("whats_new_read", sa.String(length=40), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("path IN ('full', 'refresher')", name=op.f("ck_staff_choice_path_is_known")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_staff_choice_district_id_district")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_staff_choice_person_id_person")),
        sa.ForeignKeyConstraint(
            ["school_year_id"], ["school_year.id"], name=op.f("fk_staff_choice_school_year_id_school_year")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_choice")),
        sa.UniqueConstraint(
            "person_id", "school_year_id", name=op.f("uq_staff_choice_person_id_school_year_id")
        ),
    )
    op.create_index("ix_staff_choice_district_id", "staff_choice", ["district_id"], unique=False)
    op.add_column("attempt", sa.Column("job", sa.String(length=20), nullable=True))
    _audiences("person", PERSON, "'pupil', 'staff', 'guest', 'unknown'")
    _audiences("requirement", REQUIREMENT, "'pupil', 'staff', 'guest'")


def downgrade() -> None:
    # A guest of before is somebody of whom nothing is known; what they signed stays.
    op.execute("UPDATE person SET audience = 'unknown' WHERE audience = 'guest'")
    op.execute("UPDATE requirement SET audience = 'staff' WHERE audience = 'guest'")
    _audiences("requirement", REQUIREMENT, "'pupil', 'staff'")
    _audiences("person", PERSON, "'pupil', 'staff', 'unknown'")
    op.drop_column("attempt", "job")
    op.drop_table("staff_choice")
