"""Third-party initiated login (1EdTech security framework 5.1.1): check it, and send the browser to the platform."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.addresses import with_query
from core.messages import N_
from lti_tool.launch_state import LaunchState, new_state, write_state
from lti_tool.refusals import LaunchRefused, refused_by
from lti_tool.registrations import find_registered
from lti_tool.targets import our_path

NEEDED = ("iss", "login_hint", "target_link_uri")
LONGEST = 4000
ASKED = (*NEEDED, "lti_message_hint", "client_id", "lti_deployment_id", "lti_storage_target")
LONGEST_AGAIN = 1500
"""Characters of a login that travel in the state; Moodle was seen to pass 3,000."""


class LoginIncomplete(LaunchRefused):
    code = "login_incomplete"


@dataclass(frozen=True)
class Login:
    """A login on its way: what the LMS said, the state made of it, and the platform's authorization endpoint."""

    asked: dict[str, str]
    state: LaunchState
    address: str


def begin_login(
    parameters: Mapping[str, str], browser: str, public_url: str, secret_key: str, *, cookie_kept: bool = True
) -> Login:
    """Unless our cookie is sure to come back (`cookie_kept`), the state remembers how to begin again.

    Raises LoginIncomplete naming the parameter, UnknownPlatform, AmbiguousPlatform or NotOurAddress.
    """
    for name in NEEDED:
        if not parameters.get(name) or len(parameters[name]) > LONGEST:
            raise LoginIncomplete(
                N_("Your LMS opened this lesson without saying “%(name)s”.", name=name), field=name
            )
    platform = find_registered(parameters["iss"], parameters.get("client_id"))
    with refused_by(platform.id):
        our_path(parameters["target_link_uri"], public_url)
    asked = {name: parameters[name] for name in ASKED if parameters.get(name)}
    state = new_state(platform.id, browser, None if cookie_kept else short_enough(asked))
    answer = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": platform.client_id,
        "redirect_uri": f"{public_url}/lti/launch",
        "login_hint": parameters["login_hint"],
        "state": write_state(state, secret_key),
        "nonce": state.nonce,
    }
    if parameters.get("lti_message_hint"):
        answer["lti_message_hint"] = parameters["lti_message_hint"]
    # pylti1p3 would add a second question mark where the platform's address has one already.
    return Login(asked, state, with_query(platform.auth_login_url, answer))


def short_enough(asked: dict[str, str]) -> dict[str, str]:
    """A login to travel in the state; of a long one only where the platform keeps things for us."""
    if sum(map(len, asked.values())) <= LONGEST_AGAIN:
        return asked
    return {name: value for name, value in asked.items() if name == "lti_storage_target"}
