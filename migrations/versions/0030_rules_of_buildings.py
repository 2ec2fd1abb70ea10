"""A building may narrow the rules of its district."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHOLE = sa.text("building_id IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("district_rule") as rule:
        rule.add_column(sa.Column("building_id", BigId, nullable=True))
        rule.drop_constraint(op.f("uq_district_rule_district_id_audience"), type_="unique")
        rule.create_unique_constraint(
            op.f("uq_district_rule_district_id_audience_building_id"),
            ["district_id", "audience", "building_id"],
        )
        rule.create_foreign_key(
            op.f("fk_district_rule_building_id_building"), "building", ["building_id"], ["id"]
        )
    op.create_index(
        "uq_district_rule_of_the_whole_district",
        "district_rule",
        ["district_id", "audience"],
        unique=True,
        sqlite_where=WHOLE,
        postgresql_where=WHOLE,
    )


def downgrade() -> None:
    """What buildings say is lost: before, there was nowhere to keep it."""
    op.execute("DELETE FROM district_rule WHERE building_id IS NOT NULL")
    op.drop_index("uq_district_rule_of_the_whole_district", table_name="district_rule")
    with op.batch_alter_table("district_rule") as rule:
        rule.drop_constraint(op.f("fk_district_rule_building_id_building"), type_="foreignkey")
        rule.drop_constraint(op.f("uq_district_rule_district_id_audience_building_id"), type_="unique")
        rule.create_unique_constraint(
            op.f("uq_district_rule_district_id_audience"), ["district_id", "audience"]
        )
        rule.drop_column("building_id")
