"""Evidence packs, frozen years and their figures, and what a district chose about both."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "evidence_rule",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("freeze_after_days", sa.Integer(), nullable=False),
        sa.Column("public_report", sa.Boolean(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "freeze_after_days BETWEEN 0 AND 120",
            name=op.f("ck_evidence_rule_a_year_is_frozen_within_four_months"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_evidence_rule_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_rule")),
        sa.UniqueConstraint("district_id", name=op.f("uq_evidence_rule_district_id")),
    )
    op.create_table(
        "evidence_pack",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("school_year_id", BigId, nullable=False),
        sa.Column("deidentified", sa.Boolean(), nullable=False),
        sa.Column("office", sa.String(length=10), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_by", sa.String(length=40), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=True),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'making') = (leased_until IS NOT NULL)",
            name=op.f("ck_evidence_pack_made_under_a_lease"),
        ),
        sa.CheckConstraint(
            "office IN ('district', 'privacy')", name=op.f("ck_evidence_pack_office_is_known")
        ),
        sa.CheckConstraint(
            "state <> 'ready' OR content_sha256 IS NOT NULL",
            name=op.f("ck_evidence_pack_ready_says_what_it_is"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'making', 'ready', 'failed', 'expired')",
            name=op.f("ck_evidence_pack_state_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_evidence_pack_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["school_year_id"], ["school_year.id"], name=op.f("fk_evidence_pack_school_year_id_school_year")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_pack")),
        sa.UniqueConstraint("public_id", name=op.f("uq_evidence_pack_public_id")),
    )
    op.create_index("ix_evidence_pack_district_id", "evidence_pack", ["district_id"], unique=False)
    op.create_index("ix_evidence_pack_state", "evidence_pack", ["state", "due_at"], unique=False)
    op.create_table(
        "year_figure",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("school_year_id", BigId, nullable=False),
        sa.Column("school_key", sa.String(length=80), nullable=False),
        sa.Column("school", sa.String(length=200), nullable=False),
        sa.Column("grade", sa.String(length=10), nullable=False),
        sa.Column("topic", sa.String(length=90), nullable=False),
        sa.Column("enrolled", sa.Integer(), nullable=False),
        sa.Column("taught", sa.Integer(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "0 <= taught AND taught <= enrolled", name=op.f("ck_year_figure_taught_are_of_the_enrolled")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_year_figure_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["school_year_id"], ["school_year.id"], name=op.f("fk_year_figure_school_year_id_school_year")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_figure")),
        sa.UniqueConstraint(
            "school_year_id",
            "school_key",
            "grade",
            "topic",
            name=op.f("uq_year_figure_school_year_id_school_key_grade_topic"),
        ),
    )
    op.create_index("ix_year_figure_district_id", "year_figure", ["district_id"], unique=False)
    op.create_table(
        "year_freeze",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("school_year_id", BigId, nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("jws", sa.Text(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_year_freeze_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["school_year_id"], ["school_year.id"], name=op.f("fk_year_freeze_school_year_id_school_year")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_freeze")),
        sa.UniqueConstraint("school_year_id", name=op.f("uq_year_freeze_school_year_id")),
    )
    op.create_index(op.f("ix_year_freeze_district_id"), "year_freeze", ["district_id"], unique=False)
    op.create_table(
        "evidence_pack_piece",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("pack_id", BigId, nullable=False),
        sa.Column("lease", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_evidence_pack_piece_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["evidence_pack.id"], name=op.f("fk_evidence_pack_piece_pack_id_evidence_pack")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_pack_piece")),
        sa.UniqueConstraint(
            "pack_id", "lease", "number", name=op.f("uq_evidence_pack_piece_pack_id_lease_number")
        ),
    )
    op.create_index(
        "ix_evidence_pack_piece_district_id", "evidence_pack_piece", ["district_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_evidence_pack_piece_district_id", table_name="evidence_pack_piece")
    op.drop_table("evidence_pack_piece")
    op.drop_index(op.f("ix_year_freeze_district_id"), table_name="year_freeze")
    op.drop_table("year_freeze")
    op.drop_index("ix_year_figure_district_id", table_name="year_figure")
    op.drop_table("year_figure")
    op.drop_index("ix_evidence_pack_state", table_name="evidence_pack")
    op.drop_index("ix_evidence_pack_district_id", table_name="evidence_pack")
    op.drop_table("evidence_pack")
    op.drop_table("evidence_rule")
