"""Register with an LMS that was invited: ask it, and keep what it answers as one row of the invited district."""

from dataclasses import dataclass

import sqlalchemy as sa

from core.database import db
from core.errors import ToolError
from core.messages import N_
from lti_tool.frame_origins import frame_origins
from lti_tool.invites import Invited
from lti_tool.models import Platform
from lti_tool.openid_configuration import PlatformConfiguration
from lti_tool.platform_answers import ask_platform
from lti_tool.presets import is_shared
from lti_tool.registering import (
    approve_deployment,
    let_speak_for_staff,
    record_speaking,
    speaks_for_staff,
)
from lti_tool.registration_answers import Granted, read_answer
from lti_tool.registration_refusals import TakenByAnother
from lti_tool.registration_request import tool_registration
from lti_tool.registrations import forget_platforms
from people.audit import Actor

ANOTHER = "another"
"""The choice to keep what there is and add a second registration of the same LMS."""


class ChoiceNeeded(ToolError):
    """This district has a registration of this issuer: only the administrator knows which it is (row 143)."""

    status, code = 422, "choice_needed"
    next_step = N_(
        "Go back, choose whether to update a registration or to add another one, and press the button again."
    )


class NotForStaff(ToolError):
    """Somebody would take the place of an LMS that the district believes about its staff."""

    status, code = 403, "not_for_staff"
    next_step = N_(
        "Ask IT for an invitation for an LMS that speaks for staff. Or go back and add another registration."
    )


@dataclass(frozen=True)
class Known:
    """A registration this district has, as the page names it."""

    id: int
    name: str
    client_id: str


def registrations_of(district_id: int, issuer: str) -> list[Known]:
    rows = db.scalars(
        sa.select(Platform).filter_by(district_id=district_id, issuer=issuer).order_by(Platform.id)
    )
    return [Known(row.id, row.name, row.client_id) for row in rows]


def chosen_registration(choice: str, existing: list[Known]) -> int | None:
    """The registration to update, or None for a new one. Raises ChoiceNeeded for anything that is not offered."""
    if choice == ANOTHER or (not existing and not choice):
        return None
    for platform in existing:
        if choice == str(platform.id):
            return platform.id
    raise ChoiceNeeded(
        N_("This district knows this LMS already, and we can not tell which registration this is.")
    )


def may_update(chosen: int | None, invited: Invited, issuer: str) -> None:
    """Raises NotForStaff where another customer of a shared issuer could take the place of an LMS that speaks for the
    district's staff, by an invitation that was not made for that."""
    if chosen is None or invited.speaks_for_staff or not is_shared(issuer):
        return
    if db.get_one(Platform, chosen).speaks_for_staff:
        raise NotForStaff(
            N_("This invitation is not for an LMS that speaks for the district's staff, and this one does.")
        )


def ask_to_register(
    platform: PlatformConfiguration, token: str | None, public_url: str, with_email: bool
) -> Granted:
    """Raises LmsOutOfReach, LmsDeclined."""
    request = tool_registration(platform, public_url, with_email)
    return read_answer(ask_platform("POST", platform.registration_endpoint, token, request), request)


def keep_registration(
    invited: Invited, said: PlatformConfiguration, granted: Granted, chosen: int | None
) -> Platform:
    """The registration as a row: a new one, or `chosen` with what is new about it.

    Whether it speaks for staff is for the invitation to say; one that says nothing changes nothing of a registration.

    An LMS that updated its tool answers with a client id we have: that row it is then, whatever was chosen. Raises
    TakenByAnother when the pair belongs to another district.
    """
    district = invited.district
    known = db.scalars(
        sa.select(Platform).filter_by(issuer=said.issuer, client_id=granted.client_id)
    ).one_or_none()
    if known is not None and known.district_id != district.id:
        raise TakenByAnother(N_("Your LMS gave us a client id that another district uses here."))
    updated = db.get_one(Platform, chosen) if chosen is not None else None
    platform = known or updated
    is_new = platform is None
    if platform is None:
        speaks = speaks_for_staff(district, invited.speaks_for_staff)
        platform = Platform(
            district_id=district.id, name=said.name, issuer=said.issuer, speaks_for_staff=speaks
        )
    platform.client_id = granted.client_id
    platform.auth_login_url = said.auth_login_url
    platform.auth_token_url = said.auth_token_url
    platform.jwks_url = said.jwks_url
    platform.token_audience = said.token_audience
    platform.frame_origins = _with_its_sites(platform, said)
    platform.family = said.family
    platform.granted_scopes = None if granted.scopes is None else " ".join(granted.scopes)
    platform.granted_claims = None if granted.claims is None else " ".join(granted.claims)
    db.add(platform)
    db.flush()
    by = Actor(f"invitation:{invited.id}")
    if is_new:
        record_speaking(platform, by)
    elif invited.speaks_for_staff:
        let_speak_for_staff(platform, True, by)
    if granted.deployment_id:
        approve_deployment(platform, granted.deployment_id)
    forget_platforms()
    return platform


def _with_its_sites(platform: Platform, said: PlatformConfiguration) -> str:
    """What IT added stays; a host the LMS registered at is added where the usual ones do not hold it."""
    known = frame_origins(said.issuer, said.auth_login_url, extra=platform.frame_origins or "")
    added = [each for each in said.framed_by if each not in known]
    return " ".join([*(platform.frame_origins or "").split(), *added])
