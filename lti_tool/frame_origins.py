"""The sites a registration's pages may be framed by: where its LMS shows itself to people.

An LMS is not always seen at its issuer: hosted Canvas has one issuer and a host per district, some of them in a
domain of the district's own. So: the issuer, the sign-in endpoint, the hosts of the family, whatever IT adds, and for
one launch the signed return address, which lies where the person is (LTI 1.3 core 5.4.4).
"""

import re
from urllib.parse import urlsplit

SITE = re.compile(r"https?://(\*\.[a-z0-9-]+(\.[a-z0-9-]+)+|[a-z0-9-]+(\.[a-z0-9-]+)*)(:\d{1,5})?")
"""One site, or all hosts of one domain: `*.example.org`, never `*.org`."""

HOSTED = ("instructure.com", "schoology.com", "blackboard.com", "brightspace.com", "canvaslms.com")
"""Domains in which one vendor gives every district a host of its own."""


def frame_origins(*addresses: str | None, extra: str = "") -> tuple[str, ...]:
    """Origins for frame-ancestors, each once. `extra` is what IT added, space separated."""
    named = [origin for address in addresses if (origin := origin_of(address))]
    vendors = [f"https://*.{domain}" for origin in named for domain in HOSTED if _lies_in(origin, domain)]
    return tuple(dict.fromkeys([*named, *vendors, *extra.split()]))


def _lies_in(origin: str, domain: str) -> bool:
    host = urlsplit(origin).hostname or ""
    return host == domain or host.endswith(f".{domain}")


def origin_of(url: str | None) -> str | None:
    """`https://lms.example:8443` of an address; None where it has none that a policy could name."""
    try:
        parts = urlsplit(url or "")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    origin = f"{parts.scheme}://{parts.hostname}{port}"
    return origin if SITE.fullmatch(origin) else None
