"""The Link header of a service's answer (RFC 8288): where the next page is, and where the changes since are.

Read here rather than by requests, since the gradebook of Moodle 4.5 writes rel=“next” in curly quotes and &amp; for
every &, and pylti1p3 2.0.0 lower-cases the whole header and with it the cursors of Canvas.
"""

import re
from urllib.parse import urljoin

_LINK = re.compile(r"<([^>]*)>((?:\s*;[^,<]*)*)")
_REL = re.compile(r"""(?:^|;)\s*rel\s*=\s*["'“”]?([^"'“”;]+)""", re.IGNORECASE)


def links_of(header: str | None, asked: str) -> dict[str, str]:
    """{relation: address}, every letter kept as given; `asked` is the address that was answered."""
    found: dict[str, str] = {}
    for address, parameters in _LINK.findall(_as_written(header or "")):
        relations = _REL.search(parameters)
        for relation in relations.group(1).lower().split() if relations else ():
            # No address means to say &amp;, however it is written.
            found.setdefault(relation, urljoin(asked, address.strip().replace("&amp;", "&")))
    return found


def _as_written(header: str) -> str:
    """HTTP hands headers over as Latin-1; what was meant as UTF-8 is read as that."""
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return header
