"""Through an LMS that does not speak for staff: what a forger can not earn, and what a real teacher does not lose."""

import pytest
import sqlalchemy as sa

from access.models import Standing
from completion.models import Evidence
from core.database import db
from lti_tool.registering import let_speak_for_staff
from people.audit import COMMAND
from people.models import Person
from tests.completion.test_agreement import publish, sign
from tests.lms import School
from tests.rosters.files import DOMAIN, Rolls, pupil, staff_csv, staff_row, staff_rows
from tests.rosters.test_assignments import work
from tests.rosters.test_unmatched import link

E1 = {"lis": {"person_sourcedid": "E1"}, "email": f"staff.1@{DOMAIN}"}


@pytest.fixture
def theirs(curriculum, school: School) -> School:
    """A teacher's own LMS, that IT let register."""
    publish("2026.9", change="editorial")
    let_speak_for_staff(db.merge(school.platform), False, COMMAND)
    db.commit()
    return school


def standing_of(person: Person) -> str:
    work()
    return db.scalars(sa.select(Standing.state).filter_by(person_id=person.id)).one()


def shown_by(person: Person) -> list[str]:
    db.remove()
    return list(db.scalars(sa.select(Evidence.part).filter_by(person_id=person.id)))


@pytest.mark.parametrize("when", ["before", "between", "after"])
def test_nobody_earns_a_standing_under_anothers_number(theirs, take, known, tmp_path, when):
    """Whenever the roster comes: before the forger, between a visit as a learner and one as a teacher, or after."""
    staff = staff_csv(tmp_path, staff_rows(3))
    if when == "before":
        take(staff)
    theirs.launch("cruz", "g4", roles=["Learner"], **E1)
    if when == "between":
        take(staff)
    forger = theirs.launch("cruz", "g4", **E1)
    assert sign(forger).status_code == 303
    if when == "after":
        take(staff)
    boss = known("sis", "E1")
    assert boss.id != forger.person.id and shown_by(boss) == []
    assert shown_by(forger.person) == ["attestation:rua"], "what was done is kept, and is nobody else's"
    assert standing_of(boss) == "assigned"


def test_a_teacher_who_really_is_one_is_linked_by_an_office_and_loses_nothing(
    theirs, take, known, officer, tmp_path
):
    take(staff_csv(tmp_path, staff_rows(3)))
    tab = theirs.launch("cruz", "g4", **E1)
    assert sign(tab).status_code == 303
    assert "is not linked yet" in tab.get("/completion/mine").text
    browser = officer("hr")
    assert tab.person.public_id in browser.get("/completion/unmatched").text
    said = browser.post(f"/completion/unmatched/{tab.person.public_id}/names").text
    assert "E1" in said and "does not speak for the district’s staff" in said
    assert link(browser, tab.person).status_code == 303
    e1 = known("sis", "E1")
    assert standing_of(e1) in ("complete", "expiring")
    assert theirs.launch("cruz", "g4", **E1).person.id == e1.id, "and stays linked"


def test_staff_hired_from_among_the_pupils_are_asked_who_they_are(theirs, take, known, tmp_path):
    """The roster turns a pupil into staff by the number it always had for them."""
    take(Rolls([pupil(7)]).write(tmp_path))
    ana = theirs.launch("ana", "g4", lis={"person_sourcedid": "200007"}).person
    assert ana.id == known("sis", "200007").id
    take(staff_csv(tmp_path, [staff_row(1, sis_id="200007")]))
    assert known("sis", "200007").audience == "staff"
    assert theirs.launch("ana", "g4", lis={"person_sourcedid": "200007"}).person.id != ana.id
