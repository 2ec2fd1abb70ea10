"""The language of a lesson and of a quiz: a visit keeps what was chosen, an attempt what it was asked in."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("lesson_visit", sa.Column("lang", sa.String(length=8), nullable=True))
    op.add_column("attempt", sa.Column("lang", sa.String(length=8), nullable=False, server_default="en"))


def downgrade() -> None:
    op.drop_column("attempt", "lang")
    op.drop_column("lesson_visit", "lang")
