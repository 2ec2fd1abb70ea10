"""More time for one person."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "extension",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("school_year_id", BigId, nullable=False),
        sa.Column("requirement_id", BigId, nullable=True),
        sa.Column("part", sa.String(length=80), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("grace_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_code", sa.String(length=40), nullable=True),
        sa.Column("given_by", BigId, nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=80), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(part = '') = (requirement_id IS NOT NULL)", name=op.f("ck_extension_of_a_requirement_or_a_part")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_extension_an_end_says_who")
        ),
        sa.CheckConstraint("due_at <= grace_until", name=op.f("ck_extension_grace_follows_the_due_date")),
        sa.CheckConstraint("given_by <> person_id", name=op.f("ck_extension_nobody_gives_their_own")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_extension_district_id_district")
        ),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_extension_given_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_extension_person_id_person")),
        sa.ForeignKeyConstraint(
            ["requirement_id"], ["requirement.id"], name=op.f("fk_extension_requirement_id_requirement")
        ),
        sa.ForeignKeyConstraint(
            ["school_year_id"], ["school_year.id"], name=op.f("fk_extension_school_year_id_school_year")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
        sa.UniqueConstraint("public_id", name=op.f("uq_extension_public_id")),
    )
    op.create_index("ix_extension_district_id", "extension", ["district_id"], unique=False)
    op.create_index(
        "uq_extension_of_a_part",
        "extension",
        ["person_id", "school_year_id", "part"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL AND part <> ''"),
        postgresql_where=sa.text("ended_at IS NULL AND part <> ''"),
    )
    op.create_index(
        "uq_extension_of_a_requirement",
        "extension",
        ["person_id", "school_year_id", "requirement_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL AND part = ''"),
        postgresql_where=sa.text("ended_at IS NULL AND part = ''"),
    )


def downgrade() -> None:
    op.drop_index("uq_extension_of_a_requirement", table_name="extension")
    op.drop_index("uq_extension_of_a_part", table_name="extension")
    op.drop_index("ix_extension_district_id", table_name="extension")
    op.drop_table("extension")
