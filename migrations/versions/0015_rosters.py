"""Roster files: what was imported, held and quarantined; names that are claimed; people who are not ours."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "quarantined_row",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("file", sa.String(length=40), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_quarantined_row_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantined_row")),
    )
    op.create_index(
        "ix_quarantined_row_district_id", "quarantined_row", ["district_id", "source"], unique=False
    )
    op.create_table(
        "claimed_name",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("scheme", sa.String(length=20), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("why", sa.String(length=10), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "why IN ('custom', 'changed', 'taken')", name=op.f("ck_claimed_name_why_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_claimed_name_district_id_district")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_claimed_name_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claimed_name")),
        sa.UniqueConstraint(
            "person_id", "scheme", "fingerprint", name=op.f("uq_claimed_name_person_id_scheme_fingerprint")
        ),
    )
    op.create_index("ix_claimed_name_district_id", "claimed_name", ["district_id"], unique=False)
    op.create_table(
        "not_ours",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("decided_by", BigId, nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_not_ours_decided_by_person")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_not_ours_district_id_district")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_not_ours_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_ours")),
        sa.UniqueConstraint("person_id", name=op.f("uq_not_ours_person_id")),
    )
    op.create_index("ix_not_ours_district_id", "not_ours", ["district_id"], unique=False)
    op.create_table(
        "roster_import",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("version", sa.String(length=10), nullable=False),
        sa.Column("bulk", sa.Boolean(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", BigId, nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'done') = (expires_at IS NULL)", name=op.f("ck_roster_import_what_waits_expires")
        ),
        sa.CheckConstraint(
            "state IN ('done', 'held', 'approved')", name=op.f("ck_roster_import_state_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["person.id"], name=op.f("fk_roster_import_approved_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_roster_import_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_import")),
    )
    op.create_index(
        "ix_roster_import_district_id", "roster_import", ["district_id", "source", "state"], unique=False
    )
    op.create_table(
        "roster_key_change",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("modified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_roster_key_change_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_roster_key_change_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_key_change")),
        sa.UniqueConstraint("person_id", "source", name=op.f("uq_roster_key_change_person_id_source")),
    )
    op.create_index("ix_roster_key_change_district_id", "roster_key_change", ["district_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_roster_key_change_district_id", table_name="roster_key_change")
    op.drop_table("roster_key_change")
    op.drop_index("ix_roster_import_district_id", table_name="roster_import")
    op.drop_table("roster_import")
    op.drop_index("ix_not_ours_district_id", table_name="not_ours")
    op.drop_table("not_ours")
    op.drop_index("ix_claimed_name_district_id", table_name="claimed_name")
    op.drop_table("claimed_name")
    op.drop_index("ix_quarantined_row_district_id", table_name="quarantined_row")
    op.drop_table("quarantined_row")
