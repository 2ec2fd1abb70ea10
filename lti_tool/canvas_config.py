"""Canvas' JSON configuration for an LTI developer key (Enter URL), and the address it is read from.

https://canvas.instructure.com/doc/api/file.lti_dev_key_config.html; the same table as dynamic registration.
"""

from typing import Any

from flask import Blueprint, Response, jsonify

from core.current import current_settings
from lti_tool.registration_request import (
    CHOOSERS,
    DEEP_LINKING,
    RESOURCE_LINK,
    TOOL_ID,
    custom_parameters,
    privacy_level,
    scope_names,
)
from lti_tool.tool_addresses import (
    ADMIN_PATH,
    CHOOSER_PATH,
    DESCRIPTION,
    TOOL_NAME,
    icon_url,
    our_addresses,
    our_domain,
)
from people.sign_in import anyone

blueprint = Blueprint("canvas_config", __name__, url_prefix="/lti/config")
blueprint.before_request(anyone)  # it says nothing about anybody: addresses and scopes

MAX_AGE = 300


@blueprint.get("/canvas.json")
def canvas_json() -> Response:
    settings = current_settings()
    answer = jsonify(canvas_configuration(settings.public_url))
    answer.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return answer


def canvas_configuration(public_url: str) -> dict[str, Any]:
    """What Canvas' developer key page reads. E-mail is not asked for; IT may raise the level in Canvas."""
    ours = our_addresses(public_url)
    return {
        "title": TOOL_NAME,
        "description": DESCRIPTION,
        "target_link_uri": ours["target_link_uri"],
        "oidc_initiation_url": ours["login_url"],
        "redirect_uris": [ours["redirect_uri"]],
        "public_jwk_url": ours["jwks_url"],
        "scopes": list(scope_names()),
        "custom_fields": custom_parameters(),
        "extensions": [
            {
                "platform": "canvas.instructure.com",
                "domain": our_domain(public_url),
                "tool_id": TOOL_ID,
                "privacy_level": privacy_level(with_email=False),
                "settings": {
                    "text": TOOL_NAME,
                    "icon_url": icon_url(public_url),
                    "placements": _placements(public_url, ours["target_link_uri"]),
                },
            }
        ],
    }


def _placements(public_url: str, home: str) -> list[dict[str, Any]]:
    choosers = [
        {
            "placement": placement,
            "text": TOOL_NAME,
            "enabled": True,
            "message_type": DEEP_LINKING,
            "target_link_uri": public_url + CHOOSER_PATH,
            "icon_url": icon_url(public_url),
        }
        for placement in CHOOSERS
    ]
    course = {
        "placement": "course_navigation",
        "text": TOOL_NAME,
        "enabled": True,
        "message_type": RESOURCE_LINK,
        "target_link_uri": home,
        "default": "disabled",  # in no course's menu until a teacher puts it there
    }
    account = {
        "placement": "account_navigation",
        "text": f"{TOOL_NAME}: administration",
        "enabled": True,
        "message_type": RESOURCE_LINK,
        "target_link_uri": public_url + ADMIN_PATH,
        "visibility": "admins",
        "required_permissions": "manage_account_settings",
    }
    return [*choosers, course, account]
