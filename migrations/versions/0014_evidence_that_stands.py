"""Evidence that stands: signed records, codes, paper, equivalents, declining, and what a new edition changes."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KIND = "ck_evidence_kind_is_known"
ONCE = ("person_id", "school_year_id", "policy_text_id")
HOLDS = sa.text("voided_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "evidence_key",
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("private_pem", sa.Text(), nullable=True),
        sa.Column("public_jwk", sa.JSON(), nullable=False),
        sa.Column("signs_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_key")),
        sa.UniqueConstraint("kid", name=op.f("uq_evidence_key_kid")),
    )
    op.create_table(
        "declined",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("school_year_id", BigId, nullable=False),
        sa.Column("edition_id", BigId, nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_declined_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["policy_edition.id"], name=op.f("fk_declined_edition_id_policy_edition")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_declined_person_id_person")),
        sa.ForeignKeyConstraint(
            ["school_year_id"], ["school_year.id"], name=op.f("fk_declined_school_year_id_school_year")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declined")),
        sa.UniqueConstraint(
            "person_id",
            "school_year_id",
            "edition_id",
            name=op.f("uq_declined_person_id_school_year_id_edition_id"),
        ),
    )
    op.create_index("ix_declined_district_id", "declined", ["district_id"], unique=False)
    op.create_table(
        "equivalent",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("school_year_id", BigId, nullable=False),
        sa.Column("requirement_id", BigId, nullable=False),
        sa.Column("course", sa.String(length=40), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("accepted_by", BigId, nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("accepted_by <> person_id", name=op.f("ck_equivalent_nobody_accepts_their_own")),
        sa.ForeignKeyConstraint(
            ["accepted_by"], ["person.id"], name=op.f("fk_equivalent_accepted_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_equivalent_district_id_district")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_equivalent_person_id_person")),
        sa.ForeignKeyConstraint(
            ["requirement_id"], ["requirement.id"], name=op.f("fk_equivalent_requirement_id_requirement")
        ),
        sa.ForeignKeyConstraint(
            ["school_year_id"], ["school_year.id"], name=op.f("fk_equivalent_school_year_id_school_year")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equivalent")),
    )
    op.create_index("ix_equivalent_district_id", "equivalent", ["district_id"], unique=False)
    op.create_index("ix_equivalent_person_id", "equivalent", ["person_id"], unique=False)
    op.create_table(
        "paper_signature",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("school_year_id", BigId, nullable=False),
        sa.Column("edition_id", BigId, nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("entered_by", BigId, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_by", BigId, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'waiting') = (decided_by IS NULL)",
            name=op.f("ck_paper_signature_a_decision_is_somebodys"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'confirmed', 'sent_back')", name=op.f("ck_paper_signature_state_is_known")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)",
            name=op.f("ck_paper_signature_a_decision_has_a_time"),
        ),
        sa.CheckConstraint("decided_by <> entered_by", name=op.f("ck_paper_signature_two_people_see_it")),
        sa.CheckConstraint(
            "decided_by <> person_id", name=op.f("ck_paper_signature_nobody_confirms_their_own")
        ),
        sa.CheckConstraint(
            "entered_by <> person_id", name=op.f("ck_paper_signature_nobody_enters_their_own")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_paper_signature_decided_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_paper_signature_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["policy_edition.id"], name=op.f("fk_paper_signature_edition_id_policy_edition")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("fk_paper_signature_entered_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_paper_signature_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["school_year_id"], ["school_year.id"], name=op.f("fk_paper_signature_school_year_id_school_year")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_signature")),
        sa.UniqueConstraint("public_id", name=op.f("uq_paper_signature_public_id")),
    )
    op.create_index(
        "ix_paper_signature_district_id", "paper_signature", ["district_id", "state"], unique=False
    )
    op.create_index(
        "uq_paper_signature_waits_once",
        "paper_signature",
        ["person_id", "school_year_id", "edition_id"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    with op.batch_alter_table("attestation") as attestation:
        attestation.add_column(sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True))
        attestation.add_column(sa.Column("jws", sa.Text(), nullable=True))
        attestation.drop_constraint(
            op.f("uq_attestation_person_id_school_year_id_policy_text_id"), type_="unique"
        )
    op.create_index(
        "uq_attestation_once_a_year",
        "attestation",
        list(ONCE),
        unique=True,
        sqlite_where=HOLDS,
        postgresql_where=HOLDS,
    )
    with op.batch_alter_table("evidence") as evidence:
        evidence.add_column(sa.Column("code", sa.String(length=16), nullable=True))
        evidence.add_column(sa.Column("jws", sa.Text(), nullable=True))
        evidence.create_unique_constraint(op.f("uq_evidence_code"), ["code"])
        evidence.drop_constraint(op.f(KIND), type_="check")
        evidence.create_check_constraint(
            op.f(KIND), "kind IN ('course', 'agreement', 'group', 'paper', 'equivalent')"
        )


def downgrade() -> None:
    # The older schema has no words for these.
    op.execute("DELETE FROM evidence WHERE kind IN ('paper', 'equivalent')")
    op.execute("DELETE FROM attestation WHERE voided_at IS NOT NULL")
    with op.batch_alter_table("evidence") as evidence:
        evidence.drop_constraint(op.f(KIND), type_="check")
        evidence.create_check_constraint(op.f(KIND), "kind IN ('course', 'agreement', 'group')")
        evidence.drop_constraint(op.f("uq_evidence_code"), type_="unique")
        evidence.drop_column("jws")
        evidence.drop_column("code")
    op.drop_index("uq_attestation_once_a_year", table_name="attestation")
    with op.batch_alter_table("attestation") as attestation:
        attestation.create_unique_constraint(
            op.f("uq_attestation_person_id_school_year_id_policy_text_id"), list(ONCE)
        )
        attestation.drop_column("jws")
        attestation.drop_column("voided_at")
    op.drop_index(
        "uq_paper_signature_waits_once",
        table_name="paper_signature",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.drop_index("ix_paper_signature_district_id", table_name="paper_signature")
    op.drop_table("paper_signature")
    op.drop_index("ix_equivalent_person_id", table_name="equivalent")
    op.drop_index("ix_equivalent_district_id", table_name="equivalent")
    op.drop_table("equivalent")
    op.drop_index("ix_declined_district_id", table_name="declined")
    op.drop_table("declined")
    op.drop_table("evidence_key")
