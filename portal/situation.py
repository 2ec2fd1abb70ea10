"""What the page can say: of one person by the ticket of their network, else of the district in general."""

from dataclasses import dataclass
from datetime import datetime

from access.tickets import TicketOver, person_behind
from completion.asked import asked_of
from completion.ledger import done_parts
from completion.requirements import ways_of as ways_of_requirement
from completion.revocations import is_withdrawn
from completion.rules import alternatives_by, rules_of
from core.database import db
from core.sealed import NoTicket
from lessons import library
from people.models import District, Person
from people.school_years import current_school_year
from portal.lacking import GUEST_MINUTES, Item, Line, open_items, ways_of

STAFF = "rua"
"""The requirement of staff (procedure 2022P, RU-ANN-2)."""

GENERAL, OVER, REVOKED, MISSING, DONE, NOTHING = "general", "over", "revoked", "missing", "done", "nothing"


@dataclass(frozen=True)
class Situation:
    """kind: GENERAL; OVER, in general since the ticket's hour is over; else of one person: REVOKED, MISSING with
    `items`, DONE, or NOTHING where nothing is asked of them here. `ways`: what the district asks of its staff."""

    kind: str
    ways: tuple[tuple[Line, ...], ...] = ()
    items: tuple[Item, ...] = ()

    @property
    def on_paper(self) -> bool:
        """Whether an agreement is among what is open; paper stands in for nothing else."""
        lines = [
            line for way in (*self.ways, *(way for item in self.items for way in item.ways)) for line in way
        ]
        return any(line.kind == "agreement" and line.done < line.of for line in lines)


def in_general(district: District, kind: str = GENERAL) -> Situation:
    minutes, signing = _minutes()
    ways = alternatives_by(rules_of(district.id, "staff").ways, ways_of_requirement(STAFF))
    return Situation(kind, ways=ways_of(ways, (), minutes, signing["staff"]))


def behind(ticket: str, district: District, at: datetime) -> Situation:
    """What is no ticket of ours, or is another district's, is read as none."""
    try:
        person = db.get(Person, person_behind(ticket, district.id, at))
    except TicketOver:
        return in_general(district, OVER)
    except NoTicket:
        return in_general(district)
    if person is None or person.district_id != district.id:  # erased within the hour
        return in_general(district)
    return _of(person, at)


def _of(person: Person, at: datetime) -> Situation:
    if is_withdrawn(person, at):
        return Situation(REVOKED)
    asked = asked_of(person, at)
    if not asked:
        return Situation(NOTHING)
    minutes, signing = _minutes()
    year = current_school_year(person.district_id, at)
    done = done_parts([person.id], year.id)[person.id]
    items = open_items(asked, done, minutes, signing)
    return Situation(MISSING, items=tuple(items)) if items else Situation(DONE)


def _minutes() -> tuple[dict[str, int], dict[str, int]]:
    """({part: minutes} of every lesson in force, {audience: minutes} of reading and signing)."""
    courses = library.current_release().courses
    lessons = {f"lesson:{each.id}": each.minutes for course in courses.values() for each in course.lessons}
    staff = next((each.signing_minutes for each in courses.values() if each.requirement == STAFF), 0)
    return lessons, {"staff": staff, "guest": GUEST_MINUTES}
