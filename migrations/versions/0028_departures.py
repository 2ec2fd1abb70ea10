"""A district leaves; and indexes by which what points at its rows is found quickly."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
VOIDED = sa.text("voided_by IS NOT NULL")
OPEN = sa.text("stays_at IS NULL AND erased_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "departure",
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stays_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed", sa.JSON(), nullable=True),
        sa.Column("files_sha256", sa.String(length=64), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(erased_at IS NULL) = (sha256 IS NULL)",
            name=op.f("ck_departure_what_was_erased_has_a_certificate"),
        ),
        sa.CheckConstraint(
            "erased_at IS NULL OR closed_at IS NOT NULL", name=op.f("ck_departure_doors_close_first")
        ),
        sa.CheckConstraint(
            "erased_at IS NULL OR stays_at IS NULL", name=op.f("ck_departure_who_stays_is_not_erased")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departure")),
        sa.UniqueConstraint("public_id", name=op.f("uq_departure_public_id")),
    )
    op.create_index(
        "uq_departure_one_at_a_time",
        "departure",
        ["slug"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "ix_evidence_voided_by", "evidence", ["voided_by"], sqlite_where=VOIDED, postgresql_where=VOIDED
    )
    op.create_index("ix_launch_resource_link_id", "launch", ["resource_link_id"])
    op.create_index("ix_sign_in_person_id", "sign_in", ["person_id"])


def downgrade() -> None:
    op.drop_index("ix_sign_in_person_id", "sign_in")
    op.drop_index("ix_launch_resource_link_id", "launch")
    op.drop_index("ix_evidence_voided_by", "evidence")
    op.drop_index("uq_departure_one_at_a_time", "departure")
    op.drop_table("departure")
