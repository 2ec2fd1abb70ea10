"""Valid student launches (LTI Advantage Conformance Certification Guide 6.1.3): nine official tests."""

import pytest

from core.database import db
from lti_tool.models import ResourceLink
from lti_tool.roles import INSTITUTION, MEMBERSHIP
from practice_lms import ABSENT
from tests.lti_tool.certification.landing import forgets_names, lands

LEARNER = f"{MEMBERSHIP}#Learner"


def test_22_plain_launch_as_learner(suite):
    """CERT 6.1.3 "Launch as Student"."""
    lands(suite, suite.launch(roles=[LEARNER]), role="learner")


def test_23_multiple_roles(suite):
    """CERT 6.1.3 "Launch Student with Multiple Roles": a member of staff who takes a course is a learner in it."""
    roles = [f"{INSTITUTION}#Faculty", f"{INSTITUTION}#Student", LEARNER]
    lands(suite, suite.launch(roles=roles), role="learner", audience="staff")


def test_24_short_role(suite):
    """CERT 6.1.3 "Launch Student with Short Role" (core A.2: an unqualified name is a membership role)."""
    lands(suite, suite.launch(roles=["Learner"]), role="learner")


@pytest.mark.parametrize(
    ("roles", "role"),
    [(["urn:nobody#Wizard", LEARNER], "learner"), (["urn:nobody#Wizard"], "other")],
    ids=["beside", "alone"],
)
def test_25_unknown_role(suite, roles, role):
    """CERT 6.1.3 "Launch Student with Unknown Role": not heard; alone it gives the least privilege."""
    lands(suite, suite.launch(roles=roles), role=role)


@pytest.mark.parametrize("roles", [[], [""]], ids=repr)
def test_26_no_role(suite, roles):
    """CERT 6.1.3 "Launch Student with No Role"; the suite sends an empty text."""
    lands(suite, suite.launch(roles=roles), role="other")


def test_27_only_email(suite):
    """CERT 6.1.3 "Launch Student Email Only"; a pupil's address opens the door and is not kept."""
    answer = suite.launch(name=ABSENT, given_name=ABSENT, family_name=ABSENT, email="ana@evergreen.example")
    forgets_names(lands(suite, answer, role="learner", audience="pupil"), known={"lti", "sis"})


@pytest.mark.parametrize(
    "kept", [("given_name",), ("family_name",), ("name",), ("name", "given_name", "family_name")]
)
def test_28_only_names(suite, kept):
    """CERT 6.1.3 "Launch Student Names Only": some of them or all."""
    gone = dict.fromkeys({"name", "given_name", "family_name", "email"} - set(kept), ABSENT)
    person = lands(suite, suite.launch(**gone), role="learner", audience="pupil")
    forgets_names(person, known={"lti", "sis"})


def test_29_no_personal_data(suite):
    """CERT 6.1.3 "Launch Student No PII": `sub` is all we need, and the grade still knows its column."""
    gone = dict.fromkeys(("name", "given_name", "family_name", "email", "lis"), ABSENT)
    person = lands(suite, suite.launch(**gone), role="learner", audience="pupil")
    forgets_names(person, known={"lti"})
    assert db.query(ResourceLink).one().line_item_id is not None


def test_30_email_without_context(suite):
    """CERT 6.1.3 "Launch Student Email Without Context": a context is not required."""
    answer = suite.launch(context=ABSENT, email="ana@evergreen.example")
    lands(suite, answer, role="learner", audience="pupil", seated=False)
