"""An LMS that does not speak for the staff: whom it may name, and what its word can not do (docs/decisions/0040)."""

import pytest
import sqlalchemy as sa

from core.clock import now
from core.database import db
from lti_tool.models import Platform
from lti_tool.registrations import forget_platforms
from people.audit import Actor
from people.audit_models import AuditEntry
from people.claimed_models import ClaimedName
from people.directory import find_by_identity
from people.merge_models import Merge
from people.merging import merge, undo
from people.models import Enrollment, Identity, Person
from people.roster_models import RosterInterval
from practice_lms import ABSENT
from tests.lti_tool.suite import Suite
from tests.lti_tool.test_identities import known, names_of, person_of

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person"
TEACHES = [f"{MEMBERSHIP}#Instructor"]
LEARNS = [f"{MEMBERSHIP}#Learner", f"{INSTITUTION}#Student"]


def speaks(yes: bool) -> None:
    db.query(Platform).one().speaks_for_staff = yes
    db.commit()
    forget_platforms()


@pytest.fixture
def apart(suite: Suite) -> Suite:
    """A teacher's own Moodle, say. Its custom parameters are trusted, which helps it nothing."""
    db.query(Platform).one().custom_ids_trusted = True
    speaks(False)
    return suite


def on_rolls(district, audience: str = "pupil", **names: str) -> Person:
    """Somebody the district's own roster knows by these names."""
    person = known(district, audience, **names)
    db.add(
        RosterInterval(
            district_id=district.id,
            person_id=person.id,
            audience=audience,
            starts_at=now(),
            source="oneroster",
        )
    )
    db.commit()
    return person


def claims() -> list[tuple[str, str, str]]:
    db.remove()
    rows = db.execute(sa.select(ClaimedName.scheme, ClaimedName.value, ClaimedName.why))
    return sorted(tuple(row) for row in rows)


def logged(action: str) -> list[str]:
    db.remove()
    wanted = sa.select(AuditEntry.subject).filter_by(action=action).order_by(AuditEntry.seq)
    return list(db.scalars(wanted))


def test_whoever_is_on_the_staff_is_named_by_no_number_address_key_or_user_name(apart, district):
    """Whatever the launch calls itself: each is another account, and each gets a record of its own."""
    boss = on_rolls(
        district, "staff", sis="E1", oneroster="k-1", email="boss@evergreen.example", username="boss"
    )
    forgeries = (
        {"lis": {"person_sourcedid": "E1"}},
        {"lis": {"person_sourcedid": "k-1"}},
        {"lis": ABSENT, "email": "boss@evergreen.example"},
        {"lis": {"person_sourcedid": "E1"}, "email": "boss@evergreen.example"},
        {"lis": ABSENT, "custom": {"sis_id": "E1"}},
        {"lis": ABSENT, "custom": {"username": "boss"}},
    )
    for roles in (TEACHES, LEARNS, [f"{MEMBERSHIP}#Learner"], [f"{INSTITUTION}#Administrator"]):
        for number, said in enumerate(forgeries):
            forged = person_of(apart, "cruz", sub=f"{roles[0][-9:]}{number}", roles=roles, **said)
            assert forged.id != boss.id and names_of(forged) == {}, (roles, said)
    db.remove()
    assert db.query(Identity).filter_by(person_id=boss.id).count() == 4, "nobody's account came to theirs"
    assert {why for _, _, why in claims()} == {"unvouched"}
    assert ("sis", "E1", "unvouched") in claims() and (
        "email",
        "boss@evergreen.example",
        "unvouched",
    ) in claims()
    assert logged("name_not_believed"), "the district is told that somebody else's name was said"


