"""The ladder from a launch to a person of the roster, and what a course editor can not make us believe."""

import pytest
import sqlalchemy as sa

from core.database import db
from lti_tool.models import Platform
from lti_tool.registrations import forget_platforms
from people.audit_models import AuditEntry
from people.claimed_models import ClaimedName
from people.directory import identities_of
from people.models import Person
from practice_lms import ABSENT
from tests.lti_tool.suite import Suite
from tests.lti_tool.test_identities import known, person_of

FORGED = pytest.mark.parametrize(
    "custom", [{"sis_id": "100002"}, {"sourcedid": "100002"}, {"username": "cruz"}]
)


@pytest.fixture
def trusted(suite: Suite) -> Suite:
    """The district lets custom parameters of this platform name people."""
    db.query(Platform).one().custom_ids_trusted = True
    db.commit()
    forget_platforms()
    return suite


def claims() -> list[tuple[str, str, str]]:
    db.remove()
    return [
        tuple(row) for row in db.execute(sa.select(ClaimedName.scheme, ClaimedName.value, ClaimedName.why))
    ]


def alerts() -> list[tuple[str, str]]:
    db.remove()
    rows = db.scalars(sa.select(AuditEntry).filter_by(action="name_not_believed").order_by(AuditEntry.seq))
    return [(row.detail["scheme"], row.detail["why"]) for row in rows]


def staff(district, **names: str) -> Person:
    return known(district, "staff", **(names or {"sis": "100002", "username": "cruz"}))


@FORGED
def test_a_link_that_a_course_editor_wrote_makes_no_pupil_a_teacher(trusted, district, custom):
    cruz = staff(district)
    forger = person_of(trusted, "ben", lis=ABSENT, custom=custom)
    assert forger.id != cruz.id and forger.audience == "pupil"
    assert [each[2] for each in claims()] == ["custom"]
    assert alerts() == [(claims()[0][0], "custom")]


@FORGED
def test_nor_a_teacher_another_teacher(trusted, district, custom):
    cruz = staff(district)
    assert person_of(trusted, "dee", lis=ABSENT, email=ABSENT, custom=custom).id != cruz.id


@FORGED
def test_it_counts_where_the_platforms_own_word_leads_to_the_same_person(trusted, district, custom):
    cruz = staff(district, sis="100002", username="cruz", email="cruz@evergreen.example")
    launched = person_of(trusted, "cruz", lis=ABSENT, email="cruz@evergreen.example", custom=custom)
    assert launched.id == cruz.id and claims() == []


@FORGED
def test_it_counts_for_nobody_where_the_platform_says_another(trusted, district, custom):
    cruz, dee = staff(district), known(district, "staff", email="dee@evergreen.example")
    launched = person_of(trusted, "dee", lis=ABSENT, email="dee@evergreen.example", custom=custom)
    assert launched.id == dee.id and cruz.id != dee.id
    assert [each[2] for each in claims()] == ["custom"], "and the other's name is not taken up"


def test_a_name_nobody_has_yet_is_taken_up_as_what_it_is(trusted, district):
    person = person_of(trusted, "ben", lis=ABSENT, custom={"sis_id": "777"})
    assert identities_of([person.id], ["sis"])[person.id] == {"sis": "777"}
    assert db.execute(sa.text("SELECT source FROM identity WHERE scheme = 'sis'")).scalar_one() == "custom"


def test_the_key_of_the_roster_is_as_good_as_its_number(suite, district):
    """Canvas is often filled from OneRoster with sourcedIds for SIS ids."""
    ana = known(district, "pupil", oneroster="u-7", sis="200001")
    assert person_of(suite, "ana", lis={"person_sourcedid": "u-7"}).id == ana.id
    assert person_of(suite, "ana", lis={"person_sourcedid": "u-7"}).id == ana.id
    assert claims() == [], "and is no other name of theirs"
    assert identities_of([ana.id], ["sis"])[ana.id] == {"sis": "200001"}


def test_a_name_that_changes_is_told_once_and_never_followed(suite, district):
    first = person_of(suite, "ana", lis={"person_sourcedid": "1"})
    victim = known(district, "pupil", sis="2")
    for _ in range(3):
        assert person_of(suite, "ana", lis={"person_sourcedid": "2"}).id == first.id != victim.id
    assert alerts() == [("sis", "changed")]
    assert claims() == [("sis", "2", "changed")]


def test_a_name_of_somebody_else_is_told_and_not_taken(suite, district):
    first = person_of(suite, "cruz", lis=ABSENT)
    known(district, "staff", sis="100002")
    assert person_of(suite, "cruz", lis={"person_sourcedid": "100002"}).id == first.id
    assert alerts() == [("sis", "taken")]


def test_names_that_disagree_are_kept_for_whoever_sorts_it_out(suite, district):
    known(district, "staff", sis="1")
    known(district, "staff", email="two@evergreen.example")
    person_of(suite, "cruz", lis={"person_sourcedid": "1"}, email="two@evergreen.example")
    assert sorted(claims()) == [("email", "two@evergreen.example", "taken"), ("sis", "1", "taken")]


def test_a_claim_is_sealed(suite, district):
    known(district, "staff", sis="100002")
    person_of(suite, "cruz", lis=ABSENT)
    person_of(suite, "cruz", lis={"person_sourcedid": "100002"})
    assert "100002" not in str(db.execute(sa.text("SELECT * FROM claimed_name")).all())


def test_a_launch_like_yesterdays_asks_nothing_more(suite, district, count_queries):
    """Roster people have a name more than launches say; that is nothing to be learnt."""
    known(district, "pupil", oneroster="u-7", sis="200001", username="ana.r")
    person_of(suite, "ana")
    with count_queries() as statements:
        person_of(suite, "ana")
    assert not [each for each in statements if "FROM identity" in each and "claimed" in each]
    assert len([each for each in statements if each.startswith("SELECT identity")]) == 0


def test_a_launch_like_yesterdays_asks_one_question_and_writes_three_rows(suite, count_queries):
    """Nonce, sign-in and launch; what kind of LMS it is was learnt from the first."""
    person_of(suite, "ana")
    person_of(suite, "ana")
    form = suite.form(suite.begin(browser := suite.browser()))
    with count_queries() as statements:
        suite.accepts(suite.post(browser, form))
    launched = [each for each in statements if "sign_in.key" not in each]
    assert len(launched) <= 6
