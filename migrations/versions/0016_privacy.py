"""Disclosures, legal holds, retention terms, de-identified deliveries and certificates of deletion."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "delivered",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("school", sa.String(length=80), nullable=False),
        sa.Column("grade", sa.String(length=10), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("part", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("version", sa.String(length=80), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("times > 0", name=op.f("ck_delivered_something_was_delivered")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_delivered_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivered")),
        sa.UniqueConstraint(
            "district_id",
            "day",
            "school",
            "grade",
            "audience",
            "part",
            "kind",
            "version",
            name="uq_delivered_counts_once",
        ),
    )
    op.create_table(
        "disclosure",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reader", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("people > 0", name=op.f("ck_disclosure_somebody_was_shown")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_disclosure_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
    )
    op.create_index("ix_disclosure_district_id", "disclosure", ["district_id", "at"], unique=False)
    op.create_index("ix_disclosure_subject", "disclosure", ["district_id", "subject"], unique=False)
    op.create_table(
        "erasure",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_erasure_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("district_id", "seq", name=op.f("uq_erasure_district_id_seq")),
        sa.UniqueConstraint("public_id", name=op.f("uq_erasure_public_id")),
    )
    op.create_index("ix_erasure_district_id", "erasure", ["district_id", "at"], unique=False)
    op.create_table(
        "retention_term",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("term", sa.String(length=10), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_retention_term_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_term")),
        sa.UniqueConstraint("district_id", "kind", name=op.f("uq_retention_term_district_id_kind")),
    )
    op.create_table(
        "legal_hold",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("matter", sa.String(length=40), nullable=False),
        sa.Column("person_id", BigId, nullable=True),
        sa.Column("building_id", BigId, nullable=True),
        sa.Column("placed_by", sa.String(length=80), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.String(length=80), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL)", name=op.f("ck_legal_hold_lifted_by_somebody")
        ),
        sa.CheckConstraint("person_id IS NULL OR building_id IS NULL", name=op.f("ck_legal_hold_one_scope")),
        sa.ForeignKeyConstraint(
            ["building_id"], ["building.id"], name=op.f("fk_legal_hold_building_id_building")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_legal_hold_district_id_district")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_legal_hold_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
        sa.UniqueConstraint("public_id", name=op.f("uq_legal_hold_public_id")),
    )
    op.create_index("ix_legal_hold_district_id", "legal_hold", ["district_id", "lifted_at"], unique=False)
    op.create_index("ix_legal_hold_person_id", "legal_hold", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_legal_hold_person_id", table_name="legal_hold")
    op.drop_index("ix_legal_hold_district_id", table_name="legal_hold")
    op.drop_table("legal_hold")
    op.drop_table("retention_term")
    op.drop_index("ix_erasure_district_id", table_name="erasure")
    op.drop_table("erasure")
    op.drop_index("ix_disclosure_subject", table_name="disclosure")
    op.drop_index("ix_disclosure_district_id", table_name="disclosure")
    op.drop_table("disclosure")
    op.drop_table("delivered")
