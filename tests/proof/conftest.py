"""A district with two schools, pupils who were taught alone and together, staff who signed, and a pack of it."""

import csv
import io
import json
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine

from completion import attestations, group, policy_texts, requirements
from completion.models import Evidence
from completion.signing import signed_rows
from core.clock import now
from core.database import db
from lessons import library
from people.audit import COMMAND
from people.directory import link_identity
from people.models import Classroom, District, Person, SchoolYear
from people.roster_models import Building, RosterInterval
from people.school_years import ensure_school_year
from proof import making
from teaching.models import GroupSession

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
SEPTEMBER = datetime(2026, 9, 2, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_november():
    with time_machine.travel(NOW, tick=False):
        yield


class Place:
    """A district to put people into; ids and not rows, since each step has its own transaction."""

    def __init__(self, slug: str = "evergreen") -> None:
        found = db.scalars(sa.select(District).filter_by(slug=slug)).one_or_none()
        if found is None:
            found = District(slug=slug, name=slug.title(), timezone="America/Los_Angeles", email_domains=[])
            db.add(found)
            db.flush()
        self.district_id, self.year_id = found.id, ensure_school_year(found).id
        self.slug = slug
        db.commit()
        db.remove()

    @property
    def district(self) -> District:
        return db.get_one(District, self.district_id)

    @property
    def year(self) -> SchoolYear:
        return db.get_one(SchoolYear, self.year_id)

    def school(self, key: str, name: str | None = None) -> int:
        made = Building(district_id=self.district_id, key=key, name=name or f"{key} School")
        db.add(made)
        db.commit()
        return made.id

    def person(
        self,
        audience: str,
        building: int | None,
        *,
        grade=None,
        job=None,
        sis=None,
        since=SEPTEMBER,
        until=None,
    ):
        made = Person(district_id=self.district_id, audience=audience)
        db.add(made)
        db.flush()
        if sis:
            link_identity(made, scheme="sis", value=sis, source="test")
        db.add(
            RosterInterval(
                district_id=self.district_id, person_id=made.id, building_id=building, audience=audience, grade=grade,
                job=job, starts_at=since, ends_at=until, source="test",
            )
        )  # fmt: skip
        db.flush()
        return made

    def pupil(self, building: int | None, grade: str = "g4", **options) -> Person:
        return self.person("pupil", building, grade=grade, **options)

    def take(self, person: Person, *lessons: str) -> None:
        self._take([person], lessons)

    def take_all(self, *people: Person, course: str = "g4") -> None:
        self._take(people, [ref.id for ref in library.course(course).lessons])

    def _take(self, people, lessons) -> None:
        """As the ledger writes it, in one statement: each by themselves."""
        rows = [
            {
                "district_id": self.district_id, "person_id": person.id, "school_year_id": self.year_id,
                "part": f"lesson:{each}", "kind": "course", "version": library.lesson(each).content_hash,
                "shown_at": now(), "source": "attempt 1",
            }
            for person in people
            for each in lessons
        ]  # fmt: skip
        db.execute(sa.insert(Evidence), signed_rows(rows, self.year))
        db.commit()

    def together(self, leader: Person, pupils: list[Person], lesson_id: str) -> GroupSession:
        lesson = library.lesson(lesson_id)
        classroom = Classroom(district_id=self.district_id, title="Room 12")
        db.add(classroom)
        db.flush()
        made = GroupSession(
            district_id=self.district_id, public_id=f"session-{lesson_id}", classroom_id=classroom.id,
            school_year_id=self.year_id, lesson_id=lesson_id, version_id=library.version_id(lesson),
            led_by=leader.id, held_on=date(2026, 11, 24),
        )  # fmt: skip
        db.add(made)
        db.flush()
        group.record_group(
            [each.id for each in pupils],
            lesson.part,
            self.year,
            version=lesson.content_hash,
            source=made.source,
        )
        db.commit()
        return made

    def sign(self, person: Person) -> None:
        person = db.merge(person)
        if not policy_texts.editions_of():
            policy_texts.publish_policy_text(
                "rua", "2026.1", "en", "## Rules\n\nAsk.", title="Rules", intent="Yes."
            )
        requirements.assign(person, "rua", self.year)
        shown = policy_texts.current_text(self.district)
        attestations.sign(
            person, shown, signer=person.public_id, text_sha256=shown.sha256, agreed=True, typed_name="Dee Example",
            provenance={}, year=self.year,
        )  # fmt: skip
        db.commit()

    def pack(self, *, deidentified: bool = False) -> "Opened":
        db.commit()
        db.remove()
        out = io.BytesIO()
        made = making.make(out, self.district_id, self.year_id, deidentified=deidentified, by=COMMAND)
        return Opened(out.getvalue(), made)


class Opened:
    """A pack as a reader sees it."""

    def __init__(self, data: bytes, made: making.Made | None = None) -> None:
        self.data, self.made = data, made
        self.zip = zipfile.ZipFile(io.BytesIO(data))

    def names(self) -> list[str]:
        return self.zip.namelist()

    def text(self, name: str) -> str:
        data = self.zip.read(name)
        return pdf_text(data) if name.endswith(".pdf") else data.decode("utf-8-sig")

    def rows(self, name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.text(name))))

    @property
    def manifest(self):
        return json.loads(self.zip.read("manifest.json"))


def pdf_text(data: bytes) -> str:
    """All of a PDF that is not compressed, what it says of itself too: each paragraph stands as `(words) Tj`."""
    whole = data.decode("latin-1").replace(") Tj T* (", " ").replace(") Tj (", "")
    letters = re.sub(r"\\(\d{3})", lambda found: chr(int(found[1], 8)), whole)
    return re.sub(r"\\([()\\])", r"\1", letters)


@pytest.fixture
def place(curriculum, district) -> Place:
    return Place()


@pytest.fixture
def dee(place) -> Person:
    return place.person("staff", place.school("a-office", "The Office"), job="office", sis="100001")


@pytest.fixture
def lived_in(place, dee):
    """Two schools: 30 fourth graders in North, 28 of them taught all; 12 in South, all taught by their teacher."""
    north, south = place.school("north"), place.school("south")
    place.north = [place.pupil(north, sis=f"n{number:02d}") for number in range(30)]
    place.south = [place.pupil(south, sis=f"s{number:02d}") for number in range(12)]
    place.take_all(*place.north[:28])
    place.session = place.together(dee, place.south, library.course("g4").lessons[0].id)
    place.sign(dee)
    db.remove()
    return place


@pytest.fixture
def packed_file(lived_in, tmp_path) -> Path:
    path = tmp_path / "pack.zip"
    path.write_bytes(lived_in.pack().data)
    return path


def later(**delta: float):
    """Another moment than NOW."""
    return time_machine.travel(NOW + timedelta(**delta), tick=False)
