"""What we know already about a launch like yesterday's: one question to the database instead of seven."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import load_only

from core.database import db
from lti_tool.claims import LaunchClaims
from lti_tool.models import Context, LineItem, ResourceLink
from lti_tool.registrations import Registered
from people.claimed_models import ClaimedName
from people.directory import print_of
from people.models import Classroom, Enrollment, Identity, Person

_other = sa.orm.aliased(Identity)
_scheme = sa.case((_other.scheme == "oneroster", "sis"), else_=_other.scheme)
"""The roster's key and its number are two names for what an LMS sends as one."""

_said: sa.BindParameter[list[str]] = sa.bindparam("names", expanding=True)
_names_known = (
    sa.select(sa.func.count(_scheme.distinct()))
    .where(_other.person_id == Person.id, _other.fingerprint.in_(_said))
    .correlate(Person)
    .scalar_subquery()
)
_names_claimed = (
    sa.select(sa.func.count())
    .where(
        ClaimedName.person_id == Person.id,
        ClaimedName.fingerprint.in_(_said),
        ~sa.exists().where(
            _other.person_id == ClaimedName.person_id, _other.fingerprint == ClaimedName.fingerprint
        ),
    )
    .correlate(Person)
    .scalar_subquery()
)


def _asking(names: sa.ColumnElement[int]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(Person, names, Context, Classroom, ResourceLink, LineItem, Enrollment, Identity.source)
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
        .options(
            load_only(Enrollment.role, Enrollment.left_at, Enrollment.person_id, Enrollment.classroom_id)
        )
    )


# Built once: putting such a statement together costs more than running it.
_question = _asking(_names_known)
_question_apart = _asking(_names_known + _names_claimed)
"""Of an LMS that does not speak for staff: there nothing is learnt of a name that stands as a claim already."""


@dataclass(frozen=True)
class Seen:
    """Whatever of a launch was there before. All None for somebody who has never come."""

    person: Person | None = None
    names: int = 0
    """How many of the names this launch says are theirs already, so that nothing is to be learnt; of an LMS that does
    not speak for staff, also those that stand as claims."""
    context: Context | None = None
    classroom: Classroom | None = None
    link: ResourceLink | None = None
    column: LineItem | None = None
    seat: Enrollment | None = None
    source: str = ""
    """Who said that this account is theirs (Identity.source)."""


def seen_before(platform: Registered, deployment_pk: int, claims: LaunchClaims, names: Sequence[str]) -> Seen:
    """`names` are the prints of those the launch says (recognising.candidates)."""
    row = db.execute(
        _question if platform.speaks_for_staff else _question_apart,
        {
            "deployment_pk": deployment_pk,
            "context_id": claims.context_id,
            "link_id": claims.link_id,
            "district_id": platform.district_id,
            "issuer": str(platform.id),
            "names": names,
            "fingerprint": print_of(platform.district_id, "lti", str(platform.id), claims.sub),
        },
    ).one_or_none()
    return Seen() if row is None else Seen(*row)
