"""GET and POST /lti/register: an LMS that was invited registers itself (https://www.imsglobal.org/spec/lti-dr/v1p0).

The page stands in the LMS's frame, where cookies may be refused, so the invitation in the form is the authority.
Nothing is fetched from anywhere before it has been found good: the address to ask comes with the request.
"""

from flask import Blueprint, Response, g, render_template, request

from core.current import current_settings
from core.database import db, only_reading
from core.framing import let_frame
from core.language import written_date
from core.problems import answer_tool_error
from lti_tool.dynamic_registration import (
    ANOTHER,
    Known,
    ask_to_register,
    chosen_registration,
    keep_registration,
    may_update,
    registrations_of,
)
from lti_tool.invites import Invited, claimed, read_invite, use_invite
from lti_tool.openid_configuration import PlatformConfiguration, read_configuration
from lti_tool.refused import keep_refused_registration
from lti_tool.registration_answers import Granted
from lti_tool.registration_refusals import RegistrationRefused
from lti_tool.registration_request import EMAIL, Asked, claims_asked, scopes_asked

blueprint = Blueprint(
    "registration",
    __name__,
    url_prefix="/lti",
    template_folder="templates",
)

CARRIED = ("invite", "openid_configuration", "registration_token")
"""What the LMS's address says and the form hands on."""


def require_invite() -> None:
    """The guard: a good invitation, in the address or in the form. Raises InviteRefused."""
    g.invited = read_invite(request.values.get("invite", ""))


blueprint.before_request(require_invite)


@blueprint.get("/register")
def ask() -> str:
    """One plain page: which LMS, which district, what we ask for, and a button. Writes nothing."""
    said = _configuration()
    return render_template(
        "lti_tool/register.html",
        district=_invited().district,
        until=written_date(_invited().expires_at.date()),
        lms=said,
        carried={name: request.args.get(name, "") for name in CARRIED},
        scopes=scopes_asked(said.scopes_supported),
        claims=claims_asked(with_email=False),
        email=EMAIL,
        existing=_existing(said),
        another=ANOTHER,
    )


@blueprint.post("/register")
def register() -> str:
    """Ask the LMS and keep what it grants; whatever fails leaves the invitation as it was."""
    invited, said, settings = _invited(), _configuration(), current_settings()
    choice = request.form.get("choice", "")
    _may_have_chosen(choice, said)  # before the LMS is asked, which can not be undone
    with claimed(invited):
        granted = ask_to_register(
            said, _token(), settings.public_url, with_email=request.form.get("with_email") == "yes"
        )
        chosen = chosen_registration(choice, registrations_of(invited.district.id, said.issuer))
        platform = keep_registration(invited, said, granted, chosen)
        use_invite(invited, platform.id)
    return render_template(
        "lti_tool/registered.html",
        district=invited.district,
        platform=platform,
        lms=said,
        approval=f"flask platform approve-deployment {platform.id} …",
        deployment_known=granted.deployment_id is not None,
        missing=_missing(said, granted),
    )


@blueprint.errorhandler(RegistrationRefused)
def keep_and_answer(refusal: RegistrationRefused) -> Response:
    """The invitation says whose registration it was, so that district's IT finds it under the reference."""
    db.rollback()
    keep_refused_registration(refusal, g.reference, _invited().district.id)
    return answer_tool_error(refusal)


def _missing(said: PlatformConfiguration, granted: Granted) -> list[Asked]:
    """What we asked for and were not given, where the LMS says what it gave."""
    if granted.scopes is None:
        return []
    return [each for each in scopes_asked(said.scopes_supported) if each.name not in granted.scopes]


def _configuration() -> PlatformConfiguration:
    """What the LMS says about itself; from then on it may frame this page, and nobody else."""
    said = read_configuration(request.values.get("openid_configuration", ""), _token(), current_settings())
    let_frame(said.framed_by)
    return said


def _token() -> str | None:
    return request.values.get("registration_token") or None


def _existing(said: PlatformConfiguration) -> list[Known]:
    """Read and let go: no transaction stays open while an LMS is asked."""
    with only_reading():
        return registrations_of(_invited().district.id, said.issuer)


def _may_have_chosen(choice: str, said: PlatformConfiguration) -> None:
    """Raises ChoiceNeeded, NotForStaff. Reads and lets go, likewise."""
    with only_reading():
        chosen = chosen_registration(choice, registrations_of(_invited().district.id, said.issuer))
        may_update(chosen, _invited(), said.issuer)


def _invited() -> Invited:
    invited: Invited = g.invited
    return invited
