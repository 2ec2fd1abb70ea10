"""Accept a launch: who came, from where, through which link; and open their place in this tab."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.database import db, insert_for, insert_row, table_of
from core.language import language
from core.messages import N_
from lti_tool.apart import believed
from lti_tool.claims import LaunchClaims
from lti_tool.deep_linking import keep_request
from lti_tool.frame_origins import frame_origins
from lti_tool.launch_state import spend_nonce
from lti_tool.links import Arrival, seat_context, see_link
from lti_tool.models import Deployment, Launch, Platform, ResourceLink
from lti_tool.notice_handlers import see_notice_service
from lti_tool.origins import note_origins, origins_in
from lti_tool.recognising import recognise
from lti_tool.refusals import MayNotChoose
from lti_tool.registrations import Registered, learn_family
from lti_tool.roles import may_choose, role_of
from lti_tool.said_names import candidates
from lti_tool.seen import seen_before
from lti_tool.targets import first_page, target_of
from people.directory import enroll
from people.models import SignIn
from people.school_years import ensure_school_year
from people.sign_in import CHOOSER, open_sign_in

TEACH = ("teacher", "administrator")

MOST_CHILDREN = 20
"""A mentor is a parent; a list longer than any family is no family."""

_add_launch = sa.insert(table_of(Launch))


@dataclass(frozen=True)
class Opened:
    """What a launch opened: the page to begin on, and the visit key of the tab."""

    path: str
    visit: str


def accept_launch(
    platform: Registered, claims: LaunchClaims, nonce: str, browser: str, public_url: str
) -> Opened:
    """The launch story. Everything in it commits with the response, or nothing does.

    Raises AlreadyOpened when the nonce was spent, NotOurAddress for a foreign target, MayNotChoose for a pupil who
    would add links, NotSupported for a message that leads nowhere yet.
    """
    target = target_of(claims, public_url)
    if claims.deep_linking and not may_choose(claims.roles):
        raise MayNotChoose(N_("Only teachers choose what stands in a course."))
    spend_nonce(nonce)
    district, deployment_pk = platform.district, platform.deployments[claims.deployment_id]
    learn_family(platform, claims.family)
    year = ensure_school_year(district)
    seen = seen_before(platform, deployment_pk, claims, candidates(platform, claims))
    person = recognise(district, platform, claims, seen)
    arrival = Arrival(platform, deployment_pk, claims, target, year.name, seen)
    context, classroom = seat_context(arrival)
    role = _role_here(platform, claims)
    if role in TEACH:
        hear_of_notices_and_copies(platform, deployment_pk, claims)
    about = people_named(platform, claims, role)
    if classroom:
        seat = seen.seat if person is seen.person else None  # or it is the seat of another
        enroll(classroom, person.id, "teacher" if role == "administrator" else role, seat=seat)
    db.flush()
    sign_in_id, key = open_sign_in(
        person,
        browser,
        role=CHOOSER if claims.deep_linking else role,
        classroom_id=classroom.id if classroom else None,
        locale=claims.locale or language(),
        return_url=claims.return_url,
        document_target=claims.document_target,
        about=about,
        framed_by=" ".join(frame_origins(claims.return_url, extra=" ".join(platform.framed_by))),
    )
    if claims.deep_linking:
        keep_request(arrival, claims.deep_linking, context, sign_in_id)
    else:
        insert_row(
            _add_launch,
            district_id=district.id,
            platform_id=platform.id,
            resource_link_id=see_link(arrival, context).id,
            person_id=person.id,
            sign_in_id=sign_in_id,
        )
    return Opened(first_page(claims, target, role, about), key)


def _role_here(platform: Registered, claims: LaunchClaims) -> str:
    """What somebody is in this tab. Who looks after an LMS that does not speak for staff is a teacher here: the set-up
    pages are where an LMS is made to speak for it."""
    role = role_of(claims.roles)
    return "teacher" if role == "administrator" and not platform.speaks_for_staff else role


def people_named(platform: Registered, claims: LaunchClaims, role: str) -> list[int]:
    """Numbers of those a launch is about: a mentor's children (core 5.4.8), whose submission is opened (AGS 2.0,
    submission review). Only whom this very platform has sent us before; in the order named."""
    named = [claims.for_user] if claims.for_user else list(claims.mentees[:MOST_CHILDREN])
    if not named or (role == "mentor") is bool(claims.for_user):
        return []
    known = believed(platform, named)
    return list(dict.fromkeys(known[sub].id for sub in named if sub in known))


def hear_of_notices_and_copies(platform: Registered, deployment_pk: int, claims: LaunchClaims) -> None:
    """From a teacher's launch only: thirty pupils of the same class would say the same."""
    see_notice_service(platform, deployment_pk, claims)
    if claims.context_id and (origins := origins_in(claims.custom)):
        note_origins(platform.district_id, deployment_pk, claims.context_id, origins)


def remember_deployment(platform_id: int, district_id: int, deployment_id: str) -> None:
    """Keep an unknown deployment as pending, for IT to approve."""
    db.execute(
        insert_for(Deployment)
        .values(
            district_id=district_id, platform_id=platform_id, deployment_id=deployment_id, state="pending"
        )
        .on_conflict_do_nothing()
    )


def target_launched(sign_in: SignIn) -> str | None:
    """The path of the link this sign-in was launched through, as in /lessons/g4/g4-same-me."""
    return db.scalars(
        sa.select(ResourceLink.target)
        .join(Launch, Launch.resource_link_id == ResourceLink.id)
        .where(Launch.sign_in_id == sign_in.id)
    ).one_or_none()


def provenance(sign_in: SignIn) -> dict[str, Any]:
    """Where a sign-in came from, as texts that outlive the rows: for evidence."""
    row = db.execute(
        sa.select(
            Platform.issuer,
            Platform.client_id,
            Deployment.deployment_id,
            ResourceLink.link_id,
            Launch.created_at,
        )
        .select_from(Launch)
        .join(Platform, Platform.id == Launch.platform_id)
        .join(ResourceLink, ResourceLink.id == Launch.resource_link_id)
        .join(Deployment, Deployment.id == ResourceLink.deployment_pk)
        .where(Launch.sign_in_id == sign_in.id)
    ).one_or_none()
    if row is None:
        return {}
    issuer, client_id, deployment_id, link_id, at = row
    return {
        "issuer": issuer,
        "client_id": client_id,
        "deployment_id": deployment_id,
        "resource_link": link_id,
        "launched_at": at.isoformat(),
    }
