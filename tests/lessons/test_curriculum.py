"""Publishing: refused with faults, whole without, and idle the second time."""

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from completion.models import PolicyEdition, Requirement
from core.database import db
from core.errors import Refused
from lessons import library
from lessons.curriculum import FaultyCurriculum, publish_folder
from lessons.models import CurriculumRelease, LessonVersion
from tests.lessons.sample import CURRICULUM

pytestmark = pytest.mark.usefixtures("no_curriculum")
TABLES = (LessonVersion, CurriculumRelease, Requirement, PolicyEdition)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real curriculum that a test may change: one course of pupils and the staff's, to be quick."""
    others = shutil.ignore_patterns("k", "g7", "g10")
    return Path(shutil.copytree(CURRICULUM, tmp_path / "curriculum", ignore=others))


def counts() -> list[int]:
    return [db.scalars(sa.select(sa.func.count()).select_from(table)).one() for table in TABLES]


def reword(file: Path, stands: str, planted: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert stands in text
    file.write_text(text.replace(stands, planted, 1), encoding="utf-8")


def requirement(key: str) -> Requirement:
    return db.scalars(sa.select(Requirement).filter_by(key=key)).one()


def test_the_grade_4_course_and_the_staff_course_are_published_with_their_requirements() -> None:
    published = publish_folder()
    assert {"g4", "ruc"} <= set(published.courses)
    course = library.course("g4")
    parts = [f"lesson:{ref.id}" for ref in course.lessons]
    assert len(parts) == 6 and course.requirement == "dc-g4" and course.band == "3-5"
    assert (requirement("dc-g4").audience, requirement("dc-g4").alternatives) == ("pupil", [parts])
    modules = [f"lesson:{ref.id}" for ref in library.course("ruc").lessons]
    assert requirement("rua").alternatives == [modules, ["attestation:rua"]]
    edition = db.scalars(sa.select(PolicyEdition).filter_by(key="rua")).one()
    assert edition.text.startswith("## ") and "{clauses" not in edition.text
    assert "{{district.name|" in edition.text


def test_publishing_the_same_again_changes_nothing_and_says_so() -> None:
    first = publish_folder()
    db.commit()
    before = counts()
    again = publish_folder()
    assert (first.new_release, again.new_release, again.new_lessons) == (True, False, ())
    assert again.content_hash == first.content_hash and counts() == before


def test_one_reworded_lesson_is_one_new_version_and_the_old_one_stays(folder: Path) -> None:
    publish_folder(folder)
    old = library.lesson("g4-same-me")
    old_id = library.version_id(old)
    lesson = folder / "lessons" / "g4" / "g4-same-me" / "lesson.md"
    reword(lesson, "version: 1.0.0", "version: 1.0.1")
    published = publish_folder(folder)
    assert (published.new_lessons, published.new_release) == (("g4-same-me",), True)
    assert library.lesson("g4-same-me").version == "1.0.1"
    assert library.lesson_by_version(old_id) == old


def test_going_back_to_an_earlier_curriculum_puts_it_in_force_again(folder: Path) -> None:
    first = publish_folder(folder)
    db.commit()
    reword(folder / "lessons/g4/g4-same-me/lesson.md", "version: 1.0.0", "version: 2.0.0")
    publish_folder(folder)
    db.commit()
    reword(folder / "lessons/g4/g4-same-me/lesson.md", "version: 2.0.0", "version: 1.0.0")
    back = publish_folder(folder)
    assert (back.content_hash, back.new_release, back.new_lessons) == (first.content_hash, True, ())
    assert library.lesson("g4-same-me").version == "1.0.0"


def test_a_faulty_curriculum_is_refused_whole(folder: Path) -> None:
    reword(folder / "lessons/g4/g4-same-me/lesson.md", "status: draft", "status: finished")
    with pytest.raises(FaultyCurriculum) as caught:
        publish_folder(folder)
    assert [finding.rule for finding in caught.value.findings] == ["F3"]
    assert counts() == [0, 0, 0, 0]


def test_a_lesson_of_the_plan_that_is_not_written_is_left_out(folder: Path) -> None:
    shutil.rmtree(folder / "lessons" / "g4" / "g4-same-me")
    publish_folder(folder)
    assert "g4-same-me" not in [ref.id for ref in library.course("g4").lessons]
    assert "lesson:g4-same-me" not in requirement("dc-g4").alternatives[0]


def test_without_an_agreement_staff_have_the_course_alone(folder: Path) -> None:
    shutil.rmtree(folder / "agreement")
    publish_folder(folder)
    assert requirement("rua").alternatives == [[f"lesson:{ref.id}" for ref in library.course("ruc").lessons]]


def test_an_agreement_reworded_under_its_old_version_is_refused(folder: Path) -> None:
    publish_folder(folder)
    db.commit()
    reword(
        folder / "agreement" / "rua.md",
        "keep student data confidential".capitalize(),
        "Keep all data confidential",
    )
    with pytest.raises(Refused, match="needs a new version"):
        publish_folder(folder)


def test_guests_sign_an_agreement_of_their_own(folder: Path) -> None:
    publish_folder(folder)
    assert (requirement("guest").audience, requirement("guest").alternatives) == (
        "guest",
        [["attestation:guest"]],
    )
    assert set(db.scalars(sa.select(PolicyEdition.key))) == {"rua", "guest"}


def test_the_staff_course_says_what_is_new_and_how_long_its_ways_take(folder: Path) -> None:
    publish_folder(folder)
    course = library.course("ruc")
    assert (course.check_minutes, course.signing_minutes) == (2.5, 8)
    assert course.whats_new is not None and course.whats_new.year == "2026-27"
    assert course.whats_new.changes[1].module == "ruc-4-student-data"
    assert library.course("g4").whats_new is None
    (folder / "staff" / "whats-new.md").unlink()
    assert publish_folder(folder).new_release
    assert library.course("ruc").whats_new is None


def test_a_release_from_before_there_was_news_is_still_read(folder: Path) -> None:
    publish_folder(folder)
    release = db.scalars(sa.select(CurriculumRelease)).one()
    old = {"title", "band", "requirement", "lessons"}
    release.courses = {
        key: {name: value for name, value in course.items() if name in old}
        for key, course in release.courses.items()
    }
    release.content_hash = "0" * 64
    db.flush()
    library.forget_release()
    assert library.course("ruc").whats_new is None and library.course("ruc").check_minutes == 0
