"""Codes of the front office, what visitors signed under them, and how long that holds."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "visit_rule",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("days >= 1", name=op.f("ck_visit_rule_at_least_the_day_itself")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_visit_rule_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_rule")),
        sa.UniqueConstraint("district_id", name=op.f("uq_visit_rule_district_id")),
    )
    op.create_table(
        "visit_code",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("building_id", BigId, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=50), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("used >= 0 AND used <= most", name=op.f("ck_visit_code_no_more_than_most")),
        sa.ForeignKeyConstraint(
            ["building_id"], ["building.id"], name=op.f("fk_visit_code_building_id_building")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_visit_code_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_code")),
        sa.UniqueConstraint("district_id", "fingerprint", name=op.f("uq_visit_code_district_id_fingerprint")),
        sa.UniqueConstraint("public_id", name=op.f("uq_visit_code_public_id")),
    )
    op.create_index("ix_visit_code_building_id", "visit_code", ["building_id", "closes_at"], unique=False)
    op.create_index("ix_visit_code_closes_at", "visit_code", ["closes_at"], unique=False)
    op.create_table(
        "visit",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("attestation_id", BigId, nullable=False),
        sa.Column("building_id", BigId, nullable=False),
        sa.Column("under_code", sa.String(length=40), nullable=False),
        sa.Column("form_hash", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attestation_id"], ["attestation.id"], name=op.f("fk_visit_attestation_id_attestation")
        ),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk_visit_building_id_building")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_visit_district_id_district")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("attestation_id", name=op.f("uq_visit_attestation_id")),
        sa.UniqueConstraint("district_id", "form_hash", name=op.f("uq_visit_district_id_form_hash")),
    )
    op.create_index("ix_visit_building_id", "visit", ["building_id", "signed_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_visit_building_id", table_name="visit")
    op.drop_table("visit")
    op.drop_index("ix_visit_code_closes_at", table_name="visit_code")
    op.drop_index("ix_visit_code_building_id", table_name="visit_code")
    op.drop_table("visit_code")
    op.drop_table("visit_rule")
