"""Exemptions, revocations, district rules, revised agreements, and enforcement in stages."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "district_rule",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_district_rule_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_district_rule")),
        sa.UniqueConstraint("district_id", "audience", name=op.f("uq_district_rule_district_id_audience")),
    )
    op.create_table(
        "review_sweep",
        sa.Column("district_id", BigId, nullable=True),
        sa.Column("requirement_id", BigId, nullable=True),
        sa.Column("marked_to", sa.BigInteger(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_review_sweep_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["requirement_id"], ["requirement.id"], name=op.f("fk_review_sweep_requirement_id_requirement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_sweep")),
    )
    op.create_table(
        "enforcement_step",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("building_id", BigId, nullable=True),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("enforce_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "stage IN ('observe', 'warn', 'limited', 'deny')", name=op.f("ck_enforcement_step_stage_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["building_id"], ["building.id"], name=op.f("fk_enforcement_step_building_id_building")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_enforcement_step_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enforcement_step")),
        sa.UniqueConstraint(
            "district_id",
            "audience",
            "building_id",
            "enforce_from",
            name=op.f("uq_enforcement_step_district_id_audience_building_id_enforce_from"),
        ),
    )
    op.create_index(
        "uq_enforcement_step_of_the_whole_district",
        "enforcement_step",
        ["district_id", "audience", "enforce_from"],
        unique=True,
        sqlite_where=sa.text("building_id IS NULL"),
        postgresql_where=sa.text("building_id IS NULL"),
    )
    op.create_table(
        "exemption",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("requirement_id", BigId, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_code", sa.String(length=40), nullable=False),
        sa.Column("approved_by", BigId, nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=80), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_exemption_an_end_says_who")
        ),
        sa.CheckConstraint("approved_by <> person_id", name=op.f("ck_exemption_nobody_approves_their_own")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_exemption_starts_before_it_ends")),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_exemption_approved_by_person")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_exemption_district_id_district")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_exemption_person_id_person")),
        sa.ForeignKeyConstraint(
            ["requirement_id"], ["requirement.id"], name=op.f("fk_exemption_requirement_id_requirement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption")),
        sa.UniqueConstraint("public_id", name=op.f("uq_exemption_public_id")),
    )
    op.create_index("ix_exemption_district_id", "exemption", ["district_id", "ends_at"], unique=False)
    op.create_index("ix_exemption_person_id", "exemption", ["person_id"], unique=False)
    op.create_table(
        "revocation",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason_code", sa.String(length=40), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("decided_by", BigId, nullable=True),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("review_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reinstated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reinstated_by", sa.String(length=80), nullable=True),
        sa.Column("conditions_code", sa.String(length=40), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(reinstated_at IS NULL) = (reinstated_by IS NULL) AND (reinstated_at IS NULL) = (conditions_code IS NULL)",
            name=op.f("ck_revocation_reinstating_says_who_and_how"),
        ),
        sa.CheckConstraint("decided_by <> person_id", name=op.f("ck_revocation_nobody_decides_their_own")),
        sa.CheckConstraint(
            "emergency OR decided_by IS NOT NULL", name=op.f("ck_revocation_somebody_decided_or_it_is_urgent")
        ),
        sa.CheckConstraint(
            "ends_at IS NULL OR starts_at < ends_at", name=op.f("ck_revocation_starts_before_it_ends")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_revocation_decided_by_person")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_revocation_district_id_district")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_revocation_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revocation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_revocation_public_id")),
    )
    op.create_index("ix_revocation_district_id", "revocation", ["district_id", "review_due_at"], unique=False)
    op.create_index("ix_revocation_person_id", "revocation", ["person_id"], unique=False)
    with op.batch_alter_table("access_policy") as policy:
        policy.add_column(sa.Column("building_id", BigId, nullable=True))
        policy.drop_constraint(op.f("uq_access_policy_district_id_audience"), type_="unique")
        policy.create_unique_constraint(
            op.f("uq_access_policy_district_id_audience_building_id"),
            ["district_id", "audience", "building_id"],
        )
        policy.create_foreign_key(
            op.f("fk_access_policy_building_id_building"), "building", ["building_id"], ["id"]
        )
    op.create_index(
        "uq_access_policy_of_the_whole_district",
        "access_policy",
        ["district_id", "audience"],
        unique=True,
        sqlite_where=sa.text("building_id IS NULL"),
        postgresql_where=sa.text("building_id IS NULL"),
    )
    op.add_column("assignment", sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE assignment SET joined_at = (SELECT created_at FROM person WHERE person.id = assignment.person_id)"
        " WHERE basis = 'joined_late'"
    )
    with op.batch_alter_table("policy_edition") as edition:
        edition.add_column(
            sa.Column("change", sa.String(length=10), nullable=False, server_default="editorial")
        )
        edition.add_column(sa.Column("effective_at", sa.DateTime(timezone=True), nullable=True))
        edition.add_column(sa.Column("reattest_by", sa.DateTime(timezone=True), nullable=True))
        edition.create_check_constraint(
            op.f("ck_policy_edition_change_is_known"), "change IN ('editorial', 'material')"
        )
        edition.create_check_constraint(
            op.f("ck_policy_edition_a_material_change_says_by_when"),
            "change = 'editorial' OR (effective_at IS NOT NULL AND reattest_by IS NOT NULL"
            " AND effective_at <= reattest_by)",
        )
    with op.batch_alter_table("policy_edition") as edition:
        edition.alter_column("change", existing_type=sa.String(length=10), server_default=None)
    op.add_column("standing", sa.Column("would_be", sa.String(length=10), nullable=True))
    op.execute("UPDATE standing SET would_be = access")
    with op.batch_alter_table("standing") as standing:
        standing.alter_column("would_be", existing_type=sa.String(length=10), nullable=False)


def downgrade() -> None:
    op.drop_column("standing", "would_be")
    with op.batch_alter_table("policy_edition") as edition:
        edition.drop_constraint(op.f("ck_policy_edition_a_material_change_says_by_when"), type_="check")
        edition.drop_constraint(op.f("ck_policy_edition_change_is_known"), type_="check")
        for column in ("reattest_by", "effective_at", "change"):
            edition.drop_column(column)
    op.drop_column("assignment", "joined_at")
    op.drop_index("uq_access_policy_of_the_whole_district", table_name="access_policy")
    # The older schema knows no buildings.
    op.execute("DELETE FROM access_policy WHERE building_id IS NOT NULL")
    with op.batch_alter_table("access_policy") as policy:
        policy.drop_constraint(op.f("fk_access_policy_building_id_building"), type_="foreignkey")
        policy.drop_constraint(op.f("uq_access_policy_district_id_audience_building_id"), type_="unique")
        policy.create_unique_constraint(
            op.f("uq_access_policy_district_id_audience"), ["district_id", "audience"]
        )
        policy.drop_column("building_id")
    op.drop_index("ix_revocation_person_id", table_name="revocation")
    op.drop_index("ix_revocation_district_id", table_name="revocation")
    op.drop_table("revocation")
    op.drop_index("ix_exemption_person_id", table_name="exemption")
    op.drop_index("ix_exemption_district_id", table_name="exemption")
    op.drop_table("exemption")
    op.drop_index("uq_enforcement_step_of_the_whole_district", table_name="enforcement_step")
    op.drop_table("enforcement_step")
    op.drop_table("review_sweep")
    op.drop_table("district_rule")
