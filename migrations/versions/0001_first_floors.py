"""The first floors: people, platforms, the ledger, lessons, quizzes and standings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:

    op.create_table(
        "curriculum_release",
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("courses", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_curriculum_release")),
        sa.UniqueConstraint("content_hash", name=op.f("uq_curriculum_release_content_hash")),
    )
    op.create_table(
        "district",
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("year_starts_month", sa.Integer(), nullable=False),
        sa.Column("year_starts_day", sa.Integer(), nullable=False),
        sa.Column("email_domains", sa.JSON(), nullable=False),
        sa.Column("variables", sa.JSON(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_district")),
        sa.UniqueConstraint("slug", name=op.f("uq_district_slug")),
    )
    op.create_table(
        "lesson_version",
        sa.Column("lesson_id", sa.String(length=80), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_version")),
        sa.UniqueConstraint("content_hash", name=op.f("uq_lesson_version_content_hash")),
    )
    op.create_index("ix_lesson_version_lesson_id", "lesson_version", ["lesson_id"], unique=False)
    op.create_table(
        "policy_edition",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("lang", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("intent", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_edition")),
        sa.UniqueConstraint("key", "version", "lang", name=op.f("uq_policy_edition_key_version_lang")),
    )
    op.create_table(
        "policy_text",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("lang", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_text")),
        sa.UniqueConstraint("sha256", name=op.f("uq_policy_text_sha256")),
    )
    op.create_table(
        "requirement",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("alternatives", sa.JSON(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("audience IN ('pupil', 'staff')", name=op.f("ck_requirement_audience_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
        sa.UniqueConstraint("key", name=op.f("uq_requirement_key")),
    )
    op.create_table(
        "signing_key",
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("private_pem", sa.Text(), nullable=False),
        sa.Column("public_jwk", sa.JSON(), nullable=False),
        sa.Column("signs_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
        sa.UniqueConstraint("kid", name=op.f("uq_signing_key_kid")),
    )
    op.create_table(
        "spent_nonce",
        sa.Column("nonce_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spent_nonce")),
        sa.UniqueConstraint("nonce_hash", name=op.f("uq_spent_nonce_nonce_hash")),
    )
    op.create_index(op.f("ix_spent_nonce_expires_at"), "spent_nonce", ["expires_at"], unique=False)
    op.create_table(
        "access_policy",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_access_policy_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_policy")),
        sa.UniqueConstraint("district_id", "audience", name=op.f("uq_access_policy_district_id_audience")),
    )
    op.create_table(
        "api_client",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.String(length=200), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_api_client_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_client")),
        sa.UniqueConstraint("client_id", name=op.f("uq_api_client_client_id")),
    )
    op.create_index(op.f("ix_api_client_district_id"), "api_client", ["district_id"], unique=False)
    op.create_table(
        "classroom",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("title", sa.String(length=255), nullable=True),
        sa.Column("roster_as_of", sa.DateTime(timezone=True), nullable=True),
        sa.Column("roster_problem", sa.String(length=200), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_classroom_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classroom")),
    )
    op.create_index(op.f("ix_classroom_district_id"), "classroom", ["district_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "audience IN ('pupil', 'staff', 'unknown')", name=op.f("ck_person_audience_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_person_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("public_id", name=op.f("uq_person_public_id")),
    )
    op.create_index("ix_person_district_id_audience", "person", ["district_id", "audience"], unique=False)
    op.create_table(
        "platform",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("client_id", sa.String(length=255), nullable=False),
        sa.Column("auth_login_url", sa.Text(), nullable=False),
        sa.Column("auth_token_url", sa.Text(), nullable=False),
        sa.Column("jwks_url", sa.Text(), nullable=False),
        sa.Column("token_audience", sa.Text(), nullable=True),
        sa.Column("custom_ids_trusted", sa.Boolean(), nullable=False),
        sa.Column("family", sa.String(length=60), nullable=True),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_platform_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform")),
        sa.UniqueConstraint("issuer", "client_id", name=op.f("uq_platform_issuer_client_id")),
    )
    op.create_index("ix_platform_district_id", "platform", ["district_id"], unique=False)
    op.create_table(
        "school_year",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("name", sa.String(length=9), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_school_year_starts_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_school_year_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_year")),
        sa.UniqueConstraint("district_id", "name", name=op.f("uq_school_year_district_id_name")),
    )
    op.create_table(
        "standing_log",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_standing_log_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_log")),
        sa.UniqueConstraint("district_id", name=op.f("uq_standing_log_district_id")),
    )
    op.create_table(
        "api_token",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("client_id", BigId, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["api_client.id"], name=op.f("fk_api_token_client_id_api_client")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_api_token_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_index("ix_api_token_expires_at", "api_token", ["expires_at"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("requirement_id", BigId, nullable=False),
        sa.Column("school_year_id", BigId, nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("grace_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("due_at <= grace_until", name=op.f("ck_assignment_grace_follows_the_due_date")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_assignment_district_id_district")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id_person")),
        sa.ForeignKeyConstraint(
            ["requirement_id"], ["requirement.id"], name=op.f("fk_assignment_requirement_id_requirement")
        ),
        sa.ForeignKeyConstraint(
            ["school_year_id"], ["school_year.id"], name=op.f("fk_assignment_school_year_id_school_year")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint(
            "person_id",
            "requirement_id",
            "school_year_id",
            name=op.f("uq_assignment_person_id_requirement_id_school_year_id"),
        ),
    )
    op.create_index("ix_assignment_district_id", "assignment", ["district_id"], unique=False)
    op.create_table(
        "attempt",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("school_year_id", BigId, nullable=False),
        sa.Column("lesson_id", sa.String(length=80), nullable=False),
        sa.Column("version_id", BigId, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("draw", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(score IS NULL) = (submitted_at IS NULL)", name=op.f("ck_attempt_score_once_submitted")
        ),
        sa.CheckConstraint(
            "score IS NULL OR (score >= 0 AND score <= 100)", name=op.f("ck_attempt_score_is_a_percentage")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_attempt_district_id_district")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attempt_person_id_person")),
        sa.ForeignKeyConstraint(
            ["school_year_id"], ["school_year.id"], name=op.f("fk_attempt_school_year_id_school_year")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["lesson_version.id"], name=op.f("fk_attempt_version_id_lesson_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint(
            "person_id",
            "lesson_id",
            "school_year_id",
            "number",
            name=op.f("uq_attempt_person_id_lesson_id_school_year_id_number"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_attempt_public_id")),
    )
    op.create_index("ix_attempt_district_id", "attempt", ["district_id"], unique=False)
    op.create_index(
        "uq_attempt_one_open",
        "attempt",
        ["person_id", "lesson_id", "school_year_id"],
        unique=True,
        sqlite_where=sa.text("submitted_at IS NULL"),
        postgresql_where=sa.text("submitted_at IS NULL"),
    )
    op.create_table(
        "attestation",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("school_year_id", BigId, nullable=False),
        sa.Column("policy_text_id", BigId, nullable=False),
        sa.Column("intent", sa.Text(), nullable=False),
        sa.Column("typed_name", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provenance", sa.JSON(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_attestation_district_id_district")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attestation_person_id_person")),
        sa.ForeignKeyConstraint(
            ["policy_text_id"], ["policy_text.id"], name=op.f("fk_attestation_policy_text_id_policy_text")
        ),
        sa.ForeignKeyConstraint(
            ["school_year_id"], ["school_year.id"], name=op.f("fk_attestation_school_year_id_school_year")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attestation")),
        sa.UniqueConstraint(
            "person_id",
            "school_year_id",
            "policy_text_id",
            name=op.f("uq_attestation_person_id_school_year_id_policy_text_id"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_attestation_public_id")),
    )
    op.create_index("ix_attestation_district_id", "attestation", ["district_id"], unique=False)
    op.create_table(
        "deployment",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("platform_id", BigId, nullable=False),
        sa.Column("deployment_id", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('pending', 'approved')", name=op.f("ck_deployment_state_is_known")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_deployment_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["platform.id"], name=op.f("fk_deployment_platform_id_platform")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment")),
        sa.UniqueConstraint(
            "platform_id", "deployment_id", name=op.f("uq_deployment_platform_id_deployment_id")
        ),
    )
    op.create_table(
        "enrollment",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("classroom_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('learner', 'teacher', 'mentor', 'other')", name=op.f("ck_enrollment_role_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["classroom_id"], ["classroom.id"], name=op.f("fk_enrollment_classroom_id_classroom")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_enrollment_district_id_district")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_enrollment_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollment")),
        sa.UniqueConstraint("classroom_id", "person_id", name=op.f("uq_enrollment_classroom_id_person_id")),
    )
    op.create_index("ix_enrollment_district_id", "enrollment", ["district_id"], unique=False)
    op.create_index("ix_enrollment_person_id", "enrollment", ["person_id"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("school_year_id", BigId, nullable=False),
        sa.Column("part", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("version", sa.String(length=80), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('course', 'agreement')", name=op.f("ck_evidence_kind_is_known")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_evidence_district_id_district")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_evidence_person_id_person")),
        sa.ForeignKeyConstraint(
            ["school_year_id"], ["school_year.id"], name=op.f("fk_evidence_school_year_id_school_year")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint(
            "person_id",
            "part",
            "school_year_id",
            "version",
            name=op.f("uq_evidence_person_id_part_school_year_id_version"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_evidence_public_id")),
    )
    op.create_index("ix_evidence_district_id", "evidence", ["district_id"], unique=False)
    op.create_table(
        "identity",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("scheme", sa.String(length=20), nullable=False),
        sa.Column("issuer", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_identity_district_id_district")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_identity_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint(
            "district_id",
            "scheme",
            "issuer",
            "fingerprint",
            name=op.f("uq_identity_district_id_scheme_issuer_fingerprint"),
        ),
    )
    op.create_index("ix_identity_person_id_scheme", "identity", ["person_id", "scheme"], unique=False)
    op.create_table(
        "lesson_visit",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("school_year_id", BigId, nullable=False),
        sa.Column("lesson_id", sa.String(length=80), nullable=False),
        sa.Column("version_id", BigId, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("furthest", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_lesson_visit_district_id_district")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_lesson_visit_person_id_person")),
        sa.ForeignKeyConstraint(
            ["school_year_id"], ["school_year.id"], name=op.f("fk_lesson_visit_school_year_id_school_year")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["lesson_version.id"], name=op.f("fk_lesson_visit_version_id_lesson_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_visit")),
        sa.UniqueConstraint(
            "person_id",
            "lesson_id",
            "school_year_id",
            name=op.f("uq_lesson_visit_person_id_lesson_id_school_year_id"),
        ),
    )
    op.create_index("ix_lesson_visit_district_id", "lesson_visit", ["district_id"], unique=False)
    op.create_table(
        "progress",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("school_year_id", BigId, nullable=False),
        sa.Column("part", sa.String(length=80), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("best_score", sa.Double(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "best_score IS NULL OR (best_score >= 0 AND best_score <= 100)",
            name=op.f("ck_progress_score_is_a_percentage"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_progress_district_id_district")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_progress_person_id_person")),
        sa.ForeignKeyConstraint(
            ["school_year_id"], ["school_year.id"], name=op.f("fk_progress_school_year_id_school_year")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress")),
        sa.UniqueConstraint(
            "person_id", "part", "school_year_id", name=op.f("uq_progress_person_id_part_school_year_id")
        ),
    )
    op.create_index("ix_progress_district_id", "progress", ["district_id"], unique=False)
    op.create_table(
        "review",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("requirement_id", BigId, nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_review_district_id_district")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_review_person_id_person")),
        sa.ForeignKeyConstraint(
            ["requirement_id"], ["requirement.id"], name=op.f("fk_review_requirement_id_requirement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("person_id", "requirement_id", name=op.f("uq_review_person_id_requirement_id")),
    )
    op.create_index("ix_review_district_id", "review", ["district_id"], unique=False)
    op.create_index("ix_review_due_at", "review", ["due_at"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("classroom_id", BigId, nullable=True),
        sa.Column("role", sa.String(length=15), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("return_url", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["classroom_id"], ["classroom.id"], name=op.f("fk_sign_in_classroom_id_classroom")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_sign_in_district_id_district")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("key", name=op.f("uq_sign_in_key")),
    )
    op.create_index("ix_sign_in_expires_at", "sign_in", ["expires_at"], unique=False)
    op.create_table(
        "standing",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("requirement", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("period", sa.String(length=9), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("access", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("grace_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_change_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("policy_version", sa.String(length=80), nullable=True),
        sa.Column("evidence", sa.String(length=40), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_standing_district_id_district")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_standing_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing")),
        sa.UniqueConstraint("district_id", "seq", name=op.f("uq_standing_district_id_seq")),
        sa.UniqueConstraint("person_id", "requirement", name=op.f("uq_standing_person_id_requirement")),
    )
    op.create_index(
        "ix_standing_district_id_requirement_id",
        "standing",
        ["district_id", "requirement", "id"],
        unique=False,
    )
    op.create_table(
        "standing_change",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("requirement", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("access", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("previous_state", sa.String(length=20), nullable=True),
        sa.Column("previous_access", sa.String(length=10), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_standing_change_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_standing_change_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_change")),
        sa.UniqueConstraint("district_id", "seq", name=op.f("uq_standing_change_district_id_seq")),
    )
    op.create_index("ix_standing_change_person_id", "standing_change", ["person_id"], unique=False)
    op.create_table(
        "context",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("platform_id", BigId, nullable=False),
        sa.Column("deployment_pk", BigId, nullable=False),
        sa.Column("context_id", sa.String(length=255), nullable=False),
        sa.Column("classroom_id", BigId, nullable=False),
        sa.Column("lineitems_url", sa.Text(), nullable=True),
        sa.Column("memberships_url", sa.Text(), nullable=True),
        sa.Column("ags_scopes", sa.Text(), nullable=False),
        sa.Column("roster_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("roster_tries", sa.Integer(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["classroom_id"], ["classroom.id"], name=op.f("fk_context_classroom_id_classroom")
        ),
        sa.ForeignKeyConstraint(
            ["deployment_pk"], ["deployment.id"], name=op.f("fk_context_deployment_pk_deployment")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_context_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["platform.id"], name=op.f("fk_context_platform_id_platform")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_context")),
        sa.UniqueConstraint("classroom_id", name=op.f("uq_context_classroom_id")),
        sa.UniqueConstraint("deployment_pk", "context_id", name=op.f("uq_context_deployment_pk_context_id")),
    )
    op.create_index("ix_context_roster_due_at", "context", ["roster_due_at"], unique=False)
    op.create_table(
        "response",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("attempt_id", BigId, nullable=False),
        sa.Column("item_id", sa.String(length=100), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("points", sa.Double(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_response_attempt_id_attempt"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_response_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("attempt_id", "item_id", name=op.f("uq_response_attempt_id_item_id")),
    )
    op.create_index("ix_response_district_id", "response", ["district_id"], unique=False)
    op.create_table(
        "line_item",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("platform_id", BigId, nullable=False),
        sa.Column("context_pk", BigId, nullable=True),
        sa.Column("url", sa.String(length=1000), nullable=True),
        sa.Column("label", sa.String(length=255), nullable=False),
        sa.Column("resource_id", sa.String(length=100), nullable=True),
        sa.Column("tag", sa.String(length=20), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["context_pk"], ["context.id"], name=op.f("fk_line_item_context_pk_context")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_line_item_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["platform.id"], name=op.f("fk_line_item_platform_id_platform")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_item")),
        sa.UniqueConstraint(
            "context_pk", "resource_id", "tag", name=op.f("uq_line_item_context_pk_resource_id_tag")
        ),
        sa.UniqueConstraint("platform_id", "url", name=op.f("uq_line_item_platform_id_url")),
    )
    op.create_table(
        "resource_link",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("platform_id", BigId, nullable=False),
        sa.Column("deployment_pk", BigId, nullable=False),
        sa.Column("context_pk", BigId, nullable=True),
        sa.Column("link_id", sa.String(length=255), nullable=False),
        sa.Column("target", sa.String(length=500), nullable=False),
        sa.Column("line_item_id", BigId, nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["context_pk"], ["context.id"], name=op.f("fk_resource_link_context_pk_context")
        ),
        sa.ForeignKeyConstraint(
            ["deployment_pk"], ["deployment.id"], name=op.f("fk_resource_link_deployment_pk_deployment")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_resource_link_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["line_item_id"], ["line_item.id"], name=op.f("fk_resource_link_line_item_id_line_item")
        ),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["platform.id"], name=op.f("fk_resource_link_platform_id_platform")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_link")),
        sa.UniqueConstraint("deployment_pk", "link_id", name=op.f("uq_resource_link_deployment_pk_link_id")),
    )
    op.create_index("ix_resource_link_context_pk", "resource_link", ["context_pk"], unique=False)
    op.create_table(
        "score_delivery",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("platform_id", BigId, nullable=False),
        sa.Column("line_item_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_by", sa.String(length=40), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=300), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'refused')", name=op.f("ck_score_delivery_state_is_known")
        ),
        sa.CheckConstraint(
            "score >= 0 AND score <= 100", name=op.f("ck_score_delivery_score_is_a_percentage")
        ),
        sa.CheckConstraint(
            "sent <= wanted", name=op.f("ck_score_delivery_nothing_is_sent_that_was_not_wanted")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_score_delivery_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["line_item_id"], ["line_item.id"], name=op.f("fk_score_delivery_line_item_id_line_item")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_score_delivery_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["platform.id"], name=op.f("fk_score_delivery_platform_id_platform")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_delivery")),
        sa.UniqueConstraint(
            "line_item_id", "person_id", name=op.f("uq_score_delivery_line_item_id_person_id")
        ),
    )
    op.create_index(
        "ix_score_delivery_due_at",
        "score_delivery",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("ix_score_delivery_person_id", "score_delivery", ["person_id"], unique=False)
    op.create_table(
        "launch",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("platform_id", BigId, nullable=False),
        sa.Column("resource_link_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("sign_in_id", BigId, nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_launch_district_id_district")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_launch_person_id_person")),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["platform.id"], name=op.f("fk_launch_platform_id_platform")
        ),
        sa.ForeignKeyConstraint(
            ["resource_link_id"], ["resource_link.id"], name=op.f("fk_launch_resource_link_id_resource_link")
        ),
        sa.ForeignKeyConstraint(
            ["sign_in_id"], ["sign_in.id"], name=op.f("fk_launch_sign_in_id_sign_in"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_launch")),
        sa.UniqueConstraint("sign_in_id", name=op.f("uq_launch_sign_in_id")),
    )
    op.create_index(
        "ix_launch_person_id_resource_link_id", "launch", ["person_id", "resource_link_id"], unique=False
    )


def downgrade() -> None:

    op.drop_index("ix_launch_person_id_resource_link_id", table_name="launch")
    op.drop_table("launch")
    op.drop_index("ix_score_delivery_person_id", table_name="score_delivery")
    op.drop_index(
        "ix_score_delivery_due_at",
        table_name="score_delivery",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.drop_table("score_delivery")
    op.drop_index("ix_resource_link_context_pk", table_name="resource_link")
    op.drop_table("resource_link")
    op.drop_table("line_item")
    op.drop_index("ix_response_district_id", table_name="response")
    op.drop_table("response")
    op.drop_index("ix_context_roster_due_at", table_name="context")
    op.drop_table("context")
    op.drop_index("ix_standing_change_person_id", table_name="standing_change")
    op.drop_table("standing_change")
    op.drop_index("ix_standing_district_id_requirement_id", table_name="standing")
    op.drop_table("standing")
    op.drop_index("ix_sign_in_expires_at", table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_index("ix_review_due_at", table_name="review")
    op.drop_index("ix_review_district_id", table_name="review")
    op.drop_table("review")
    op.drop_index("ix_progress_district_id", table_name="progress")
    op.drop_table("progress")
    op.drop_index("ix_lesson_visit_district_id", table_name="lesson_visit")
    op.drop_table("lesson_visit")
    op.drop_index("ix_identity_person_id_scheme", table_name="identity")
    op.drop_table("identity")
    op.drop_index("ix_evidence_district_id", table_name="evidence")
    op.drop_table("evidence")
    op.drop_index("ix_enrollment_person_id", table_name="enrollment")
    op.drop_index("ix_enrollment_district_id", table_name="enrollment")
    op.drop_table("enrollment")
    op.drop_table("deployment")
    op.drop_index("ix_attestation_district_id", table_name="attestation")
    op.drop_table("attestation")
    op.drop_index(
        "uq_attempt_one_open",
        table_name="attempt",
        sqlite_where=sa.text("submitted_at IS NULL"),
        postgresql_where=sa.text("submitted_at IS NULL"),
    )
    op.drop_index("ix_attempt_district_id", table_name="attempt")
    op.drop_table("attempt")
    op.drop_index("ix_assignment_district_id", table_name="assignment")
    op.drop_table("assignment")
    op.drop_index("ix_api_token_expires_at", table_name="api_token")
    op.drop_table("api_token")
    op.drop_table("standing_log")
    op.drop_table("school_year")
    op.drop_index("ix_platform_district_id", table_name="platform")
    op.drop_table("platform")
    op.drop_index("ix_person_district_id_audience", table_name="person")
    op.drop_table("person")
    op.drop_index(op.f("ix_classroom_district_id"), table_name="classroom")
    op.drop_table("classroom")
    op.drop_index(op.f("ix_api_client_district_id"), table_name="api_client")
    op.drop_table("api_client")
    op.drop_table("access_policy")
    op.drop_index(op.f("ix_spent_nonce_expires_at"), table_name="spent_nonce")
    op.drop_table("spent_nonce")
    op.drop_table("signing_key")
    op.drop_table("requirement")
    op.drop_table("policy_text")
    op.drop_table("policy_edition")
    op.drop_index("ix_lesson_version_lesson_id", table_name="lesson_version")
    op.drop_table("lesson_version")
    op.drop_table("district")
    op.drop_table("curriculum_release")
