"""Which kind of LMS a platform is: by its own word at a launch, else by its issuer. Pure."""

from urllib.parse import urlsplit

NAMES = {
    "canvas": "Canvas",
    "schoology": "Schoology",
    "moodle": "Moodle",
    "blackboard": "Blackboard",
    "brightspace": "Brightspace",
}
SIGNS = {
    "canvas": "canvas",
    "instructure": "canvas",
    "schoology": "schoology",
    "moodle": "moodle",
    "blackboard": "blackboard",
    "brightspace": "brightspace",
    "desire2learn": "brightspace",
    "d2l": "brightspace",
}
"""What stands in product_family_code or in the issuer's host, and what it tells."""


def family_of(said: str | None, issuer: str) -> str:
    """A key of NAMES, or "" for an LMS we have no particular words for."""
    for text in (said or "", urlsplit(issuer).hostname or ""):
        for sign, family in SIGNS.items():
            if sign in text.lower():
                return family
    return ""
