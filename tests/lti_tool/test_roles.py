"""Whom a launch's roles make of somebody (LTI 1.3 core appendix A)."""

import pytest

from lti_tool.roles import INSTITUTION, MEMBERSHIP, SYSTEM, audience_of, role_of

TEACHER, LEARNER, MENTOR = f"{MEMBERSHIP}#Instructor", f"{MEMBERSHIP}#Learner", f"{MEMBERSHIP}#Mentor"
ASSISTANT = f"{MEMBERSHIP}/Instructor#TeachingAssistant"


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        ([TEACHER], "teacher"),
        (["Instructor"], "teacher"),
        ([ASSISTANT], "teacher"),
        (["TeachingAssistant"], "teacher"),
        ([LEARNER], "learner"),
        (["Learner"], "learner"),
        ([f"{MEMBERSHIP}/Learner#GuestLearner"], "learner"),
        ([MENTOR], "mentor"),
        (["Mentor"], "mentor"),
        ([f"{MEMBERSHIP}#ContentDeveloper"], "other"),
        ([f"{MEMBERSHIP}#Administrator"], "administrator"),
        ([f"{MEMBERSHIP}/Administrator#Support"], "administrator"),
        ([], "other"),
        ([""], "other"),
        (["Wizard"], "other"),
    ],
)
def test_what_somebody_is_in_this_course(roles, role):
    assert role_of(tuple(roles)) == role


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        ([f"{INSTITUTION}#Faculty", LEARNER], "learner"),
        ([f"{INSTITUTION}#Student", TEACHER], "teacher"),
        ([f"{SYSTEM}#SysAdmin", LEARNER], "learner"),
        ([f"{INSTITUTION}#Administrator", MENTOR], "mentor"),
        ([f"{INSTITUTION}#Instructor"], "other"),
        ([f"{INSTITUTION}#Faculty"], "other"),
        ([f"{INSTITUTION}#Administrator"], "administrator"),
        ([f"{SYSTEM}#Administrator"], "administrator"),
        ([f"{SYSTEM}#Administrator", TEACHER], "administrator"),
        ([f"{SYSTEM}#User", TEACHER], "teacher"),
        ([f"{SYSTEM}#User"], "other"),
    ],
)
def test_the_course_decides_before_the_institution(roles, role):
    """A teacher who takes the staff course is a learner there; Canvas sends roles held in any course."""
    assert role_of(tuple(roles)) == role


@pytest.mark.parametrize(
    "uri",
    [
        "http://purl.imsglobal.org/vocab/lis/v2/membership#instructor",
        "http://purl.imsglobal.org/vocab/lis/v2/membership#InstructorX",
        "http://purl.imsglobal.org/vocab/lis/v2/membership",
        "http://purl.imsglobal.org/vocab/lis/v2/membershipX#Instructor",
        "http://elsewhere.example/membership#Instructor",
        "https://purl.imsglobal.org/vocab/lis/v2/membership#Instructor/",
        "urn:lti:role:ims/lis/Instructor",
        "I am an Instructor",
    ],
)
def test_nothing_is_matched_by_its_middle(uri):
    """Row 89: a URI is the one we know, or it is nothing."""
    assert role_of((uri,)) == "other"
    assert audience_of((uri,)) == "unknown"


@pytest.mark.parametrize("more", [[], [f"{INSTITUTION}#Observer"], [f"{INSTITUTION}#Guest"]])
def test_a_parent_is_never_a_teacher(more):
    """hypothesis/lms maps Mentor to Instructor (models/lti_role.py), which shows a parent the whole class."""
    assert role_of((MENTOR, *more)) == "mentor"
    assert audience_of((MENTOR, *more)) == "unknown"


@pytest.mark.parametrize(
    ("roles", "audience"),
    [
        ([TEACHER], "staff"),
        ([ASSISTANT], "staff"),
        ([f"{INSTITUTION}#Faculty", LEARNER], "staff"),
        ([f"{INSTITUTION}#Staff"], "staff"),
        ([f"{INSTITUTION}#Administrator", LEARNER], "staff"),
        ([f"{INSTITUTION}#Student", LEARNER], "pupil"),
        ([f"{INSTITUTION}#Faculty", f"{INSTITUTION}#Student", LEARNER], "staff"),
        ([LEARNER], "unknown"),
        ([f"{INSTITUTION}#Guest", LEARNER], "guest"),
        ([f"{INSTITUTION}#Guest", f"{INSTITUTION}#Student"], "pupil"),
        ([f"{INSTITUTION}#Observer"], "unknown"),
        ([], "unknown"),
    ],
)
def test_who_somebody_is_in_the_district(roles, audience):
    """Moodle names no institution role: then a learner may be a pupil or a member of staff."""
    assert audience_of(tuple(roles)) == audience
