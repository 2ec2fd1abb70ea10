"""Facts only: requirements, assignments, progress, evidence, agreements. The state is derived, never stored here."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import now
from core.codes import new_code
from core.database import Base
from core.sealed import Sealed, new_secret


class Requirement(Base):
    """What must be shown each school year. Defined by whoever publishes the content, the same for all districts.

    key           `rua` for staff, `guest` for visitors and volunteers, `dc-g4` for the Grade 4 course
    alternatives  a list of lists of part keys; one list shown whole is enough ("take the course or sign",
                  procedure 2022P, RU-ANN-2)
    """

    __tablename__ = "requirement"
    __table_args__ = (
        sa.CheckConstraint("audience IN ('pupil', 'staff', 'guest')", name="audience_is_known"),
    )

    key: Mapped[str] = mapped_column(sa.String(40), unique=True)
    audience: Mapped[str] = mapped_column(sa.String(10))
    title: Mapped[str] = mapped_column(sa.String(200))
    alternatives: Mapped[list[Any]]


class Assignment(Base):
    """This person owes this requirement for this school year."""

    __tablename__ = "assignment"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "requirement_id", "school_year_id"),
        sa.CheckConstraint("due_at <= grace_until", name="grace_follows_the_due_date"),
        sa.Index("ix_assignment_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    requirement_id: Mapped[int] = mapped_column(sa.ForeignKey("requirement.id"))
    school_year_id: Mapped[int] = mapped_column(sa.ForeignKey("school_year.id"))
    assigned_at: Mapped[datetime]
    due_at: Mapped[datetime]
    grace_until: Mapped[datetime]
    basis: Mapped[str] = mapped_column(sa.String(20))
    """Why the due date is what it is: `school_year` or `joined_late`."""
    joined_at: Mapped[datetime | None]
    """Where the days were counted from, if not from the start of the year: hired, first seen, or first asked."""


class Progress(Base):
    """How far a person is with one part this school year; the line the class page reads."""

    __tablename__ = "progress"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "part", "school_year_id"),
        sa.CheckConstraint(
            "best_score IS NULL OR (best_score >= 0 AND best_score <= 100)", name="score_is_a_percentage"
        ),
        sa.Index("ix_progress_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    school_year_id: Mapped[int] = mapped_column(sa.ForeignKey("school_year.id"))
    part: Mapped[str] = mapped_column(sa.String(80))
    begun_at: Mapped[datetime] = mapped_column(default=now)
    best_score: Mapped[float | None]
    done_at: Mapped[datetime | None]


def _once(name: str, where: str, *more: str) -> sa.Index:
    """Only rows that were not voided stand in each other's way."""
    holds = sa.text(f"voided_at IS NULL AND {where}")
    columns = ("person_id", "part", "school_year_id", "version", *more)
    return sa.Index(name, *columns, unique=True, sqlite_where=holds, postgresql_where=holds)


class Evidence(Base):
    """A part was shown. Rows are added, and voided where they were a mistake, but never changed or removed.

    kind  course     the person took it themselves: the same part under the same version counts once a year
          agreement  they signed
          group      their teacher led the whole class through it: once a session, beside what they did themselves
          paper      they signed on paper, and two people of personnel say so
          equivalent  another course that personnel accepts in its place
    """

    __tablename__ = "evidence"
    __table_args__ = (
        _once("uq_evidence_counts_once", "kind <> 'group'"),
        _once("uq_evidence_once_a_session", "kind = 'group'", "source"),
        sa.CheckConstraint(
            "kind IN ('course', 'agreement', 'group', 'paper', 'equivalent')", name="kind_is_known"
        ),
        sa.CheckConstraint("(voided_at IS NULL) = (void_reason IS NULL)", name="void_says_why"),
        sa.Index("ix_evidence_district_id_id", "district_id", "id"),
        sa.Index(
            "ix_evidence_voided_by",
            "voided_by",
            sqlite_where=sa.text("voided_by IS NOT NULL"),
            postgresql_where=sa.text("voided_by IS NOT NULL"),
        ),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True, default=lambda: "ev_" + new_secret(16))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    school_year_id: Mapped[int] = mapped_column(sa.ForeignKey("school_year.id"))
    part: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[str] = mapped_column(sa.String(80))
    """Content hash of the lesson, or version of the agreement: what exactly was taught or signed (META-1)."""
    score: Mapped[float | None]
    shown_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(sa.String(80))
    """Where to look it up: "attempt 41", "attestation 7", "group session 3", "paper 2", "equivalent 5"."""
    voided_at: Mapped[datetime | None]
    voided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    void_reason: Mapped[str | None] = mapped_column(sa.String(40))
    """A code such as `not_here`; a voided row counts for nothing and stays as the record of what was said when."""
    code: Mapped[str | None] = mapped_column(sa.String(16), unique=True, default=new_code)
    """What stands on a certificate, for whoever checks it; opens no more than /public/evidence shows."""
    jws: Mapped[str | None] = mapped_column(sa.Text, deferred=True)
    """The signed record (completion.signing). None only for rows from before there were signatures."""


