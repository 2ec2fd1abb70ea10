"""What meets the annual requirement in a district: the course, the signed agreement, one of the two, or both."""

from completion.requirements import ways_of
from completion.rules import SIGNATURE, said_by
from core.clock import now
from people.models import Person
from people.rostered import buildings_of

EITHER, COURSE, AGREEMENT, BOTH = "either", "course", "agreement", "both"


def ways_for(person: Person, requirement: str) -> str:
    """One of the four, as the person's building or the district chose.

    Where only one of the two is published, that is the way, whatever they chose.
    """
    kinds = {
        AGREEMENT if all(part.startswith(SIGNATURE) for part in parts) else COURSE
        for parts in ways_of(requirement)
    }
    if len(kinds) == 1:
        return kinds.pop()
    said = said_by(person.district_id, "staff")
    places = buildings_of([person.id], now()) if said.buildings else {}
    return said.at(places.get(person.id, ())).ways
