"""A district with schools, a roster, classes and work behind them; and people who hold its offices."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from access.models import Standing
from completion.models import Assignment, Progress, Requirement
from core.clock import now
from core.database import db
from lessons.models import CurriculumRelease
from oversight.keeping import last_counted, recount
from people import offices
from people.audit import COMMAND
from people.directory import link_identity
from people.models import Classroom, District, Enrollment, Person, SchoolYear
from people.roster_models import Building, RosterInterval
from people.school_years import ensure_school_year

LESSONS = {
    "g4": {
        "g4-same-me": ("Same Me, On Screen and Off", ["CIPA-OB"]),
        "g4-game-chat": ("Game Chat Choices", ["CIPA-SN", "CIPA-P2"]),
        "g4-four-ways": ("Four Ways to Step In", ["CIPA-CB", "CIPA-OB"]),
    },
    "k": {"k-kind-taps": ("Kind Taps", ["CIPA-CB", "CIPA-OB"])},
}


def publish_plan() -> None:
    """Two courses for pupils; the pages need only their names and tags."""
    courses = {
        course: {
            "title": f"Digital citizenship, {course}",
            "band": "3-5",
            "requirement": f"dc-{course}",
            "lessons": [
                {"id": each, "title": title, "minutes": 12, "hash": each, "cipa": cipa}
                for each, (title, cipa) in lessons.items()
            ],
        }
        for course, lessons in LESSONS.items()
    }
    db.add(CurriculumRelease(content_hash="plan", courses=courses))
    db.commit()


class Town:
    """One district. Every maker commits, so that a request sees it."""

    def __init__(self, district: District) -> None:
        self.district = district
        self.year: SchoolYear = ensure_school_year(district)
        self._seq = 0
        db.commit()

    def building(self, key: str, name: str | None = None) -> Building:
        made = Building(district_id=self.district.id, key=key, name=name or key.title())
        return self._kept(made)

    def person(
        self, audience: str, building: Building | None = None, *, rostered: bool = True, **more: Any
    ) -> Person:
        """`more`: grade, job, starts_at, ends_at, and ids such as sis="100001"."""
        ids = {scheme: more.pop(scheme) for scheme in ("sis", "email", "username") if scheme in more}
        person = self._kept(Person(district_id=self.district.id, audience=audience))
        if rostered:
            self.placed(person, building, audience=audience, **more)
        for scheme, value in ids.items():
            link_identity(person, scheme=scheme, value=value, source="roster")
        db.commit()
        return person

    def placed(self, person: Person, building: Building | None, **more: Any) -> None:
        values: dict[str, Any] = {
            "audience": "pupil",
            "starts_at": now() - timedelta(days=30),
            "source": "page",
            **more,
        }
        self._kept(
            RosterInterval(
                district_id=self.district.id,
                person_id=person.id,
                building_id=building.id if building else None,
                **values,
            )
        )

    def classroom(self, title: str, *pupils: Person) -> Classroom:
        made = self._kept(Classroom(district_id=self.district.id, title=title))
        for pupil in pupils:
            self._kept(
                Enrollment(
                    district_id=self.district.id,
                    classroom_id=made.id,
                    person_id=pupil.id,
                    role="learner",
                )
            )
        return made

    def does(self, person: Person, *lessons: str, done: bool = True) -> None:
        for lesson in lessons:
            self._kept(
                Progress(
                    district_id=self.district.id,
                    person_id=person.id,
                    school_year_id=self.year.id,
                    part=f"lesson:{lesson}",
                    done_at=now() if done else None,
                )
            )

    def stands(self, person: Person, state: str, access: str = "allow", **more: Any) -> Standing:
        self._seq += 1
        values: dict[str, Any] = {
            "requirement": "rua" if person.audience == "staff" else "dc-g4",
            "audience": person.audience,
            "period": "2026-27",
            "reason": "returning",
            "would_be": access,
            "changed_at": now(),
            **more,
        }
        return self._kept(
            Standing(
                district_id=self.district.id,
                person_id=person.id,
                state=state,
                access=access,
                seq=self._seq,
                **values,
            )
        )

    def owes(self, person: Person, due_at: datetime, grace_until: datetime, requirement: str = "rua") -> None:
        """What the forecast looks at: the assignment itself, and that the clock will change the standing."""
        wanted = db.scalars(sa.select(Requirement).filter_by(key=requirement)).one_or_none()
        wanted = wanted or self._kept(
            Requirement(
                key=requirement, audience=person.audience, title="", alternatives=[["attestation:rua"]]
            )
        )
        self._kept(
            Assignment(
                district_id=self.district.id,
                person_id=person.id,
                requirement_id=wanted.id,
                school_year_id=self.year.id,
                assigned_at=now() - timedelta(days=30),
                due_at=due_at,
                grace_until=grace_until,
                basis="school_year",
            )
        )
        db.execute(
            sa.update(Standing)
            .where(Standing.person_id == person.id)
            .values(next_change_at=due_at if due_at > now() else grace_until)
        )
        db.commit()

    def officer(self, office: str, building: Building | None = None, **ids: Any) -> Person:
        person = self.person("staff", rostered=False, **ids)
        offices.give(person, office, COMMAND, building.id if building else None)
        db.commit()
        return person

    def count(self) -> None:
        """What the worker does every few minutes."""
        district_id = self.district.id
        db.remove()
        assert recount(district_id, last_counted(district_id))

    def _kept(self, row: Any) -> Any:
        db.add(row)
        db.commit()
        return row


def in_days(days: int) -> datetime:
    return now() + timedelta(days=days)