class PolicyEdition(Base):
    """An agreement as its authors published it, the places for district facts still open; immutable.

    The newest edition of a key and language that is in effect is the current one. What a person of a certain
    district reads and signs is the edition filled with the district's facts: a PolicyText.
    """

    __tablename__ = "policy_edition"
    __table_args__ = (
        sa.UniqueConstraint("key", "version", "lang"),
        sa.CheckConstraint("change IN ('editorial', 'material')", name="change_is_known"),
        sa.CheckConstraint(
            "change = 'editorial' OR (effective_at IS NOT NULL AND reattest_by IS NOT NULL"
            " AND effective_at <= reattest_by)",
            name="a_material_change_says_by_when",
        ),
    )

    key: Mapped[str] = mapped_column(sa.String(40))
    version: Mapped[str] = mapped_column(sa.String(40))
    lang: Mapped[str] = mapped_column(sa.String(10))
    title: Mapped[str] = mapped_column(sa.String(200))
    intent: Mapped[str] = mapped_column(sa.Text)
    """The sentence beside the box."""
    text: Mapped[str] = mapped_column(sa.Text)
    """Markdown with {{name|default}} places; sections begin with a line of `## `."""
    sha256: Mapped[str] = mapped_column(sa.String(64))
    change: Mapped[str] = mapped_column(sa.String(10), default="editorial")
    """`material`: a signature under an earlier version holds no longer than `reattest_by`."""
    effective_at: Mapped[datetime | None]
    """From here on who signed an earlier version is asked to sign this one."""
    reattest_by: Mapped[datetime | None]
    """First instant after the last day to do so."""
    approved_by: Mapped[list[Any]] = mapped_column(default=list)
    """Who approved `change`, by name and role (completion.approvals); none of the first edition."""


class PolicyText(Base):
    """The exact text of an agreement as shown: immutable, found by the SHA-256 of its bytes.

    Written when it is first signed; until then it can be made again from the edition and the district's facts.
    """

    __tablename__ = "policy_text"

    sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    key: Mapped[str] = mapped_column(sa.String(40))
    version: Mapped[str] = mapped_column(sa.String(40))
    lang: Mapped[str] = mapped_column(sa.String(10))
    text: Mapped[str] = mapped_column(sa.Text)


class Attestation(Base):
    """A signature under a policy text (RCW 1.80: intent, attribution, the record kept and reproducible)."""

    __tablename__ = "attestation"
    __table_args__ = (
        sa.Index(
            "uq_attestation_once_a_year",
            "person_id",
            "school_year_id",
            "policy_text_id",
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        ),
        sa.Index("ix_attestation_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True, default=lambda: "at_" + new_secret(16))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    school_year_id: Mapped[int] = mapped_column(sa.ForeignKey("school_year.id"))
    policy_text_id: Mapped[int] = mapped_column(sa.ForeignKey("policy_text.id"))
    intent: Mapped[str] = mapped_column(sa.Text)
    """The sentence beside the box they ticked."""
    typed_name: Mapped[str] = mapped_column(Sealed)
    signed_at: Mapped[datetime]
    provenance: Mapped[dict[str, Any]]
    """Issuer, client id, deployment and link of the launch it was signed in, as strings. No IP address."""
    voided_at: Mapped[datetime | None]
    """When the evidence that rests on it was voided; they may sign anew."""
    jws: Mapped[str | None] = mapped_column(sa.Text, deferred=True)


class Review(Base):
    """When a person's standing under a requirement must be looked at again.

    `facts` rises with every new fact, `seen` follows when it was looked at, and `due_at` is now for a new fact
    or the next instant at which the clock alone changes the answer. Facts that arrive while a review runs are
    not lost: they raise `facts` past what the reviewer saw.
    """

    __tablename__ = "review"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "requirement_id"),
        sa.Index("ix_review_due_at", "due_at"),
        sa.Index("ix_review_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    requirement_id: Mapped[int] = mapped_column(sa.ForeignKey("requirement.id"))
    facts: Mapped[int] = mapped_column(default=1)
    seen: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None] = mapped_column(default=now)


class ReviewSweep(Base):
    """Everybody's standing must be looked at again, here or everywhere: marked batch by batch, and gone when done."""

    __tablename__ = "review_sweep"

    district_id: Mapped[int | None] = mapped_column(sa.ForeignKey("district.id"))
    """None: of every district, because what all of them share was changed."""
    requirement_id: Mapped[int | None] = mapped_column(sa.ForeignKey("requirement.id"))
    marked_to: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    """Reviews up to this id are marked."""
