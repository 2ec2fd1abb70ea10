"""Give people more time, and take it back. Why, for staff, stands in the row and the audit log only.

A later date is a fact of its own: assignments keep the dates and the basis that were told, so that taking it back,
new rules and a new roster find them as they were. Whom a policy keeps out until they have signed is kept out still.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

import sqlalchemy as sa

from completion import reviews
from completion.dates import last_day_before
from completion.deadlines import Deadline, day_after, extended, latest_extension
from completion.extension_models import Extension
from completion.facts import Case, gather
from completion.models import Requirement
from completion.recorded_by_hand import TwoPeople
from completion.requirements import requirement
from completion.rules import Rules, Said, defaults_of, said_by
from completion.states import state_at
from core.clock import now
from core.database import db, insert_for
from core.errors import NotFound, Refused, ToolError
from core.language import written_date
from core.messages import N_
from people.audit import Actor, record
from people.models import District, Person, SchoolYear
from people.rostered import buildings_of
from people.school_years import current_school_year

REASONS = ("leave", "accommodation", "technical", "schedule", "late_notice")
"""Why somebody of the staff has more time."""


class OddExtension(ToolError):
    """Something about an extension is not as it must be; `field` says what."""

    status, code = 422, "odd_extension"
    next_step = N_("Go back, correct it, and send it again. Nothing was recorded.")


def extend(
    people: Sequence[Person], requirement_key: str, until: date, *, by: Person, reason_code: str | None = None
) -> list[Extension]:
    """All of a requirement, through this day of the district. Whoever has as much time already keeps what they have.

    Raises OddExtension, TwoPeople, NoSuchRequirement, and Refused where nothing is asked of one of them this year.
    """
    owed, at = requirement(requirement_key), now()
    if owed.audience != "pupil" and reason_code not in REASONS:
        raise OddExtension(N_("Choose a reason from the list."), field="reason")
    year = current_school_year(by.district_id, at)
    cases = gather([(person.id, owed.id) for person in people], at)
    due = {}
    for person in people:
        due_at = _due_without(cases[person.id, owed.id], year, at)
        if due_at is None:
            raise Refused(N_("Nothing is asked of this person this school year."))
        due[person] = due_at
    made = _extend(
        due, until, year, by, audience=owed.audience, requirement_id=owed.id, reason_code=reason_code
    )
    reviews.mark_all(by.district_id, [each.person_id for each in made], [owed.id])
    return made


def extend_part(due: Mapping[Person, datetime], part: str, until: date, *, by: Person) -> list[Extension]:
    """One part, through this day, for pupils of a class with the dates it has without it.

    Whoever has as much time already keeps what they have. Raises OddExtension, TwoPeople.
    """
    return _extend(due, until, current_school_year(by.district_id), by, audience="pupil", part=part)


def take_back(extension: Extension, actor: Actor) -> None:
    """From now on the date that was there before is due again. Raises Refused where it is over already."""
    if not _end(actor, Extension.id == extension.id):
        raise Refused(N_("This was taken back already, or another date took its place."))
    db.refresh(extension)
    record(extension.district_id, actor, "extension_taken_back", f"extension:{extension.public_id}")
    if extension.requirement_id is not None:
        reviews.mark(extension.district_id, extension.person_id, [extension.requirement_id])


def extension(district_id: int, public_id: str) -> Extension:
    """Raises NotFound."""
    found = None
    if public_id.isprintable():  # PostgreSQL refuses to compare with a NUL
        found = db.scalars(
            sa.select(Extension).filter_by(district_id=district_id, public_id=public_id)
        ).one_or_none()
    if found is None:
        raise NotFound(N_("There is no such extension here."))
    return found


def extensions_of(person: Person) -> list[Extension]:
    """Of whole requirements, all there ever were, newest first. For HR: the rows say why."""
    return list(
        db.scalars(
            sa.select(Extension)
            .filter_by(person_id=person.id, district_id=person.district_id, part="")
            .order_by(Extension.id.desc())
        )
    )


def on_offer(people: Sequence[Person], requirement_key: str) -> dict[Person, tuple[datetime, date]]:
    """{person: (when it is due for them without an extension, the last day they may be given)}, as things are now.

    Without those of whom nothing is asked this year, and those who can not be given any later day.
    """
    found, at = {}, now()
    owed = db.scalars(sa.select(Requirement).filter_by(key=requirement_key)).one_or_none()
    if owed is None or not people:
        return {}
    district = db.get_one(District, people[0].district_id)
    year, rules = current_school_year(district.id, at), _rules(people, owed.audience, at)
    cases = gather([(person.id, owed.id) for person in people], at)
    for person in people:
        due_at = _due_without(cases[person.id, owed.id], year, at)
        if due_at is None:
            continue
        last = _latest_day(due_at, year, district.timezone, rules[person])
        if day_after(last, district.timezone) > max(due_at, at):
            found[person] = due_at, last
    return found


def _latest_day(due_at: datetime, year: SchoolYear, timezone: str, rules: Rules) -> date:
    """The last day through which more time may be given now."""
    bound = latest_extension(due_at, year_ends_at=year.ends_at, at=now(), timezone=timezone, rules=rules)
    return last_day_before(bound, timezone)


def _due_without(case: Case, year: SchoolYear, at: datetime) -> datetime | None:
    """When it is due for them without any extension: by their assignment, days they were given again, or a revision.

    None where nothing is asked of them this year.
    """
    asked = [each for each in case.facts.asked if each.period == year.name]
    if not case.facts.belongs or not asked:
        return None
    state = state_at(replace(case.facts, extended=()), at)
    return state.due_at if state.due_at is not None and state.period == year.name else asked[-1].due_at


def _extend(
    due: Mapping[Person, datetime],
    until: date,
    year: SchoolYear,
    by: Person,
    *,
    audience: str,
    **what: object,
) -> list[Extension]:
    timezone = db.scalars(sa.select(District.timezone).filter_by(id=by.district_id)).one()
    rules = _rules(due, audience, now())
    later = {}
    for person, due_at in sorted(due.items(), key=_by_id):
        _may_give(person, by)
        last = _latest_day(due_at, year, timezone, rules[person])
        if until > last:
            raise OddExtension(
                N_("The latest day you may give is %(day)s.", day=written_date(last)), field="until"
            )
        dates = extended(until, year_ends_at=year.ends_at, timezone=timezone, rules=rules[person])
        if dates.due_at <= now():
            raise OddExtension(N_("This day is over."), field="until")
        if due_at < dates.due_at:
            later[person] = dates
    if due and not later:
        raise OddExtension(N_("It is not later than the date there is."), field="until")
    return [_give(person, dates, year, by, what) for person, dates in later.items()]


def _rules(people: Collection[Person], audience: str, at: datetime) -> dict[Person, Rules]:
    """As their buildings or their district have it."""
    said = said_by(next(iter(people)).district_id, audience) if people else Said(defaults_of(audience))
    places = buildings_of([person.id for person in people], at) if said.buildings else {}
    return {person: said.at(places.get(person.id, ())) for person in people}


def _give(
    person: Person, dates: Deadline, year: SchoolYear, by: Person, what: Mapping[str, object]
) -> Extension:
    actor = Actor.person(by.public_id)
    _end(
        actor,
        Extension.person_id == person.id,
        Extension.school_year_id == year.id,
        *(getattr(Extension, name) == what[name] for name in ("requirement_id", "part") if name in what),
    )
    made: Extension | None = db.scalars(
        insert_for(Extension)
        .values(
            district_id=person.district_id,
            person_id=person.id,
            school_year_id=year.id,
            due_at=dates.due_at,
            grace_until=dates.grace_until,
            given_by=by.id,
            **what,
        )
        .on_conflict_do_nothing()
        .returning(Extension)
    ).one_or_none()
    if made is None:
        raise Refused(N_("Somebody else gave them a date just now. Look at it first."))
    owed = db.get(Requirement, made.requirement_id) if made.requirement_id else None
    record(
        person.district_id, actor, "extension_given", f"person:{person.public_id}", extension=made.public_id,
        of=owed.key if owed else made.part, due_at=dates.due_at.isoformat(), reason_code=made.reason_code,
    )  # fmt: skip
    return made


def _end(actor: Actor, *which: sa.ColumnElement[bool]) -> bool:
    """Whether there was one in force."""
    ended = db.execute(
        sa.update(Extension)
        .where(*which, Extension.ended_at.is_(None))
        .values(ended_at=now(), ended_by=actor.name)
        .returning(Extension.id)
    )
    return ended.first() is not None


def _may_give(person: Person, by: Person) -> None:
    if by.id == person.id:
        raise TwoPeople(N_("Nobody decides about their own record."))
    if by.district_id != person.district_id:
        raise OddExtension(N_("This person is not of your district."), field="person")


def _by_id(item: tuple[Person, datetime]) -> int:
    return item[0].id
