"""Class lists of an LMS that does not speak for the district's staff (docs/decisions/0040)."""

import pytest
import sqlalchemy as sa

from core.database import db, transaction
from lti_tool.memberships import sync_due
from lti_tool.models import Platform
from lti_tool.registrations import forget_platforms
from people.audit_models import AuditEntry
from people.claimed_models import ClaimedName
from people.models import Enrollment, Identity, Person, SignIn
from tests.lti_tool.certification.test_rosters_further import names, read_again, seats, trust_custom_ids
from tests.lti_tool.test_apart import on_rolls
from tests.lti_tool.test_identities import names_of


def speaks(yes: bool) -> None:
    with transaction():
        db.execute(sa.update(Platform).values(speaks_for_staff=yes))
    forget_platforms()


def person_behind(school, name: str) -> Person:
    db.remove()
    accounts = db.scalars(sa.select(Identity).filter_by(scheme="lti"))
    (found,) = [each.person_id for each in accounts if each.value == school.lms.user_id(name)]
    return db.get_one(Person, found)


def claimed() -> set[tuple[str, str]]:
    db.remove()
    return {tuple(row) for row in db.execute(sa.select(ClaimedName.value, ClaimedName.why))}


def test_a_class_list_seats_pupils_of_the_roster_and_makes_everybody_else_their_own(school, count_queries):
    """The teacher's number is another's, one pupil's is hers, and a third is a number of the staff."""
    speaks(False)
    boss = on_rolls(school.district, "staff", sis="100002")
    ana, ben = on_rolls(school.district, sis="200001"), on_rolls(school.district, "staff", sis="200002")
    school.launch("cruz", "g4-same-me")
    assert sync_due() == 1
    assert person_behind(school, "ana").id == ana.id
    assert person_behind(school, "cruz").id != boss.id and person_behind(school, "cruz").audience == "staff"
    assert person_behind(school, "ben").id != ben.id
    assert names("sis") == {"100002", "200001", "200002"}, "those of the roster, and none besides"
    assert len(seats()) == 26, "and everybody has a seat"
    assert {"100002", "200002", "200003"} <= {value for value, _ in claimed()}
    assert "200001" not in {value for value, _ in claimed()} and {why for _, why in claimed()} == {
        "unvouched"
    }
    told = db.scalars(
        sa.select(AuditEntry).filter_by(action="name_not_believed").order_by(AuditEntry.seq)
    ).all()
    assert [(each.subject[:8], each.detail["names"]) for each in told] == [("person:p", 1), ("platform", 1)]

    before = db.query(Person).count(), claimed()
    with count_queries() as statements:
        read_again()
    assert (db.query(Person).count(), claimed()) == before, "the same list again is nothing new"
    assert len([each for each in statements if each.startswith("INSERT")]) == 0


@pytest.mark.parametrize("school", ["canvas"], indirect=True)
def test_nor_by_custom_names_of_a_links_list(school):
    trust_custom_ids(school)
    speaks(False)
    boss = on_rolls(school.district, "staff", username=school.lms.world.people["ben"].username)
    ana = on_rolls(school.district, username=school.lms.world.people["ana"].username)
    school.launch("cruz", "g4-same-me")
    sync_due()
    assert person_behind(school, "ana").id == ana.id and names_of(ana).keys() == {"username"}
    assert person_behind(school, "ben").id != boss.id
    assert names("sis") == set()


def test_an_account_that_led_to_staff_is_set_apart_by_the_list_too(school):
    """From before IT said that this LMS does not speak for staff."""
    boss = on_rolls(school.district, "staff", sis="100002")
    school.launch("cruz", "g4-same-me")
    assert sync_due() == 1
    assert person_behind(school, "cruz").id == boss.id
    ana = school.launch("ana", "g4-same-me").person
    speaks(False)
    read_again()
    own = person_behind(school, "cruz")
    assert own.id != boss.id and names_of(own) == {}
    assert person_behind(school, "ana").id == ana.id, "who is a pupil keeps their place"
    left = db.scalars(sa.select(Enrollment.left_at).filter_by(person_id=boss.id)).one()
    assert left is not None, "and sits in this class no more"


def test_a_parents_launch_leads_to_nobody_of_the_staff(school):
    """What a launch names besides the one who opened it is believed no further than they are."""
    boss = on_rolls(school.district, "staff", sis="100002")
    school.launch("cruz", "g4-same-me")
    school.launch("ana", "g4-same-me")
    speaks(False)
    watched = [school.lms.user_id("cruz"), school.lms.user_id("ana")]
    tab = school.launch("parent", "g4-same-me", mentor=watched)
    opened = db.scalars(sa.select(SignIn).filter_by(key=tab.visit)).one()
    assert opened.about == [person_behind(school, "ana").id] and boss.id not in opened.about
