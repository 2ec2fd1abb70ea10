"""What people decided about somebody under the requirement: exempted, revoked, reinstated. Rows are never removed."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.sealed import new_secret


class Exemption(Base):
    """Nothing is asked of this person under this requirement for a while: starts_at <= t < ends_at.

    `reason_code` is for HR alone; nothing that leaves the service names it. One that was ended early keeps
    its row and the end it was given.
    """

    __tablename__ = "exemption"
    __table_args__ = (
        sa.CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        sa.CheckConstraint("approved_by <> person_id", name="nobody_approves_their_own"),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="an_end_says_who"),
        sa.Index("ix_exemption_person_id", "person_id"),
        sa.Index("ix_exemption_district_id", "district_id", "ends_at"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True, default=lambda: "ex_" + new_secret(16))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    requirement_id: Mapped[int] = mapped_column(sa.ForeignKey("requirement.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason_code: Mapped[str] = mapped_column(sa.String(40))
    approved_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_by: Mapped[str] = mapped_column(sa.String(80))
    """An audit actor: `person:p_...` or `command`."""
    ended_at: Mapped[datetime | None]
    """When it was ended before its time."""
    ended_by: Mapped[str | None] = mapped_column(sa.String(80))


class Revocation(Base):
    """This person's access is withdrawn: starts_at <= t < `over_at`, or without end.

    It is about the person, whatever is asked of them. Evidence stays: who is reinstated falls back to the state
    underneath.
    """

    __tablename__ = "revocation"
    __table_args__ = (
        sa.CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name="starts_before_it_ends"),
        sa.CheckConstraint("decided_by <> person_id", name="nobody_decides_their_own"),
        sa.CheckConstraint("emergency OR decided_by IS NOT NULL", name="somebody_decided_or_it_is_urgent"),
        sa.CheckConstraint(
            "(reinstated_at IS NULL) = (reinstated_by IS NULL)"
            " AND (reinstated_at IS NULL) = (conditions_code IS NULL)",
            name="reinstating_says_who_and_how",
        ),
        sa.CheckConstraint(
            "lapsed_at IS NULL OR (decided_by IS NULL AND reinstated_at IS NULL AND lapsed_at = review_due_at)",
            name="only_what_nobody_decided_lapses",
        ),
        sa.Index("ix_revocation_person_id", "person_id"),
        sa.Index("ix_revocation_district_id", "district_id", "review_due_at"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True, default=lambda: "rv_" + new_secret(16))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    reason_code: Mapped[str] = mapped_column(sa.String(40))
    emergency: Mapped[bool] = mapped_column(default=False)
    """In force before anybody decided. While nobody has, it ends by itself at `review_due_at`."""
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    recorded_by: Mapped[str] = mapped_column(sa.String(80))
    review_due_at: Mapped[datetime]
    reinstated_at: Mapped[datetime | None]
    reinstated_by: Mapped[str | None] = mapped_column(sa.String(80))
    conditions_code: Mapped[str | None] = mapped_column(sa.String(40))
    """One of CONDITIONS; `new_evidence`: what was shown before no longer counts."""
    lapsed_at: Mapped[datetime | None]
    """Written down by the worker after the fact, for whoever reads the row; nothing is decided by it."""

    @property
    def undecided(self) -> bool:
        """Whether it waits for somebody with the right to decide, or waited in vain."""
        return self.decided_by is None

    @property
    def over_at(self) -> datetime | None:
        """The first instant at which it is no longer in force: its end, given back, or lapsed, whichever came first."""
        ends = (self.ends_at, self.reinstated_at, self.review_due_at if self.undecided else None)
        return min((each for each in ends if each is not None), default=None)
