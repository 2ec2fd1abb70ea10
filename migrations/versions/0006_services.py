"""What the grade and roster services need to remember: teachers' grades, tags, differences, course copies."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def _added() -> list[tuple[str, sa.Column]]:
    return [
        (
            "district",
            sa.Column("teacher_grades_replaced", sa.Boolean(), nullable=False, server_default=sa.false()),
        ),
        ("platform", sa.Column("service_problems", sa.JSON(), nullable=False, server_default="{}")),
        ("context", sa.Column("whole_roster_at", sa.DateTime(timezone=True), nullable=True)),
        ("context", sa.Column("differences_url", sa.Text(), nullable=True)),
        ("context", sa.Column("history", sa.Text(), nullable=True)),
        ("line_item", sa.Column("told_tag", sa.String(length=255), nullable=True)),
        ("line_item", sa.Column("told_label", sa.String(length=255), nullable=True)),
        ("score_delivery", sa.Column("sent_score", sa.Double(), nullable=True)),
        ("score_delivery", sa.Column("offered", sa.JSON(), nullable=False, server_default="[]")),
    ]


STATE = "ck_score_delivery_state_is_known"


def _states(rule: str) -> None:
    with op.batch_alter_table("score_delivery") as score:
        score.drop_constraint(op.f(STATE), type_="check")
        score.create_check_constraint(op.f(STATE), rule)


def upgrade() -> None:
    # One ALTER a column: a table that others refer to is never made anew.
    for table, column in _added():
        op.add_column(table, column)
    _states("state IN ('waiting', 'sent', 'refused', 'kept')")
    op.execute("UPDATE score_delivery SET sent_score = score WHERE state = 'sent' AND sent = wanted")


def downgrade() -> None:
    op.execute("UPDATE score_delivery SET state = 'refused' WHERE state = 'kept'")
    _states("state IN ('waiting', 'sent', 'refused')")
    for table, column in reversed(_added()):
        op.drop_column(table, column.name)
