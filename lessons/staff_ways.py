"""What meets the annual requirement in a district: the course, the signed agreement, one of the two, or both."""

from completion.requirements import ways_of
from completion.rules import SIGNATURE, rules_of

EITHER, COURSE, AGREEMENT, BOTH = "either", "course", "agreement", "both"


def ways_in(district_id: int, requirement: str) -> str:
    """One of the four. Where only one of the two is published, that is the way, whatever the district chose."""
    kinds = {
        AGREEMENT if all(part.startswith(SIGNATURE) for part in parts) else COURSE
        for parts in ways_of(requirement)
    }
    if len(kinds) == 1:
        return kinds.pop()
    return rules_of(district_id, "staff").ways
