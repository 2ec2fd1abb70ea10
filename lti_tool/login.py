"""Third-party initiated login (1EdTech security framework 5.1.1): check it, and send the browser to the platform."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from core.messages import N_
from lti_tool.launch_state import new_state, write_state
from lti_tool.refusals import LaunchRefused, refused_by
from lti_tool.registrations import Registered, find_registered
from lti_tool.targets import our_path

NEEDED = ("iss", "login_hint", "target_link_uri")
LONGEST = 4000


class LoginIncomplete(LaunchRefused):
    code = "login_incomplete"


def begin_login(parameters: Mapping[str, str], browser: str, public_url: str, secret_key: str) -> str:
    """The address of the platform's authorization endpoint for this login.

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
    state = new_state(platform.id, browser)
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
    return with_query(platform, answer)


def with_query(platform: Registered, answer: dict[str, str]) -> str:
    """Keep what the platform's address already asks (`?x=y`); pylti1p3 would add a second question mark."""
    url = urlsplit(platform.auth_login_url)
    asked = parse_qsl(url.query, keep_blank_values=True) + list(answer.items())
    return urlunsplit(url._replace(query=urlencode(asked)))
