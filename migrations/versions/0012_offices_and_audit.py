"""Schools and who is on their roster when, who holds which office, and the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_audit_entry_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("district_id", "seq", name=op.f("uq_audit_entry_district_id_seq")),
    )
    op.create_table(
        "audit_head",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_audit_head_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
        sa.UniqueConstraint("district_id", name=op.f("uq_audit_head_district_id")),
    )
    op.create_table(
        "building",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_building_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_building")),
        sa.UniqueConstraint("district_id", "key", name=op.f("uq_building_district_id_key")),
    )
    op.create_table(
        "office",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("office", sa.String(length=10), nullable=False),
        sa.Column("building_id", BigId, nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(office = 'school') = (building_id IS NOT NULL)", name=op.f("ck_office_a_school_has_a_building")
        ),
        sa.CheckConstraint(
            "office IN ('school', 'hr', 'it', 'privacy', 'district')", name=op.f("ck_office_office_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["building_id"], ["building.id"], name=op.f("fk_office_building_id_building")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_office_district_id_district")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_office_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
        sa.UniqueConstraint(
            "person_id", "office", "building_id", name=op.f("uq_office_person_id_office_building_id")
        ),
    )
    op.create_index("ix_office_district_id", "office", ["district_id"], unique=False)
    op.create_index(
        "uq_office_of_the_whole_district",
        "office",
        ["person_id", "office"],
        unique=True,
        sqlite_where=sa.text("building_id IS NULL"),
        postgresql_where=sa.text("building_id IS NULL"),
    )
    op.create_table(
        "roster_interval",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("building_id", BigId, nullable=True),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("job", sa.String(length=20), nullable=True),
        sa.Column("grade", sa.String(length=10), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "audience IN ('pupil', 'staff', 'guest')", name=op.f("ck_roster_interval_audience_is_known")
        ),
        sa.CheckConstraint(
            "ends_at IS NULL OR starts_at < ends_at", name=op.f("ck_roster_interval_starts_before_it_ends")
        ),
        sa.ForeignKeyConstraint(
            ["building_id"], ["building.id"], name=op.f("fk_roster_interval_building_id_building")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_roster_interval_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_roster_interval_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_interval")),
    )
    op.create_index("ix_roster_interval_building_id", "roster_interval", ["building_id"], unique=False)
    op.create_index(
        "ix_roster_interval_district_id",
        "roster_interval",
        ["district_id", "audience", "ends_at"],
        unique=False,
    )
    op.create_index("ix_roster_interval_person_id", "roster_interval", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_roster_interval_person_id", table_name="roster_interval")
    op.drop_index("ix_roster_interval_district_id", table_name="roster_interval")
    op.drop_index("ix_roster_interval_building_id", table_name="roster_interval")
    op.drop_table("roster_interval")
    op.drop_index(
        "uq_office_of_the_whole_district",
        table_name="office",
        sqlite_where=sa.text("building_id IS NULL"),
        postgresql_where=sa.text("building_id IS NULL"),
    )
    op.drop_index("ix_office_district_id", table_name="office")
    op.drop_table("office")
    op.drop_table("building")
    op.drop_table("audit_head")
    op.drop_table("audit_entry")
