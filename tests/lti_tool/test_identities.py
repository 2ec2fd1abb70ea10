"""Who somebody is, launch after launch (docs/decisions/0006): known subjects first, names only when vouched for."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from core.database import db
from lti_tool.models import Deployment, Platform
from lti_tool.registrations import forget_platforms
from people.directory import find_by_identity, identities_of, link_identity
from people.models import District, Enrollment, Identity, Person
from practice_lms import ABSENT
from tests.lti_tool.suite import Suite, rows

SCHEMES = ("sis", "email", "username")


def person_of(suite: Suite, *launching, **changes) -> Person:
    return db.get_one(Person, suite.accepts(suite.launch(*launching, **changes)).person_id)


def names_of(person: Person) -> dict[str, str]:
    return identities_of([person.id], SCHEMES).get(person.id, {})


def known(district: District, audience: str = "staff", **names: str) -> Person:
    """Somebody IT knows already, by these names."""
    person = Person(district_id=district.id, audience=audience)
    db.add(person)
    db.flush()
    for scheme, value in names.items():
        link_identity(person, scheme=scheme, value=value, source="roster")
    db.commit()
    return person


def test_a_known_subject_is_the_same_person_whatever_else_changed(suite):
    """Names change, people do not: a new SIS id is left for IT to see."""
    first = person_of(suite, "ana", lis={"person_sourcedid": "1"})
    second = person_of(
        suite, "ana", lis={"person_sourcedid": "2"}, email="new@elsewhere.example", context={"id": "other"}
    )
    assert first.id == second.id
    assert names_of(first) == {"sis": "1"}


def test_a_name_that_was_missing_is_learnt(suite):
    first = person_of(suite, "ana", lis=ABSENT)
    assert names_of(first) == {}
    assert names_of(person_of(suite, "ana")) == {"sis": "200001"}


def test_a_stranger_with_a_known_sis_id_is_that_person(suite, district):
    """Moved to another LMS, or come by the roster before: one record."""
    cruz = known(district, sis="100002")
    assert person_of(suite, "cruz").id == cruz.id
    assert person_of(suite, "cruz", lis=ABSENT).id == cruz.id, "and known by subject from then on"


def test_a_stranger_with_a_vouched_e_mail_address_is_that_person(suite, district):
    dee = known(district, email="dee@evergreen.example")
    assert person_of(suite, "dee", lis=ABSENT, email="Dee@Evergreen.example").id == dee.id


@pytest.mark.parametrize(
    "email",
    ["dee@elsewhere.example", "dee@evergreen.example.evil.example", "dee@sub.evergreen.example", "dee", "@",
     "dee@evergreen.example@evil.example"],
)  # fmt: skip
def test_an_address_nobody_vouches_for_names_nobody(suite, district, email):
    """Anybody can type an address into many an LMS; the district vouches for its own domains only."""
    dee = known(district, email=email)
    stranger = person_of(suite, "dee", lis=ABSENT, email=email)
    assert stranger.id != dee.id and names_of(stranger) == {}


def test_a_pupils_address_is_not_kept(suite):
    """Least data, also in a domain of the district."""
    assert names_of(person_of(suite, "ana", email="ana@evergreen.example")) == {"sis": "200001"}


def test_a_pupil_is_not_found_by_a_teachers_address(suite, district):
    cruz = known(district, email="cruz@evergreen.example")
    pupil = person_of(suite, "ana", lis=ABSENT, email="cruz@evergreen.example")
    assert pupil.id != cruz.id and pupil.audience == "pupil"


def test_names_that_disagree_link_nobody(suite, district):
    """A record of its own, for IT to sort out; nobody gains what is another's."""
    one, two = known(district, sis="1"), known(district, email="two@evergreen.example")
    person = person_of(suite, "cruz", lis={"person_sourcedid": "1"}, email="two@evergreen.example")
    assert person.id not in (one.id, two.id)
    assert names_of(person) == {}
    assert names_of(one) == {"sis": "1"} and names_of(two) == {"email": "two@evergreen.example"}


@pytest.mark.parametrize("custom", [{"sis_id": "100002"}, {"sourcedid": "100002"}, {"username": "cruz"}])
def test_custom_claims_name_nobody_unless_the_district_said_so(suite, district, custom):
    """On some platforms whoever edits a link writes its custom parameters."""
    pupil = known(district, "pupil", sis="100002", username="cruz")
    stranger = person_of(suite, "ana", lis=ABSENT, custom=custom)
    assert stranger.id != pupil.id and names_of(stranger) == {}
    db.query(Platform).one().custom_ids_trusted = True
    db.commit()
    forget_platforms()
    assert person_of(suite, "ben", lis=ABSENT, custom=custom).id == pupil.id


