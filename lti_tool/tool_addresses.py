"""Our own addresses, as an LMS is told them: by a person who pastes, by Canvas' JSON, by dynamic registration."""

from urllib.parse import urlsplit

TOOL_NAME = "Digital Citizenship"
DESCRIPTION = (
    "Lessons on digital citizenship and internet safety for pupils, and the Responsible Use Course for staff."
)
HOME_PATH = "/lessons/g4"
"""Where a link without a target of its own leads."""
CHOOSER_PATH = "/lessons/choose"
ADMIN_PATH = "/admin"


def our_addresses(public_url: str) -> dict[str, str]:
    """What the LMS's administrator pastes into its form."""
    return {
        "login_url": f"{public_url}/lti/login",
        "redirect_uri": f"{public_url}/lti/launch",
        "jwks_url": f"{public_url}/lti/jwks",
        "target_link_uri": public_url + HOME_PATH,
    }


def our_domain(public_url: str) -> str:
    """Host, with the port where there is one: Moodle compares it with the target's to the letter."""
    return urlsplit(public_url).netloc


def icon_url(public_url: str) -> str:
    return f"{public_url}/static/core/icon.svg"
