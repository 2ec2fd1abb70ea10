"""Who may see IT's page: administrators by their launch, the operator, and whoever holds the office of IT.

Feeds and figures are for all of them. One person's standing is for the office alone: an LMS says who looks after the
LMS, and only the district says who decides about its network.
"""

from people.office_doors import require_office
from people.offices import offices_of
from people.sign_in import current_sign_in

require_it = require_office(
    "it",
    words="These pages are for the technology office of the district.",
    roles=("administrator",),
    operator=True,
)
require_holder = require_office(
    "it",
    words="Who stands where is for people who hold the office “it” of the district.",
    operator=True,
)


def holds_office() -> bool:
    return "it" in offices_of(current_sign_in())
