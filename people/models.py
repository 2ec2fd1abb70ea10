"""Districts, people, their identities, classrooms and who is in them.

Every table carries the district: a state host holds many, and each query and unique key keeps them apart.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.sealed import Sealed, new_secret


def new_person_id() -> str:
    return "p_" + new_secret(16)


BY_HAND = "office"
"""Source of an account that somebody of an office linked to who it is; no LMS's word moves it again."""


class District(Base):
    """A school district: the wall between tenants."""

    __tablename__ = "district"

    slug: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    timezone: Mapped[str] = mapped_column(sa.String(60))
    """IANA name; every date-only deadline means the end of that day here."""
    year_starts_month: Mapped[int] = mapped_column(default=9)
    year_starts_day: Mapped[int] = mapped_column(default=1)
    email_domains: Mapped[list[Any]] = mapped_column(default=list)
    """Domains the district vouches for; only an address in one of them identifies a person to IT."""
    teacher_grades_replaced: Mapped[bool] = mapped_column(default=False)
    """Whether a better score replaces a grade that a teacher changed in the LMS."""
    variables: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Facts that lessons fill in as {{name}}; defaults stand in curriculum/scope_and_sequence.yaml."""


class SchoolYear(Base):
    """One school year of a district, half-open: starts_at <= t < ends_at."""

    __tablename__ = "school_year"
    __table_args__ = (
        sa.UniqueConstraint("district_id", "name"),
        sa.CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    name: Mapped[str] = mapped_column(sa.String(9))
    """As in "2026-27"; also the tag of the year's line items."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class Person(Base):
    """A human being in one district, known by no name of their own (least data)."""

    __tablename__ = "person"
    __table_args__ = (
        sa.CheckConstraint("audience IN ('pupil', 'staff', 'guest', 'unknown')", name="audience_is_known"),
        sa.Index("ix_person_district_id_audience", "district_id", "audience"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True, default=new_person_id)
    audience: Mapped[str] = mapped_column(sa.String(10))
    language: Mapped[str | None] = mapped_column(sa.String(20))
    """The language they chose to read in; without one, that of each launch."""


class Identity(Base):
    """A name another system knows a person by.

    scheme    `lti` (issuer is the platform's number, value its `sub`), `sis`, `email` or `username`;
              `operator` for the one of people.operators
    sealed    the value, readable only with DATA_KEY
    fingerprint  keyed hash of the normalised value, to find it again
    """

    __tablename__ = "identity"
    __table_args__ = (
        sa.UniqueConstraint("district_id", "scheme", "issuer", "fingerprint"),
        sa.Index("ix_identity_person_id_scheme", "person_id", "scheme"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    scheme: Mapped[str] = mapped_column(sa.String(20))
    issuer: Mapped[str] = mapped_column(sa.String(40), default="")
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    value: Mapped[str] = mapped_column(Sealed)
    source: Mapped[str] = mapped_column(sa.String(20))
    """Where we have it from: `launch`, `roster`, `command`, `custom`, or the kind of a roster file; of an account
    (`lti`) also BY_HAND, and `apart` where only an LMS that does not speak for staff knows it (lti_tool.apart)."""


class Classroom(Base):
    """A class as the school means it; an LTI context is seated in one."""

    __tablename__ = "classroom"

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"), index=True)
    title: Mapped[str | None] = mapped_column(sa.String(255))
    roster_as_of: Mapped[datetime | None]
    """When the whole roster was last read; None while only launches have told us who is in it."""
    roster_problem: Mapped[str | None] = mapped_column(sa.String(200))
    """Why the last reading failed, in words for the teacher; the old roster is kept."""


class Enrollment(Base):
    """Somebody's place in a classroom. People who leave are kept as left, never deleted with their work."""

    __tablename__ = "enrollment"
    __table_args__ = (
        sa.UniqueConstraint("classroom_id", "person_id"),
        sa.CheckConstraint("role IN ('learner', 'teacher', 'mentor', 'other')", name="role_is_known"),
        sa.Index("ix_enrollment_person_id", "person_id"),
        sa.Index("ix_enrollment_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    classroom_id: Mapped[int] = mapped_column(sa.ForeignKey("classroom.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(sa.String(10))
    display_name: Mapped[str | None] = mapped_column(Sealed)
    """As the roster gives it, sealed, for the teacher's page only; erased when the person leaves."""
    left_at: Mapped[datetime | None]


class SignIn(Base):
    """One launch's place in one browser tab.

    `key` stands in the address of every page and is no bearer: it opens nothing without the browser's own
    cookie, whose hash is `browser_hash`. Being unguessable it also keeps other sites from forging our forms.
    """

    __tablename__ = "sign_in"
    __table_args__ = (
        sa.Index("ix_sign_in_expires_at", "expires_at"),
        sa.Index("ix_sign_in_person_id", "person_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    key: Mapped[str] = mapped_column(sa.String(40), unique=True, default=new_secret)
    browser_hash: Mapped[str] = mapped_column(sa.String(64))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    classroom_id: Mapped[int | None] = mapped_column(sa.ForeignKey("classroom.id"))
    role: Mapped[str] = mapped_column(sa.String(15))
    """`learner`, `teacher`, `administrator`, `mentor` or `other`: what this launch said, membership first; or
    `chooser`, whoever they are, for a tab in which lessons are chosen; or `operator`, who came by a link from the
    command line."""
    locale: Mapped[str] = mapped_column(sa.String(20), default="en")
    return_url: Mapped[str | None] = mapped_column(sa.Text)
    document_target: Mapped[str | None] = mapped_column(sa.String(10))
    """`iframe`, `frame` or `window`: where the LMS shows us; None where it did not say."""
    about: Mapped[list[Any]] = mapped_column(default=list)
    """Numbers of the people this launch names besides the one who opened it: a mentor's children, or whose submission
    is opened. Nothing else may be read about anybody, and it ends with the sign-in."""
    framed_by: Mapped[str] = mapped_column(sa.Text, default="")
    """Origins that may show this tab in a frame, space separated: the LMS it was opened from."""
    expires_at: Mapped[datetime]


class ApiClient(Base):
    """A program of the district's IT that may ask us things."""

    __tablename__ = "api_client"

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    client_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    secret_hash: Mapped[str] = mapped_column(sa.String(64))
    """Empty, which is no hash, for a client that signs instead."""
    previous_hash: Mapped[str | None] = mapped_column(sa.String(64))
    previous_until: Mapped[datetime | None]
    """While a program is being given its new secret the one before still opens."""
    jwks: Mapped[list[Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    """Public keys, for private_key_jwt."""
    scopes: Mapped[str] = mapped_column(sa.String(200))
    per_minute: Mapped[int] = mapped_column(default=600, server_default="600")
    """Calls it may make in a minute."""
    revoked_at: Mapped[datetime | None]


class ApiToken(Base):
    """An access token we issued, by its hash only."""

    __tablename__ = "api_token"
    __table_args__ = (sa.Index("ix_api_token_expires_at", "expires_at"),)

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    client_id: Mapped[int] = mapped_column(sa.ForeignKey("api_client.id"))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    scopes: Mapped[str] = mapped_column(sa.String(200))
    expires_at: Mapped[datetime]
