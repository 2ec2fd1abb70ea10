"""What to paste into the form of each LMS, line by line, in that LMS's own words.

Menu and field names are those the LMSs' documentation used in 2026; a newer release may word one differently.
"""

from dataclasses import dataclass

from lti_tool.presets import Preset
from lti_tool.tool_addresses import CHOOSER_PATH, TOOL_NAME, our_addresses, our_domain


@dataclass(frozen=True)
class Sheet:
    """Where the form is, its fields with our values, and what the LMS shows when it is saved."""

    where: str
    fields: tuple[tuple[str, str], ...]
    then: str


def sheet_for(preset: Preset, public_url: str) -> Sheet:
    """The sheet of one kind of LMS, with our real addresses in it."""
    ours = our_addresses(public_url) | {
        "tool": TOOL_NAME,
        "domain": our_domain(public_url),
        "chooser": public_url + CHOOSER_PATH,
        "canvas_json": f"{public_url}/lti/config/canvas.json",
    }
    where, fields, then = _SHEETS[preset.sheet]
    return Sheet(where, tuple((label, value.format(**ours)) for label, value in fields), then)


_SHEETS: dict[str, tuple[str, tuple[tuple[str, str], ...], str]] = {
    "canvas": (
        "Admin › Developer Keys › + Developer Key › + LTI Key, in the root account",
        (
            ("Key Name", "{tool}"),
            ("Redirect URIs", "{redirect_uri}"),
            ("Method", "Enter URL"),
            ("JSON URL", "{canvas_json}"),
        ),
        "Save, turn State ON, and copy the long number under Details: the client ID.",
    ),
    "schoology": (
        "App Center › My Developer Apps › Add App",
        (
            ("App Name", "{tool}"),
            ("Available for", "Only people in my school"),
            ("Type of App", "LTI 1.3 App"),
            ("Can be installed for", "Course (External Tool)"),
            ("Configuration Type", "Manual"),
            ("Privacy", "Send Name and Email/Username of user who launches the tool"),
            ("Deep Linking", "on"),
            ("Deep Linking URL", "{chooser}"),
            ("Assignments and Grade Services", "on"),
            ("Names and Roles Services", "on"),
            ("Public key type", "Keyset URL"),
            ("JWKS URL", "{jwks_url}"),
            ("Domain/URL", "{target_link_uri}"),
            ("OIDC Login Init URL", "{login_url}"),
            ("Redirect URLs", "{redirect_uri}"),
            ("Use Unique Lineitem Identifiers for Linked Sections", "on"),
            ("Custom Parameters", "leave empty"),
        ),
        "Submit. Options › API Info shows the Client ID; the deployment ID comes with the installation.",
    ),
    "moodle": (
        "Site administration › Plugins › Activity modules › External tool › Manage tools › configure a tool manually",
        (
            ("Tool name", "{tool}"),
            ("Tool URL", "{target_link_uri}"),
            ("LTI version", "LTI 1.3"),
            ("Public key type", "Keyset URL"),
            ("Public keyset", "{jwks_url}"),
            ("Initiate login URL", "{login_url}"),
            ("Redirection URI(s)", "{redirect_uri}"),
            ("Custom parameters", "leave empty"),
            ("Tool configuration usage", "Show in activity chooser and as a preconfigured tool"),
            ("Default launch container", "New window"),
            ("Supports Deep Linking (Content-Item Message)", "on"),
            ("Content Selection URL", "{chooser}"),
            (
                "IMS LTI Assignment and Grade Services",
                "Use this service for grade sync and column management",
            ),
            (
                "IMS LTI Names and Role Provisioning",
                "Use this service to retrieve members' information as per privacy settings",
            ),
            ("Share launcher's name with tool", "Always"),
            ("Share launcher's email with tool", "Never (Always, where people have no ID number)"),
            ("Accept grades from the tool", "Always"),
            ("Force SSL", "on"),
        ),
        "Save changes. View configuration details on the tool's card shows Client ID and Deployment ID.",
    ),
    "blackboard": (
        "developer.anthology.com › My Apps › +, as an LTI 1.3 application",
        (
            ("Application Name", "{tool}"),
            ("Domain(s)", "{domain}"),
            ("My integration supports LTI 1.3", "on"),
            ("Login Initiation URL", "{login_url}"),
            ("Tool Redirect URL(s)", "{redirect_uri}"),
            ("JWKS URL", "{jwks_url}"),
            ("Signing Algorithm", "RS256"),
            ("Custom Parameters", "leave empty"),
            ("in Learn, target of the deep linking placement", "{chooser}"),
        ),
        "Register, copy the Application ID: it is the client ID. In Learn: Administrator Panel › LTI Tool Providers › "
        "Register LTI 1.3/Advantage Tool, paste it, allow grade and membership service access; the placement for "
        "choosing lessons is a Deep Linking content tool with the target above. Learn shows the Deployment ID.",
    ),
    "brightspace": (
        "Admin Tools › Manage Extensibility › LTI Advantage › Register Tool › Standard",
        (
            ("Name", "{tool}"),
            ("Domain", "{domain}"),
            ("Redirect URLs", "{redirect_uri}"),
            ("OpenID Connect Login URL", "{login_url}"),
            ("Target Link URI", "{target_link_uri}"),
            ("Keyset URL", "{jwks_url}"),
            (
                "Extensions",
                "Assignment and Grade Services, Deep Linking, Names and Role Provisioning Services",
            ),
            ("Substitution Parameters", "leave empty"),
            ("URL of the deep linking link, made afterwards", "{chooser}"),
        ),
        "Register. Brightspace shows Client ID, Keyset URL, Authentication Endpoint, Token URL and Issuer; then make a "
        "deployment, with First Name and Last Name on and Email off, and a link to the chooser for deep linking.",
    ),
}
