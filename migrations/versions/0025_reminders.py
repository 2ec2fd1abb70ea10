"""Mail settings of districts, letters to staff and what each was about."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "mail_settings",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("host", sa.String(length=253), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("security", sa.String(length=10), nullable=False),
        sa.Column("login", sa.Text(), nullable=True),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("reply_to", sa.String(length=254), nullable=True),
        sa.Column("course_url", sa.Text(), nullable=False),
        sa.Column("send_from", sa.Integer(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=20), nullable=True),
        sa.Column("answer", sa.Integer(), nullable=True),
        sa.Column("problem_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "security IN ('starttls', 'tls')", name=op.f("ck_mail_settings_security_is_known")
        ),
        sa.CheckConstraint(
            "(login IS NULL) = (password IS NULL)", name=op.f("ck_mail_settings_login_has_a_password")
        ),
        sa.CheckConstraint("send_from BETWEEN 0 AND 18", name=op.f("ck_mail_settings_sent_in_the_day")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_mail_settings_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_settings")),
        sa.UniqueConstraint("district_id", name=op.f("uq_mail_settings_district_id")),
    )
    op.create_table(
        "refused_address",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_refused_address_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_refused_address_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_address")),
        sa.UniqueConstraint(
            "district_id", "fingerprint", name=op.f("uq_refused_address_district_id_fingerprint")
        ),
    )
    op.create_index("ix_refused_address_person_id", "refused_address", ["person_id"], unique=False)
    op.create_table(
        "reminder_letter",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_by", sa.String(length=20), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=20), nullable=True),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'refused', 'moot', 'late')",
            name=op.f("ck_reminder_letter_state_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_reminder_letter_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_reminder_letter_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_letter")),
        sa.UniqueConstraint("message_id", name=op.f("uq_reminder_letter_message_id")),
        sa.UniqueConstraint("person_id", "day", name=op.f("uq_reminder_letter_person_id_day")),
    )
    op.create_index(
        "ix_reminder_letter_district_id", "reminder_letter", ["district_id", "state", "due_at"], unique=False
    )
    op.create_table(
        "reminder",
        sa.Column("district_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("letter_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_reminder_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["reminder_letter.id"],
            name=op.f("fk_reminder_letter_id_reminder_letter"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reminder_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("person_id", "kind", "subject", name=op.f("uq_reminder_person_id_kind_subject")),
    )
    op.create_index("ix_reminder_district_id", "reminder", ["district_id"], unique=False)
    op.create_index("ix_reminder_letter_id", "reminder", ["letter_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_reminder_letter_id", table_name="reminder")
    op.drop_index("ix_reminder_district_id", table_name="reminder")
    op.drop_table("reminder")
    op.drop_index("ix_reminder_letter_district_id", table_name="reminder_letter")
    op.drop_table("reminder_letter")
    op.drop_index("ix_refused_address_person_id", table_name="refused_address")
    op.drop_table("refused_address")
    op.drop_table("mail_settings")
