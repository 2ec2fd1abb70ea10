"""Two records of one person, put together so that they come apart again."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "person_merge",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("kept_id", BigId, nullable=False),
        sa.Column("gone_id", BigId, nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=80), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_person_merge_undone_by_somebody")
        ),
        sa.CheckConstraint("kept_id <> gone_id", name=op.f("ck_person_merge_of_two_people")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_person_merge_district_id_district")
        ),
        sa.ForeignKeyConstraint(["gone_id"], ["person.id"], name=op.f("fk_person_merge_gone_id_person")),
        sa.ForeignKeyConstraint(["kept_id"], ["person.id"], name=op.f("fk_person_merge_kept_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
    )
    op.create_index("ix_person_merge_district_id", "person_merge", ["district_id"], unique=False)
    op.create_index("ix_person_merge_kept_id", "person_merge", ["kept_id"], unique=False)
    op.create_index(
        "uq_person_merge_gone_once",
        "person_merge",
        ["gone_id"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_person_merge_gone_once",
        table_name="person_merge",
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.drop_index("ix_person_merge_kept_id", table_name="person_merge")
    op.drop_index("ix_person_merge_district_id", table_name="person_merge")
    op.drop_table("person_merge")
