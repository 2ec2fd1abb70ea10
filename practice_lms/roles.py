"""How each LMS words a person's roles, in a launch and in the roster."""

from __future__ import annotations

from practice_lms.people import Person

LIS = "http://purl.imsglobal.org/vocab/lis/v2/"
MEMBERSHIP = LIS + "membership#"
INSTITUTION = LIS + "institution/person#"
SYSTEM = LIS + "system/person#"
TEACHING_ASSISTANT = LIS + "membership/Instructor#TeachingAssistant"

COURSE_ROLES = {
    "Learner": [MEMBERSHIP + "Learner"],
    "Instructor": [MEMBERSHIP + "Instructor"],
    "Administrator": [MEMBERSHIP + "Instructor", MEMBERSHIP + "Administrator"],
    "Mentor": [MEMBERSHIP + "Mentor"],
    "ContentDeveloper": [MEMBERSHIP + "ContentDeveloper"],
    # Canvas: a TA is an Instructor with the sub-role beside it (canvas-lms doc/api/canvas_roles.md).
    "TeachingAssistant": [MEMBERSHIP + "Instructor", TEACHING_ASSISTANT],
}
MOODLE_TEACHES = ("Instructor", "Administrator", "TeachingAssistant", "ContentDeveloper")


def full_launch_roles(person: Person, role: str | None) -> list[str]:
    """Schoology and most others: institution and membership roles as full URIs."""
    return [INSTITUTION + person.institution, *COURSE_ROLES.get(role or "", [])]


def canvas_launch_roles(person: Person, role: str | None) -> list[str]:
    """Canvas adds system/person#User, and institution roles earned in any course (canvas-lms lib/lti)."""
    return [*full_launch_roles(person, role), SYSTEM + "User"]


def moodle_launch_roles(person: Person, role: str | None) -> list[str]:
    """Moodle goes by capability: Learner or Instructor, and Administrator twice for site administrators.

    A parent is a Learner here, a non-editing teacher an Instructor (mod/lti/locallib.php lti_get_ims_role).
    """
    roles = [MEMBERSHIP + ("Instructor" if role in MOODLE_TEACHES else "Learner")]
    if person.institution == "Administrator":
        roles += [INSTITUTION + "Administrator", SYSTEM + "Administrator"]
    return roles


def full_roster_roles(person: Person, role: str) -> list[str]:
    return list(COURSE_ROLES.get(role, []))


def moodle_roster_roles(person: Person, role: str) -> list[str]:
    """Moodle's roster uses short names, makes a non-editing teacher a Learner, and has one URI of its
    own.
    """
    roles = ["Instructor" if role in ("Instructor", "Administrator") else "Learner"]
    return [*roles, LIS + "person#Administrator"] if person.institution == "Administrator" else roles
