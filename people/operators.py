"""The operator of a district: whoever holds its command line, as one person who is nobody's pupil or colleague.

A sign-in needs a person, and somebody who comes by a link from the command line is none that an LMS knows. The
operator has an identity scheme of its own, no audience and no seat, so nothing is ever asked of it and no roster
or standing names it; its sign-in opens the set-up pages alone (docs/decisions/0010).
"""

from people.directory import find_or_add
from people.models import District, Person

SCHEME = "operator"


def operator_of(district: District) -> Person:
    """The one operator of this district, added at the first need."""
    return find_or_add(
        district.id,
        scheme=SCHEME,
        value="command line",
        issuer="",
        audience="unknown",
        source="command",
    )
