"""What we know already about a launch like yesterday's: one question to the database instead of seven."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import load_only

from core.database import db
from lti_tool.claims import LaunchClaims
from lti_tool.models import Context, LineItem, ResourceLink
from lti_tool.registrations import Registered
from people.directory import print_of
from people.models import Classroom, Enrollment, Identity, Person

_other = sa.orm.aliased(Identity)

# Built once: putting such a statement together costs more than running it.
_question = (
    sa.select(
        Person,
        sa.select(sa.func.count(_other.id))
        .where(_other.person_id == Person.id, _other.scheme != "lti")
        .correlate(Person)
        .scalar_subquery(),
        Context,
        Classroom,
        ResourceLink,
        LineItem,
        Enrollment,
    )
    .select_from(Identity)
    .join(Person, Person.id == Identity.person_id)
    .outerjoin(
        Context,
        sa.and_(
            Context.deployment_pk == sa.bindparam("deployment_pk"),
            Context.context_id == sa.bindparam("context_id"),
        ),
    )
    .outerjoin(Classroom, Classroom.id == Context.classroom_id)
    .outerjoin(
        ResourceLink,
        sa.and_(
            ResourceLink.deployment_pk == sa.bindparam("deployment_pk"),
            ResourceLink.link_id == sa.bindparam("link_id"),
        ),
    )
    .outerjoin(LineItem, LineItem.id == ResourceLink.line_item_id)
    .outerjoin(
        Enrollment,
        sa.and_(Enrollment.classroom_id == Context.classroom_id, Enrollment.person_id == Person.id),
    )
    .where(
        Identity.district_id == sa.bindparam("district_id"),
        Identity.scheme == "lti",
        Identity.issuer == sa.bindparam("issuer"),
        Identity.fingerprint == sa.bindparam("fingerprint"),
    )
    .options(load_only(Enrollment.role, Enrollment.left_at, Enrollment.person_id, Enrollment.classroom_id))
)


@dataclass(frozen=True)
class Seen:
    """Whatever of a launch was there before. All None for somebody who has never come."""

    person: Person | None = None
    names: int = 0
    """How many identities besides the LTI subject the person has."""
    context: Context | None = None
    classroom: Classroom | None = None
    link: ResourceLink | None = None
    column: LineItem | None = None
    seat: Enrollment | None = None


def seen_before(platform: Registered, deployment_pk: int, claims: LaunchClaims) -> Seen:
    row = db.execute(
        _question,
        {
            "deployment_pk": deployment_pk,
            "context_id": claims.context_id,
            "link_id": claims.link_id,
            "district_id": platform.district_id,
            "issuer": str(platform.id),
            "fingerprint": print_of(platform.district_id, "lti", str(platform.id), claims.sub),
        },
    ).one_or_none()
    return Seen() if row is None else Seen(*row)
