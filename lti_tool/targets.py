"""Where a launch leads on our own host."""

import re
from urllib.parse import urlsplit

from core.messages import N_
from lti_tool.claims import RESOURCE_LINK, LaunchClaims
from lti_tool.refusals import NotOurAddress, NotSupported

PLAIN_ADDRESS = re.compile(r"[!#-;=?-\[\]-~]{1,2000}")
"""Printable ASCII without spaces, quotes, angle brackets and backslashes: what browsers and we read alike."""


def our_path(target_link_uri: str, public_url: str) -> str:
    """The path of an address of ours. Raises NotOurAddress for anything else: never an open redirect (row 54)."""
    ours = urlsplit(public_url)
    try:
        target = urlsplit(target_link_uri if PLAIN_ADDRESS.fullmatch(target_link_uri) else "")
    except ValueError:  # urlsplit's word for http://[
        target = urlsplit("")
    if (target.scheme, target.netloc.lower()) != (ours.scheme, ours.netloc.lower()):
        raise NotOurAddress(N_("The link in your course leads to an address that is not ours."))
    return "/" + target.path.lstrip("/")[:499]


def target_of(claims: LaunchClaims, public_url: str) -> str:
    """The path this launch leads to. Raises NotOurAddress, and NotSupported for a message that has no page yet."""
    path = our_path(claims.target_link_uri, public_url)
    if claims.message != RESOURCE_LINK:
        raise NotSupported(N_("Your LMS asked for something this service does not do yet."))
    return path