def test_the_platforms_own_word_comes_before_a_custom_claim(suite):
    db.query(Platform).one().custom_ids_trusted = True
    db.commit()
    forget_platforms()
    person = person_of(suite, "ana", custom={"sis_id": "forged", "USERNAME": "ana.r"})
    assert names_of(person) == {"sis": "200001", "username": "ana.r"}


@pytest.mark.parametrize("text", ["$Canvas.user.sisid", "$Person.sourcedId", "", "  ", "\x00"])
def test_text_that_came_back_unexpanded_is_nobodys_name(suite, text):
    """Canvas's own samples ask for $Canvas.user.sisid, and every pupil would become one person."""
    db.query(Platform).one().custom_ids_trusted = True
    db.commit()
    forget_platforms()
    silent = {"custom": {"sis_id": text, "username": text}, "lis": {"person_sourcedid": text}}
    one, two = person_of(suite, "ana", **silent), person_of(suite, "ben", **silent)
    assert one.id != two.id and names_of(one) == names_of(two) == {}


def test_the_same_subject_from_two_platforms_is_two_people(suite, district):
    """`sub` is unique only within its issuer and client (core 5.3.6)."""
    first = person_of(suite, "ana", lis=ABSENT)
    lms = suite.lms
    other = Platform(district_id=district.id, name="Second", issuer=lms.issuer, client_id="second",
                     auth_login_url=lms.auth_url, auth_token_url=lms.token_url, jwks_url=lms.jwks_url)  # fmt: skip
    db.add(other)
    db.flush()
    db.add(Deployment(district_id=district.id, platform_id=other.id, deployment_id="d", state="approved"))
    db.commit()
    forget_platforms()
    lms.connect(replace(lms.registration, client_id="second"))
    second = person_of(suite, "ana", lis=ABSENT, deployment_id="d")
    assert first.id != second.id
    assert find_by_identity(district.id, "lti", lms.user_id("ana"), issuer=str(other.id)).id == second.id


def test_a_sis_id_of_another_district_names_nobody_here(suite):
    """The wall between tenants."""
    other = District(slug="north", name="North", timezone="UTC", email_domains=["evergreen.example"])
    db.add(other)
    db.flush()
    theirs = known(other, sis="100002", email="cruz@evergreen.example")
    ours = person_of(suite, "cruz", email="cruz@evergreen.example")
    assert ours.id != theirs.id and ours.district_id != theirs.district_id
    assert names_of(ours) == {"sis": "100002", "email": "cruz@evergreen.example"}


def test_a_person_is_learnt_to_be_staff_and_stays_it(suite):
    """Moodle names no institution role: a learner may turn out to teach; a teacher who tries a lesson is no pupil."""
    assert person_of(suite, "cruz", roles=["Learner"]).audience == "unknown"
    assert person_of(suite, "cruz", roles=["Instructor"]).audience == "staff"
    assert person_of(suite, "cruz", roles=["Learner"]).audience == "staff"


def test_a_seat_follows_the_role_and_whoever_left_is_back(suite):
    person_of(suite, "ana", roles=["Learner"])
    seat = db.query(Enrollment).one()
    seat.left_at = seat.created_at
    db.commit()
    person_of(suite, "ana", roles=["Instructor"])
    db.expire_all()
    seat = db.query(Enrollment).one()
    assert (seat.role, seat.left_at) == ("teacher", None)


def test_first_launches_of_one_person_at_once_make_one_person(suite):
    """A course page with several frames, opened for the first time."""
    browsers = [suite.browser() for _ in range(4)]
    forms = [suite.form(suite.begin(browser)) for browser in browsers]
    assert suite.post_at_once(*zip(browsers, forms, strict=True)) == [303] * 4
    counted = rows()
    one_each = ("person", "enrollment", "classroom", "context", "resource_link", "line_item")
    assert {name: counted[name] for name in one_each} == dict.fromkeys(one_each, 1)
    assert counted["launch"] == counted["sign_in"] == 4


def test_identities_are_sealed(suite):
    """No subject, SIS id or address stands readable in the table."""
    person_of(suite, "cruz", email="cruz@evergreen.example")
    raw = str(db.execute(sa.text("SELECT value, fingerprint FROM identity")).all())
    assert db.query(Identity).count() == 3
    for value in (suite.lms.user_id("cruz"), "100002", "evergreen.example"):
        assert value not in raw
