"""What to click where when a check fails, for each kind of LMS. Pure; the words are for an IT engineer.

The names of switches are those of docs/canvas.md, docs/schoology.md and docs/moodle.md; for other LMSs, those of
their makers' guides.
"""

from admin.families import NAMES
from admin.states import scope_is_off
from lti_tool.connection import SCOPES, Check

CANVAS_SWITCHES = {
    "lineitem": "Can create and view assignment data in the gradebook associated with the tool",
    "score": "Can create and update submission results for assignments associated with the tool",
    "result": "Can view submission data for assignments associated with the tool",
    "roster": "Can retrieve user data associated with the context the tool is installed in",
}
SERVICES = {
    "schoology": ("Assignments and Grade Services", "Names and Roles Services"),
    "moodle": (
        "IMS LTI Assignment and Grade Services: Use this service for grade sync and column management",
        "IMS LTI Names and Role Provisioning: Use this service to retrieve members' information as per "
        "privacy settings",
    ),
    "blackboard": ("Allow grade service access", "Allow Membership Service Access"),
    "brightspace": ("Assignment and Grade Services", "Names and Role Provisioning Services"),
}
WHERE = {
    "canvas": "Admin › Developer Keys › the key of this tool › LTI Advantage Services",
    "schoology": "App Center › My Developer Apps › this app › Edit",
    "moodle": "Site administration › Plugins › Activity modules › External tool › Manage tools › the gear of this "
    "tool › Services",
    "blackboard": "Administrator Panel › LTI Tool Providers › this tool › Edit › Institution Policies",
    "brightspace": "Admin Tools › Manage Extensibility › LTI Advantage › this tool › Extensions",
}
BRIGHTSPACE_AUDIENCE = "https://api.brightspace.com/auth/token"


def advice(check: Check, family: str, addresses: dict[str, str]) -> str:
    """What to do about a check that failed; "" for one that did not.

    addresses: `jwks_url` and `auth_token_url` are theirs, `our_jwks_url` ours, `audience` what we sign for.
    """
    if check.outcome != "bad":
        return ""
    if check.status == 429 or check.kind == "no_answer":
        return _unreached(check, addresses)
    if check.name == "keys":
        return _keys(check, addresses)
    scope = check.name.removeprefix("token_")
    if scope in SCOPES:
        return turn_on(scope, family) if scope_is_off(check) else _token(check, family, addresses)
    return _service(check, family)


def turn_on(scope: str, family: str) -> str:
    """Where the switch for one of our scopes is."""
    if family == "canvas":
        return f"In {WHERE['canvas']} turn on “{CANVAS_SWITCHES[scope]}”, save, and test again."
    if family in SERVICES:
        switch = SERVICES[family][scope == "roster"]
        return f"In {WHERE[family]} turn on “{switch}”, save, and test again."
    return f"In the LMS’s settings for this tool allow the scope {SCOPES[scope]}, then test again."


def _unreached(check: Check, addresses: dict[str, str]) -> str:
    if check.status == 429:
        return (
            "The LMS asked us to slow down. Nothing is wrong with the set-up; wait a minute and test again."
        )
    url = addresses["jwks_url"] if check.name == "keys" else addresses["auth_token_url"]
    if check.name in ("roster", "lineitems"):
        return "The LMS took too long or closed the connection. Test again; if it stays, look at its status page."
    return (
        f"Our server could not reach {url}. Compare the address with the LMS’s own form, then let our server out to "
        "it on port 443 in the firewall. If another address of the same LMS answers, the LMS has trouble of its own."
    )


def _keys(check: Check, addresses: dict[str, str]) -> str:
    if check.status >= 500:
        return (
            "The LMS answered with an error of its own. Lessons go on opening with the keys we have; "
            "test again later."
        )
    return (
        f"What answers at {addresses['jwks_url']} is no key set. Compare the address with the one the LMS shows "
        "(Public keyset, JWKS or Public JWK URL), correct it with “Change”, and test again."
    )


def _token(check: Check, family: str, addresses: dict[str, str]) -> str:
    if check.status >= 500 or check.kind == "unreadable":
        return (
            "The LMS answered with an error of its own. Test again in a few minutes; scores wait meanwhile."
        )
    if check.status == 404:
        return (
            f"There is nothing at {addresses['auth_token_url']}. Compare it with the LMS’s access token address and "
            "correct it with “Change”."
        )
    brightspace = (
        f"Brightspace wants {BRIGHTSPACE_AUDIENCE} there. "
        if family == "brightspace" and addresses["audience"] != BRIGHTSPACE_AUDIENCE
        else ""
    )
    return (
        "The LMS does not accept how we sign in. One of three things: "
        f"(1) it can not read our keys: open {addresses['our_jwks_url']} from outside, and see that this very address "
        f"stands in the {NAMES.get(family, 'LMS')} settings; (2) the client ID differs, or the key or tool is switched "
        f"off there; (3) it expects another audience than {addresses['audience']}: {brightspace}set the token audience "
        "with “Change”."
    )


def _service(check: Check, family: str) -> str:
    if check.status in (401, 403):
        return turn_on("roster" if check.name == "roster" else "lineitem", family)
    if check.status == 404:
        return (
            "The LMS says this course is gone. Open a link in another course once and test again; the test uses the "
            "course that was opened last."
        )
    if check.kind in ("unreadable", "loop"):
        return "The LMS sent a list we can not read. Test again; if it stays, tell the makers of this tool."
    return (
        "The LMS answered with an error of its own. Test again in a few minutes; the worker keeps trying too."
    )