def test_a_pupil_of_the_roster_is_recognised_and_stays_a_pupil(apart, district):
    ana = on_rolls(district, sis="200001", oneroster="u-1")
    assert person_of(apart, "ana", sub="number").id == ana.id
    assert person_of(apart, "ana", sub="key", lis={"person_sourcedid": "u-1"}).id == ana.id
    assert person_of(apart, "ana", sub="moodle", roles=["Learner"]).id == ana.id, "no word of being a pupil"
    for sub in ("number", "key"):
        again = person_of(apart, "ana", sub=sub, roles=TEACHES, email="boss@evergreen.example")
        assert (again.id, again.audience) == (ana.id, "pupil"), "the next launch calls them a teacher"
    assert names_of(ana) == {"sis": "200001"}, "and no address is learnt"


@pytest.mark.parametrize(
    "said",
    [
        {"roles": TEACHES},
        {"roles": [f"{INSTITUTION}#Guest"]},
        {"lis": {"person_sourcedid": "seen"}},
        {"custom": {"username": "boss"}},
        {"custom": {"username": "ben"}},
    ],
    ids=["as a teacher", "as a guest", "whom no roster knows", "and staff", "and another pupil"],
)
def test_nobody_is_recognised_as_a_pupil_by_half(apart, district, said):
    on_rolls(district, sis="200001")
    on_rolls(district, sis="200002", username="ben")
    on_rolls(district, "staff", username="boss")
    known(district, "pupil", sis="seen")
    before = {each.id for each in db.query(Person)}
    assert person_of(apart, "ana", **said).id not in before


def test_a_number_that_nobody_has_yet_is_kept_for_nobody(apart, district):
    """First as a learner, then as a teacher; then the roster says whose the number is."""
    first = person_of(apart, "cruz", roles=["Learner"], lis={"person_sourcedid": "E1"})
    second = person_of(apart, "cruz", roles=TEACHES, lis={"person_sourcedid": "E1"})
    assert first.id == second.id and second.audience == "staff" and names_of(second) == {}
    boss = on_rolls(district, "staff", sis="E1")
    third = person_of(apart, "cruz", roles=TEACHES, lis={"person_sourcedid": "E1"})
    assert third.id == first.id != boss.id and names_of(third) == {}
    assert ("sis", "E1", "unvouched") in claims()


def test_nor_for_a_pupil_whom_the_roster_makes_staff_by_it(apart, district):
    """A pupil's account says a second name that is free now, and somebody of the staff is hired under it."""
    ana = on_rolls(district, username="ana.r")
    forged = {"custom": {"username": "ana.r"}, "lis": {"person_sourcedid": "E1"}}
    assert person_of(apart, "ana", **forged).id == ana.id
    assert names_of(ana) == {"username": "ana.r"} and find_by_identity(district.id, "sis", "E1") is None


def test_the_account_of_a_pupil_who_joins_the_staff_is_theirs_no_more(apart, district):
    """The LMS signs its subjects as it signs its numbers, so a subject is no better a proof."""
    ana = on_rolls(district, sis="200001")
    assert person_of(apart, "ana").id == ana.id
    db.get_one(Person, ana.id).audience = "staff"
    db.commit()
    own = person_of(apart, "ana")
    assert own.id != ana.id and names_of(own) == {} and names_of(ana) == {"sis": "200001"}
    assert person_of(apart, "ana", roles=TEACHES).id == own.id, "and it stays apart"
    assert logged("account_set_apart") == [f"person:{ana.public_id}"]
    seats = {seat.person_id for seat in db.query(Enrollment)}
    assert seats == {ana.id, own.id}, "each has a seat of their own"


def test_so_is_that_of_staff_when_it_stops_speaking_for_them(suite, district):
    boss = on_rolls(district, "staff", sis="100002")
    assert person_of(suite, "cruz").id == boss.id
    speaks(False)
    own = person_of(suite, "cruz")
    assert (own.id == boss.id, own.audience) == (False, "staff")


