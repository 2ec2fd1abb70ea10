"""The language somebody chose to read in."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("person", sa.Column("language", sa.String(length=20), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "language")
