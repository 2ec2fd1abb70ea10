"""What evidence rests on besides lessons and signatures: keys, paper, equivalents; and what was declined."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import now
from core.database import Base
from core.sealed import Sealed, new_secret


class EvidenceKey(Base):
    """A key pair of this installation that signs evidence. The public half is published for good.

    The private half is erased when the next key takes over: who breaks in later can sign nothing in its name.
    """

    __tablename__ = "evidence_key"

    kid: Mapped[str] = mapped_column(sa.String(64), unique=True)
    private_pem: Mapped[str | None] = mapped_column(Sealed)
    public_jwk: Mapped[dict[str, Any]]
    signs_from: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    """When it was said to have leaked: nothing it signed is believed any more."""


class PaperSignature(Base):
    """Somebody signed on paper, says one person of personnel; it counts when a second has seen it too.

    Until then whoever entered it may take it back.
    """

    __tablename__ = "paper_signature"
    __table_args__ = (
        sa.CheckConstraint("entered_by <> person_id", name="nobody_enters_their_own"),
        sa.CheckConstraint("(state = 'taken_back') = (decided_by = entered_by)", name="two_people_see_it"),
        sa.CheckConstraint("decided_by <> person_id", name="nobody_confirms_their_own"),
        sa.CheckConstraint(
            "state IN ('waiting', 'confirmed', 'sent_back', 'taken_back')", name="state_is_known"
        ),
        sa.CheckConstraint("(state = 'waiting') = (decided_by IS NULL)", name="a_decision_is_somebodys"),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="a_decision_has_a_time"),
        sa.Index(
            "uq_paper_signature_waits_once",
            "person_id",
            "school_year_id",
            "edition_id",
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        ),
        sa.Index("ix_paper_signature_district_id", "district_id", "state"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True, default=lambda: "pa_" + new_secret(16))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    school_year_id: Mapped[int] = mapped_column(sa.ForeignKey("school_year.id"))
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("policy_edition.id"))
    signed_on: Mapped[date]
    """The date beside the signature."""
    entered_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting")
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]


class Equivalent(Base):
    """Another course that personnel accepted in place of ours, for one person and year."""

    __tablename__ = "equivalent"
    __table_args__ = (
        sa.CheckConstraint("accepted_by <> person_id", name="nobody_accepts_their_own"),
        sa.Index("ix_equivalent_person_id", "person_id"),
        sa.Index("ix_equivalent_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    school_year_id: Mapped[int] = mapped_column(sa.ForeignKey("school_year.id"))
    requirement_id: Mapped[int] = mapped_column(sa.ForeignKey("requirement.id"))
    course: Mapped[str] = mapped_column(sa.String(40))
    """A code of completion.equivalents.COURSES."""
    taken_on: Mapped[date]
    accepted_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))


class Declined(Base):
    """Somebody said that they do not want to sign this edition. No reason is asked or kept."""

    __tablename__ = "declined"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "school_year_id", "edition_id"),
        sa.Index("ix_declined_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    school_year_id: Mapped[int] = mapped_column(sa.ForeignKey("school_year.id"))
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("policy_edition.id"))
    declined_at: Mapped[datetime] = mapped_column(default=now)
