"""By when a pupil is to be done with each lesson, in a sentence for them."""

from collections.abc import Mapping

from completion.class_dates import due_for
from completion.models import Progress
from completion.words import by_when
from core.clock import now
from core.database import db
from people.models import District, Person, SchoolYear


def sentences(person: Person, year: SchoolYear, progress: Mapping[str, Progress]) -> dict[str, str]:
    """{lesson id: sentence}, of lessons that have a date and are not done. `progress` by part."""
    owed = {
        part: due
        for part, due in due_for(person.id, year.id).items()
        if (row := progress.get(part)) is None or row.done_at is None
    }
    if not owed:
        return {}
    timezone = db.get_one(District, person.district_id).timezone
    return {part.removeprefix("lesson:"): by_when(due, now(), timezone) for part, due in owed.items()}
