"""Who approved what an edition of an agreement is said to change; of earlier ones nobody said."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0036"


def upgrade() -> None:
    op.add_column("policy_edition", sa.Column("approved_by", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("policy_edition") as edition:
        edition.drop_column("approved_by")
