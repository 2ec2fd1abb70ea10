"""Back to the course in the LMS, where the launch said how (LTI 1.3 core 5.4.4, launch_presentation.return_url)."""

from flask import g

from core.addresses import with_query


def way_back(message: str | None = None) -> str | None:
    """The address, with a message that the LMS may show there; None where this tab has none."""
    sign_in = g.get("sign_in")
    if sign_in is None or not sign_in.return_url:
        return None
    address: str = sign_in.return_url
    if message is None:
        return address
    return with_query(address, {"lti_msg": message})
