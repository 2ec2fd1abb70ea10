"""Valid teacher launches (LTI Advantage Conformance Certification Guide 6.1.2): nine official tests."""

import pytest

from lti_tool.roles import INSTITUTION, MEMBERSHIP
from practice_lms import ABSENT
from tests.lti_tool.certification.landing import forgets_names, lands

INSTRUCTOR = f"{MEMBERSHIP}#Instructor"


def test_13_plain_launch_as_instructor(suite):
    """CERT 6.1.2 "Launch as Instructor"."""
    lands(suite, suite.launch("cruz", roles=[INSTRUCTOR]), role="teacher", audience="staff")


def test_14_multiple_roles(suite):
    """CERT 6.1.2 "Launch Instructor with Multiple Roles": what somebody is in this course decides."""
    roles = [f"{INSTITUTION}#Student", f"{INSTITUTION}#Faculty", f"{MEMBERSHIP}#Learner", INSTRUCTOR]
    lands(suite, suite.launch("cruz", roles=roles), role="teacher", audience="staff")


def test_15_short_role(suite):
    """CERT 6.1.2 "Launch Instructor with Short Role" (core A.2: an unqualified name is a membership role)."""
    lands(suite, suite.launch("cruz", roles=["Instructor"]), role="teacher", audience="staff")


@pytest.mark.parametrize(
    ("roles", "role"),
    [(["urn:nobody#Wizard", INSTRUCTOR], "teacher"), (["urn:nobody#Wizard"], "other")],
    ids=["beside", "alone"],
)
def test_16_unknown_role(suite, roles, role):
    """CERT 6.1.2 "Launch Instructor with Unknown Role": not heard; alone it gives the least privilege."""
    lands(suite, suite.launch("cruz", roles=roles), role=role)


@pytest.mark.parametrize("roles", [[], [""]], ids=repr)
def test_17_no_role(suite, roles):
    """CERT 6.1.2 "Launch Instructor with No Role"; the suite sends an empty text."""
    lands(suite, suite.launch("cruz", roles=roles), role="other")


def test_18_only_email(suite):
    """CERT 6.1.2 "Launch Instructor Email Only"."""
    answer = suite.launch(
        "cruz", name=ABSENT, given_name=ABSENT, family_name=ABSENT, email="cruz@evergreen.example"
    )
    person = lands(suite, answer, role="teacher", audience="staff")
    forgets_names(person, known={"lti", "sis", "email"})


@pytest.mark.parametrize(
    "kept", [("given_name",), ("family_name",), ("name",), ("name", "given_name", "family_name")]
)
def test_19_only_names(suite, kept):
    """CERT 6.1.2 "Launch Instructor Names Only": some of them or all."""
    gone = dict.fromkeys({"name", "given_name", "family_name", "email"} - set(kept), ABSENT)
    person = lands(suite, suite.launch("cruz", **gone), role="teacher", audience="staff")
    forgets_names(person, known={"lti", "sis"})


def test_20_no_personal_data(suite):
    """CERT 6.1.2 "Launch Instructor No PII": `sub` is all we need."""
    gone = dict.fromkeys(("name", "given_name", "family_name", "email", "lis"), ABSENT)
    person = lands(suite, suite.launch("cruz", **gone), role="teacher", audience="staff")
    forgets_names(person, known={"lti"})


def test_21_email_without_context(suite):
    """CERT 6.1.2 "Launch Instructor Email Without Context": a context is not required."""
    answer = suite.launch("cruz", context=ABSENT, email="cruz@evergreen.example")
    lands(suite, answer, role="teacher", audience="staff", seated=False)