def test_so_is_one_that_waits_under_a_number_for_whom_it_may_be(suite, district):
    """Said by a learner while the LMS was believed; whoever is hired under it later is somebody else than they."""
    waiting = person_of(suite, "cruz", roles=["Learner"], lis={"person_sourcedid": "E1"})
    assert (waiting.audience, names_of(waiting)) == ("unknown", {"sis": "E1"})
    speaks(False)
    assert person_of(suite, "cruz", roles=["Learner"], lis={"person_sourcedid": "E1"}).id != waiting.id


@pytest.mark.parametrize("roles", [TEACHES, LEARNS])
def test_a_link_made_by_hand_stands(apart, district, roles):
    boss = on_rolls(district, "staff", sis="E1")
    waiting = person_of(apart, "cruz", roles=roles)
    made = merge(db.get_one(Person, boss.id), waiting, Actor("person:office"))
    db.commit()
    assert person_of(apart, "cruz", roles=roles).id == boss.id
    assert names_of(boss) == {"sis": "E1"}, "and still nothing is learnt from it"
    undo(db.get_one(Merge, made.id), Actor("person:office"))
    db.commit()
    assert person_of(apart, "cruz", roles=roles).id == waiting.id, "until it is taken back"


def test_once_it_speaks_for_staff_everybody_is_recognised_at_their_next_launch(apart, district):
    boss = on_rolls(district, "staff", sis="100002")
    waiting = person_of(apart, "cruz")
    unknown = {"lis": {"person_sourcedid": "E9"}, "email": ABSENT}
    stranger = person_of(apart, "dee", **unknown)
    speaks(True)
    assert person_of(apart, "cruz").id == boss.id
    assert person_of(apart, "dee", **unknown).id == stranger.id
    assert names_of(stranger) == {"sis": "E9"}, "whom nobody knew is known by what it says"
    assert claims() == []
    made = db.scalars(sa.select(Merge)).one()
    assert (made.kept_id, made.gone_id, made.by[:9]) == (boss.id, waiting.id, "platform:")
    speaks(False)
    assert person_of(apart, "cruz").id not in (boss.id, waiting.id), "no office has linked it"


def test_what_an_office_took_back_is_not_linked_again(apart, district):
    on_rolls(district, "staff", sis="100002")
    waiting = person_of(apart, "cruz")
    speaks(True)
    person_of(apart, "cruz")
    undo(db.scalars(sa.select(Merge)).one(), Actor("person:office"))
    db.commit()
    for _ in range(2):
        assert person_of(apart, "cruz").id == waiting.id
    assert names_of(waiting) == {}


def test_who_looks_after_it_is_a_teacher_here(apart):
    """The set-up pages are where an LMS is made to speak for staff."""
    opened = apart.accepts(apart.launch("admin", "g4"))
    assert opened.role == "teacher"
    speaks(True)
    assert apart.accepts(apart.launch("admin", "g4")).role == "administrator"


@pytest.mark.parametrize("who", ["ana", "cruz"])
def test_a_launch_like_yesterdays_costs_what_it_costs_elsewhere(apart, district, count_queries, who):
    """A pupil who is recognised, and a teacher whose names are claims."""
    on_rolls(district, sis="200001")
    for _ in range(2):
        person_of(apart, who)
    form = apart.form(apart.begin(browser := apart.browser(), who), who)
    with count_queries() as statements:
        apart.accepts(apart.post(browser, form))
    launched = [each for each in statements if "sign_in.key" not in each]
    assert len(launched) <= 6, launched


def test_launches_at_once_set_an_account_apart_once(suite, district):
    boss = on_rolls(district, "staff", sis="100002")
    person_of(suite, "cruz")
    speaks(False)
    browsers = [suite.browser() for _ in range(4)]
    forms = [suite.form(suite.begin(browser, "cruz"), "cruz") for browser in browsers]
    assert suite.post_at_once(*zip(browsers, forms, strict=True)) == [303] * 4
    db.remove()
    assert db.query(Person).count() == 2 and len(logged("account_set_apart")) == 1
    assert db.scalars(sa.select(Identity.person_id).filter_by(scheme="lti")).one() != boss.id
