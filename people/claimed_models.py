"""Names that somebody's launch says and that are not believed: another person's, or not confirmed by the LMS itself."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.sealed import Sealed


class ClaimedName(Base):
    """A name said of a person that identifies nobody: whoever looks after unmatched people may read it.

    why  `custom`    a custom parameter, which a course editor may be able to write
         `changed`   not the name this person is known by; names change, people do not
         `taken`     it belongs to somebody else, by the roster
         `unvouched` an LMS says it that does not speak for the district's staff
    """

    __tablename__ = "claimed_name"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "scheme", "fingerprint"),
        sa.CheckConstraint("why IN ('custom', 'changed', 'taken', 'unvouched')", name="why_is_known"),
        sa.Index("ix_claimed_name_district_id", "district_id"),
    )

    district_id: Mapped[int] = mapped_column(sa.ForeignKey("district.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    scheme: Mapped[str] = mapped_column(sa.String(20))
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    value: Mapped[str] = mapped_column(Sealed)
    why: Mapped[str] = mapped_column(sa.String(10))
