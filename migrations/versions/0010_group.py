"""Group instruction: a session a teacher led, evidence of a third kind, and evidence that can be voided."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KIND = "ck_evidence_kind_is_known"
ONCE = ("person_id", "part", "school_year_id", "version")


def upgrade() -> None:
    with op.batch_alter_table("evidence") as evidence:
        evidence.add_column(sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True))
        evidence.add_column(sa.Column("voided_by", BigId, nullable=True))
        evidence.add_column(sa.Column("void_reason", sa.String(length=40), nullable=True))
        evidence.create_foreign_key(op.f("fk_evidence_voided_by_person"), "person", ["voided_by"], ["id"])
        evidence.drop_constraint(op.f("uq_evidence_person_id_part_school_year_id_version"), type_="unique")
        evidence.drop_constraint(op.f(KIND), type_="check")
        evidence.create_check_constraint(op.f(KIND), "kind IN ('course', 'agreement', 'group')")
        evidence.create_check_constraint(
            op.f("ck_evidence_void_says_why"), "(voided_at IS NULL) = (void_reason IS NULL)"
        )
    _once("uq_evidence_counts_once", "kind <> 'group'")
    _once("uq_evidence_once_a_session", "kind = 'group'", "source")
    op.create_table(
        "group_session",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("classroom_id", BigId, nullable=False),
        sa.Column("school_year_id", BigId, nullable=False),
        sa.Column("lesson_id", sa.String(length=80), nullable=False),
        sa.Column("version_id", BigId, nullable=False),
        sa.Column("led_by", BigId, nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["classroom_id"], ["classroom.id"], name=op.f("fk_group_session_classroom_id_classroom")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_group_session_district_id_district")
        ),
        sa.ForeignKeyConstraint(["led_by"], ["person.id"], name=op.f("fk_group_session_led_by_person")),
        sa.ForeignKeyConstraint(
            ["school_year_id"], ["school_year.id"], name=op.f("fk_group_session_school_year_id_school_year")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["lesson_version.id"], name=op.f("fk_group_session_version_id_lesson_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_session")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_session_public_id")),
    )
    op.create_index("ix_group_session_classroom_id", "group_session", ["classroom_id"], unique=False)
    op.create_index("ix_group_session_district_id", "group_session", ["district_id"], unique=False)


def downgrade() -> None:
    op.drop_table("group_session")
    op.drop_index("uq_evidence_once_a_session", table_name="evidence")
    op.drop_index("uq_evidence_counts_once", table_name="evidence")
    # The older schema has no words for these.
    op.execute("DELETE FROM evidence WHERE kind = 'group' OR voided_at IS NOT NULL")
    with op.batch_alter_table("evidence") as evidence:
        evidence.drop_constraint(op.f("ck_evidence_void_says_why"), type_="check")
        evidence.drop_constraint(op.f(KIND), type_="check")
        evidence.create_check_constraint(op.f(KIND), "kind IN ('course', 'agreement')")
        evidence.create_unique_constraint(
            op.f("uq_evidence_person_id_part_school_year_id_version"), list(ONCE)
        )
        evidence.drop_constraint(op.f("fk_evidence_voided_by_person"), type_="foreignkey")
        for column in ("void_reason", "voided_by", "voided_at"):
            evidence.drop_column(column)


def _once(name: str, where: str, *more: str) -> None:
    holds = sa.text(f"voided_at IS NULL AND {where}")
    op.create_index(name, "evidence", [*ONCE, *more], unique=True, sqlite_where=holds, postgresql_where=holds)
