"""What a platform told us: registrations, deployments, contexts, links, columns, launches and scores to send."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import now
from core.database import Base
from core.sealed import Sealed


class Platform(Base):
    """One registration with an LMS: an issuer and the client id it gave us (LTI 1.3 core 3.1.2, 3.1.3).

    Hosted Canvas and Schoology share one issuer among all customers, so the pair identifies, never the issuer.
    """

    __tablename__ = "platform"
    __table_args__ = (
        sa.UniqueConstraint("issuer", "client_id"),
        sa.Index("ix_platform_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    name: Mapped[str] = mapped_column(sa.String(100))
    issuer: Mapped[str] = mapped_column(sa.String(255))
    client_id: Mapped[str] = mapped_column(sa.String(255))
    auth_login_url: Mapped[str] = mapped_column(sa.Text)
    auth_token_url: Mapped[str] = mapped_column(sa.Text)
    jwks_url: Mapped[str] = mapped_column(sa.Text)
    token_audience: Mapped[str | None] = mapped_column(sa.Text)
    """Brightspace wants an audience that is not the token address."""
    custom_ids_trusted: Mapped[bool] = mapped_column(default=False)
    """Whether custom claims (sis_id, username) identify a person to IT. Off, since on some platforms a course
    editor can write a custom parameter on a link and so name somebody else (docs/decisions/0006)."""
    speaks_for_staff: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    """Whether the district believes this LMS about its staff. Whoever runs an LMS can sign any number, address or
    subject, so from one that does not only pupils of the roster are recognised (docs/decisions/0040, lti_tool.apart).
    Every registration says it: lti_tool.registering, lti_tool.dynamic_registration."""
    family: Mapped[str | None] = mapped_column(sa.String(60))
    """tool_platform.product_family_code as last launched: canvas, moodle, schoology..."""
    frame_origins: Mapped[str] = mapped_column(sa.Text, default="")
    """Further sites at which people see this LMS, space separated, besides those lti_tool.frame_origins knows."""
    paused_until: Mapped[datetime | None]
    """No service call before this instant: the platform asked us to slow down (429, 403, Retry-After)."""
    withdrawn_at: Mapped[datetime | None]
    """Since when IT lets nobody in from here, and nothing is sent there any more. What was learned stays."""
    granted_scopes: Mapped[str | None] = mapped_column(sa.Text)
    """Space separated, of those we asked for in a dynamic registration. None where IT registered by hand. What a
    launch grants has the last word: some LMSs list more than they give, and an administrator may take one back."""
    granted_claims: Mapped[str | None] = mapped_column(sa.Text)
    """Space separated, likewise."""
    service_problems: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """{"scores" or "rosters": why the platform gives us no token for them, in words for IT}."""


class Deployment(Base):
    """A place where a registration was installed. Unknown ones wait as pending until IT approves them."""

    __tablename__ = "deployment"
    __table_args__ = (
        sa.UniqueConstraint("platform_id", "deployment_id"),
        sa.CheckConstraint("state IN ('pending', 'approved')", name="state_is_known"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    platform_id: Mapped[int] = mapped_column(sa.ForeignKey("platform.id"))
    deployment_id: Mapped[str] = mapped_column(sa.String(255))
    state: Mapped[str] = mapped_column(sa.String(10))
    dismissed_at: Mapped[datetime | None]
    """When IT said that this pending one is none of theirs; it is shown apart and can be approved all the same."""


class SigningKey(Base):
    """A key pair of ours. Published first, signing later, so that platforms have fetched it by then."""

    __tablename__ = "signing_key"

    kid: Mapped[str] = mapped_column(sa.String(64), unique=True)
    private_pem: Mapped[str] = mapped_column(Sealed)
    public_jwk: Mapped[dict[str, Any]]
    signs_from: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class SpentNonce(Base):
    """A nonce that has opened a launch. Inserting it twice fails, over any number of processes."""

    __tablename__ = "spent_nonce"

    nonce_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Context(Base):
    """A course in the LMS (the word course is kept for our own), seated as a classroom."""

    __tablename__ = "context"
    __table_args__ = (
        sa.UniqueConstraint("deployment_pk", "context_id"),
        sa.Index("ix_context_roster_due_at", "roster_due_at"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    platform_id: Mapped[int] = mapped_column(sa.ForeignKey("platform.id"))
    deployment_pk: Mapped[int] = mapped_column(sa.ForeignKey("deployment.id"))
    context_id: Mapped[str] = mapped_column(sa.String(255))
    classroom_id: Mapped[int] = mapped_column(sa.ForeignKey("classroom.id"), unique=True)
    lineitems_url: Mapped[str | None] = mapped_column(sa.Text)
    memberships_url: Mapped[str | None] = mapped_column(sa.Text)
    ags_scopes: Mapped[str] = mapped_column(sa.Text, default="")
    """Space separated, as the last launch granted them."""
    roster_due_at: Mapped[datetime | None]
    """When the worker reads the roster next; None when the platform offers none."""
    roster_tries: Mapped[int] = mapped_column(default=0)
    whole_roster_at: Mapped[datetime | None]
    differences_url: Mapped[str | None] = mapped_column(sa.Text)
    """Where the platform tells what changed since the last reading, if it offers that (NRPS 2.0, differences)."""
    history: Mapped[str | None] = mapped_column(sa.Text)
    """$Context.id.history: ids of the contexts this one was copied from, comma separated."""


class ContextOrigin(Base):
    """A course in the LMS began as a copy of another one: a hint for its teacher, never a reason for a result.

    Contexts stand here by the ids the LMS gave them, since a notice may come before anybody has opened either.
    """

    __tablename__ = "context_origin"
    __table_args__ = (sa.UniqueConstraint("deployment_pk", "context_id", "origin_id"),)

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    deployment_pk: Mapped[int] = mapped_column(sa.ForeignKey("deployment.id"))
    context_id: Mapped[str] = mapped_column(sa.String(255))
    origin_id: Mapped[str] = mapped_column(sa.String(255))


class NoticeService(Base):
    """Where a deployment takes the address for its notices (Platform Notification Service 1.0)."""

    __tablename__ = "notice_service"
    __table_args__ = (sa.Index("ix_notice_service_due_at", "due_at"),)

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    platform_id: Mapped[int] = mapped_column(sa.ForeignKey("platform.id"))
    deployment_pk: Mapped[int] = mapped_column(sa.ForeignKey("deployment.id"), unique=True)
    url: Mapped[str] = mapped_column(sa.String(1000))
    types: Mapped[str] = mapped_column(sa.Text)
    """Those of ours that the platform offers, space separated."""
    due_at: Mapped[datetime | None] = mapped_column(default=now)
    """When the worker registers our handler next; None once it is registered."""
    tries: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(sa.String(200))
    """What the platform answered last, in words for IT."""


class LineItem(Base):
    """A column in the platform's gradebook. `url` is None until it was found or made there."""

    __tablename__ = "line_item"
    __table_args__ = (
        sa.UniqueConstraint("platform_id", "url"),
        sa.UniqueConstraint("context_pk", "resource_id", "tag"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    platform_id: Mapped[int] = mapped_column(sa.ForeignKey("platform.id"))
    context_pk: Mapped[int | None] = mapped_column(sa.ForeignKey("context.id"))
    url: Mapped[str | None] = mapped_column(sa.String(1000))
    label: Mapped[str] = mapped_column(sa.String(255))
    resource_id: Mapped[str | None] = mapped_column(sa.String(100))
    """Ours: the lesson's id. None for a column that came coupled to its link."""
    tag: Mapped[str | None] = mapped_column(sa.String(20))
    """The school year whose scores belong here; of a coupled column, the year of its last launch."""
    told_tag: Mapped[str | None] = mapped_column(sa.String(255))
    """The tag we last saw or put on the platform's column."""
    told_label: Mapped[str | None] = mapped_column(sa.String(255))
    """The title we gave it; None where a teacher or the platform chose one."""
    leased_until: Mapped[datetime | None]
    """While one worker finds or makes the column in the platform, so that no second one is made."""


class ResourceLink(Base):
    """A link in an LMS course that opens one of our pages."""

    __tablename__ = "resource_link"
    __table_args__ = (
        sa.UniqueConstraint("deployment_pk", "link_id"),
        sa.Index("ix_resource_link_context_pk", "context_pk"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    platform_id: Mapped[int] = mapped_column(sa.ForeignKey("platform.id"))
    deployment_pk: Mapped[int] = mapped_column(sa.ForeignKey("deployment.id"))
    context_pk: Mapped[int | None] = mapped_column(sa.ForeignKey("context.id"))
    link_id: Mapped[str] = mapped_column(sa.String(255))
    target: Mapped[str] = mapped_column(sa.String(500))
    """Path of the target_link_uri on our host, as in /lessons/g4/g4-same-me."""
    line_item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("line_item.id"))


class Launch(Base):
    """Somebody came through a link. Says which sign-in it opened and which links a person uses."""

    __tablename__ = "launch"
    __table_args__ = (
        sa.Index("ix_launch_person_id_resource_link_id", "person_id", "resource_link_id"),
        sa.Index("ix_launch_resource_link_id", "resource_link_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    platform_id: Mapped[int] = mapped_column(sa.ForeignKey("platform.id"))
    resource_link_id: Mapped[int] = mapped_column(sa.ForeignKey("resource_link.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    sign_in_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("sign_in.id", ondelete="SET NULL"), unique=True
    )


class DeepLinkingRequest(Base):
    """A teacher is choosing what to link (DL 2.0): what the platform asked for, as long as their sign-in lives."""

    __tablename__ = "deep_linking_request"

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    platform_id: Mapped[int] = mapped_column(sa.ForeignKey("platform.id"))
    deployment_pk: Mapped[int] = mapped_column(sa.ForeignKey("deployment.id"))
    context_pk: Mapped[int | None] = mapped_column(sa.ForeignKey("context.id"))
    sign_in_id: Mapped[int] = mapped_column(sa.ForeignKey("sign_in.id", ondelete="CASCADE"), unique=True)
    return_url: Mapped[str] = mapped_column(sa.Text)
    data: Mapped[str | None] = mapped_column(sa.Text)
    """The platform's own `data` as a JSON text; None when it sent none."""
    accept_types: Mapped[list[Any]]
    accept_targets: Mapped[list[Any]]
    accept_multiple: Mapped[bool]
    accept_lineitem: Mapped[bool | None]
    picked: Mapped[list[Any]] = mapped_column(default=list)
    """Ids of lessons and courses ticked so far, so that a look at a lesson loses none of them."""
    answered_at: Mapped[datetime | None]


class ScoreDelivery(Base):
    """The newest score a learner should have in one column, and how far it got.

    A level, not a queue: `wanted` rises with each better score, `sent` follows. One row is one learner and line
    item, leased by one worker at a time, so scores can neither overtake nor double.
    """

    __tablename__ = "score_delivery"
    __table_args__ = (
        sa.UniqueConstraint("line_item_id", "person_id"),
        sa.CheckConstraint("score >= 0 AND score <= 100", name="score_is_a_percentage"),
        sa.CheckConstraint("sent <= wanted", name="nothing_is_sent_that_was_not_wanted"),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'refused', 'kept')", name="state_is_known"),
        sa.Index(
            "ix_score_delivery_due_at",
            "due_at",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        ),
        sa.Index("ix_score_delivery_person_id", "person_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    platform_id: Mapped[int] = mapped_column(sa.ForeignKey("platform.id"))
    line_item_id: Mapped[int] = mapped_column(sa.ForeignKey("line_item.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    score: Mapped[float]
    """0 to 100; scoreMaximum is always 100."""
    scored_at: Mapped[datetime]
    """The score's own timestamp, strictly rising per row (AGS 2.0, 3.4.9)."""
    wanted: Mapped[int] = mapped_column(default=1)
    sent: Mapped[int] = mapped_column(default=0)
    sent_score: Mapped[float | None]
    """The score the platform took last."""
    offered: Mapped[list[Any]] = mapped_column(default=list)
    """Scores put to the platform since then, whose answers may have been lost."""
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting")
    """waiting | sent | refused | kept: a teacher changed the grade in the LMS, and it stands."""
    due_at: Mapped[datetime] = mapped_column(default=now)
    tries: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    leased_by: Mapped[str | None] = mapped_column(sa.String(40))
    sent_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(sa.String(300))
    """What the LMS answered last, in words for a teacher."""
