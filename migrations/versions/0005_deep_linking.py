"""What an LMS asks for when a teacher chooses lessons: kept with the tab it opened, and gone with it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "deep_linking_request"


def _to(table: str, column: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{TABLE}_{column}_{table}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete=ondelete)


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("platform_id", BigId, nullable=False),
        sa.Column("deployment_pk", BigId, nullable=False),
        sa.Column("context_pk", BigId, nullable=True),
        sa.Column("sign_in_id", BigId, nullable=False),
        sa.Column("return_url", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=True),
        sa.Column("accept_types", sa.JSON(), nullable=False),
        sa.Column("accept_targets", sa.JSON(), nullable=False),
        sa.Column("accept_multiple", sa.Boolean(), nullable=False),
        sa.Column("accept_lineitem", sa.Boolean(), nullable=True),
        sa.Column("picked", sa.JSON(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _to("district", "district_id"),
        _to("platform", "platform_id"),
        _to("deployment", "deployment_pk"),
        _to("context", "context_pk"),
        _to("sign_in", "sign_in_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("sign_in_id", name=op.f(f"uq_{TABLE}_sign_in_id")),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
