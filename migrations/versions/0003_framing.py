"""Who may show our pages in a frame: per registration, and per sign-in."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    # Rows of before have none, so their pages can be opened by themselves only; the next launch says more.
    op.add_column("platform", sa.Column("frame_origins", sa.Text(), nullable=False, server_default=""))
    op.add_column("sign_in", sa.Column("framed_by", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("sign_in", "framed_by")
    op.drop_column("platform", "frame_origins")
