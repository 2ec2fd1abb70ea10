"""Everything the page of one platform shows besides its facts."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from core.clock import now
from core.database import db
from lti_tool.apart import APART
from lti_tool.connection_models import Refusal
from lti_tool.keys import published_keys
from lti_tool.models import Context, Platform, ScoreDelivery, SigningKey
from lti_tool.scopes import LINEITEM_SCOPE, RESULT_SCOPE, SCORE_SCOPE
from people.models import Classroom, Identity, Person

SHOWN = 20
"""Rows of a table; how many there are in all stands above it."""

GRANTED = {
    SCORE_SCOPE: "send scores",
    LINEITEM_SCOPE: "find and make columns",
    RESULT_SCOPE: "read scores back",
}


@dataclass(frozen=True)
class Room:
    """A course of the LMS with a roster that could not be read."""

    context_pk: int
    classroom: Classroom


@dataclass(frozen=True)
class Key:
    """One of our published keys. `place` is `next`, `signs` or `before`."""

    row: SigningKey
    place: str


@dataclass(frozen=True)
class Detail:
    courses: int
    rooms: Sequence[Room]
    scores: Sequence[tuple[str, str | None, int]]
    """(state, problem, how many), the most first; none that was sent."""
    granted: Sequence[tuple[str, int]]
    """(what for, in how many courses), as the last launch of each course granted it."""
    rosters_offered: int
    refusals: Sequence[Refusal]
    keys: Sequence[Key]
    chosen: tuple[Context, str | None] | None
    """The course a test score goes to, and its title."""
    staff_apart: int
    """How many came as staff from an LMS that does not speak for staff, and are linked to nobody."""


def detail_of(platform: Platform, reference: str, context_pk: int | None) -> Detail:
    """`reference` narrows the refusals to one id; "" shows the newest."""
    courses, offered, granted = _courses(platform)
    return Detail(
        courses, _failing(platform), _scores(platform), granted, offered,
        _refusals(platform, reference), _keys(), chosen_course(platform, context_pk), _staff_apart(platform),
    )  # fmt: skip


def _courses(platform: Platform) -> tuple[int, int, list[tuple[str, int]]]:
    """How many courses, how many offer a roster, and for each scope how many granted it; counted, not listed."""
    sums = [
        sa.func.sum(sa.case((sa.func.instr(Context.ags_scopes, scope) > 0, 1), else_=0))
        if db.get_bind().dialect.name == "sqlite"
        else sa.func.sum(sa.case((sa.func.strpos(Context.ags_scopes, scope) > 0, 1), else_=0))
        for scope in GRANTED
    ]
    counted = sa.select(sa.func.count(), sa.func.count(Context.memberships_url), *sums)
    courses, offered, *numbers = db.execute(counted.where(Context.platform_id == platform.id)).one()
    return (
        courses,
        offered,
        [(words, count or 0) for words, count in zip(GRANTED.values(), numbers, strict=True)],
    )


def _failing(platform: Platform) -> list[Room]:
    rows = db.execute(
        sa.select(Context.id, Classroom)
        .join(Classroom, Classroom.id == Context.classroom_id)
        .where(Context.platform_id == platform.id, Classroom.roster_problem.is_not(None))
        .order_by(Context.id.desc())
        .limit(SHOWN)
    )
    return [Room(context_pk, classroom) for context_pk, classroom in rows]


def _scores(platform: Platform) -> list[tuple[str, str | None, int]]:
    many = sa.func.count()
    counted = (
        sa.select(ScoreDelivery.state, ScoreDelivery.problem, many)
        .where(ScoreDelivery.platform_id == platform.id, ScoreDelivery.state.in_(("waiting", "refused")))
        .group_by(ScoreDelivery.state, ScoreDelivery.problem)
        .order_by(many.desc())
        .limit(SHOWN)
    )
    return [(state, problem, count) for state, problem, count in db.execute(counted)]


def _refusals(platform: Platform, reference: str) -> list[Refusal]:
    wanted = sa.select(Refusal).where(Refusal.platform_id == platform.id)
    if reference:
        wanted = wanted.where(Refusal.reference == reference)
    return list(db.scalars(wanted.order_by(Refusal.id.desc()).limit(SHOWN)))


def _staff_apart(platform: Platform) -> int:
    if platform.speaks_for_staff:
        return 0
    counted = (
        sa.select(sa.func.count())
        .select_from(Identity)
        .join(Person, Person.id == Identity.person_id)
        .where(
            Identity.district_id == platform.district_id,
            Identity.scheme == "lti",
            Identity.issuer == str(platform.id),
            Identity.source == APART,
            Person.audience == "staff",
        )
    )
    return db.scalar(counted) or 0


def refusals_under(district_id: int, reference: str) -> list[Refusal]:
    """Of the whole district, registrations that never became a platform included."""
    wanted = sa.select(Refusal).filter_by(district_id=district_id, reference=reference)
    return list(db.scalars(wanted.order_by(Refusal.id.desc()).limit(SHOWN)))


def _keys() -> list[Key]:
    """Our key set as a platform reads it, the newest first."""
    kids = [jwk["kid"] for jwk in published_keys()]
    rows = db.scalars(sa.select(SigningKey).where(SigningKey.kid.in_(kids)).order_by(SigningKey.id.desc()))
    found: list[Key] = []
    for row in rows:
        place = "next" if row.signs_from > now() else "before" if _signs(found) else "signs"
        found.append(Key(row, place))
    return found


def _signs(keys: Sequence[Key]) -> bool:
    return any(key.place == "signs" for key in keys)


def chosen_course(platform: Platform, context_pk: int | None) -> tuple[Context, str | None] | None:
    """The course of this number, if it is the platform's."""
    if context_pk is None:
        return None
    row = db.execute(
        sa.select(Context, Classroom.title)
        .join(Classroom, Classroom.id == Context.classroom_id)
        .where(Context.id == context_pk, Context.platform_id == platform.id)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def courses_with_columns(platform: Platform) -> list[tuple[int, str | None]]:
    """(number, title) of the courses a test score can be sent to, the newest first."""
    rows = db.execute(
        sa.select(Context.id, Classroom.title)
        .join(Classroom, Classroom.id == Context.classroom_id)
        .where(Context.platform_id == platform.id, Context.lineitems_url.is_not(None))
        .order_by(Context.id.desc())
        .limit(SHOWN)
    )
    return [(number, title) for number, title in rows]
