"""What holds for every record that personnel makes by hand: who may, about whom, of which day, for which year."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from completion.asked import signing_counts_for
from completion.dates import local_day
from core.clock import now
from core.database import db
from core.errors import Forbidden, ToolError
from core.messages import N_
from people.models import District, Person, SchoolYear
from people.school_years import ensure_school_year

OLDEST_DAYS = 366
"""What is older belongs to a school year that is closed."""


class OddRecord(ToolError):
    """Something about a record is not as it must be; `field` says what."""

    status, code = 422, "odd_record"
    next_step = N_("Go back, correct it, and send it again. Nothing was recorded.")


class TwoPeople(Forbidden):
    """The one who entered it, or the one it is about, would decide."""

    code = "two_people"
    next_step = N_("Ask a colleague of the personnel office to decide this one.")


def check_hands(person: Person, by: Person) -> None:
    """Nobody keeps their own record, and nobody that of another district or of a pupil. Raises OddRecord, TwoPeople."""
    if by.district_id != person.district_id:
        raise OddRecord(N_("This person is not of your district."), field="person")
    if by.id == person.id:
        raise TwoPeople(N_("Nobody decides about their own record."))
    if person.audience == "pupil":
        raise OddRecord(N_("Records by hand are for the staff."), field="person")


def day_of(person: Person, day: date, requirement: str) -> tuple[datetime, SchoolYear]:
    """(the first instant of that local day, the school year it counts for). Raises OddRecord."""
    district = db.get_one(District, person.district_id)
    today = local_day(now(), district.timezone)
    if not today - timedelta(days=OLDEST_DAYS) <= day <= today:
        raise OddRecord(N_("The day must not be in the future, and not more than a year ago."), field="day")
    at = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(district.timezone))
    ensure_school_year(district, at)
    return at, signing_counts_for(person, district, requirement, at)
