"""LTI role URIs to ours: membership first, least privilege when unknown, and a Mentor is never a teacher.

https://www.imsglobal.org/spec/lti/v1p3/ appendix A. A platform sends every role a person holds anywhere in the
institution; only the membership roles are about this course.
"""

from functools import lru_cache

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person"
SYSTEM = "http://purl.imsglobal.org/vocab/lis/v2/system/person"

TEACHES = {"Instructor", "TeachingAssistant"}
GOVERNS = {"Administrator", "SysAdmin", "AccountAdmin"}
WORKS_HERE = {"Administrator", "Faculty", "Instructor", "Staff", "SysSupport"}
LEARNS_HERE = {"Learner", "Student"}
VISITS_HERE = {"Guest"}
MAKES_CONTENT = "ContentDeveloper"
"""Canvas's designer."""


def _names(roles: tuple[str, ...]) -> dict[str, set[str]]:
    """{"membership": {"Instructor"}, ...}; a short name is a membership role, a sub-role counts as its principal."""
    named: dict[str, set[str]] = {"membership": set(), "institution": set(), "system": set()}
    for role in roles:
        base, hash_, name = role.partition("#")
        if not hash_:
            named["membership"].add(role)  # core A.2: unqualified names are context roles
        elif base == MEMBERSHIP:
            named["membership"].add(name)
        elif base.startswith(MEMBERSHIP + "/"):
            named["membership"].add(base.removeprefix(MEMBERSHIP + "/"))
        elif base == INSTITUTION:
            named["institution"].add(name)
        elif base == SYSTEM:
            named["system"].add(name)
    return named


@lru_cache
def role_of(roles: tuple[str, ...]) -> str:
    """`learner`, `teacher`, `administrator`, `mentor` or `other`, for one launch or one roster line."""
    named = _names(roles)
    here, governs = named["membership"], bool((named["institution"] | named["system"]) & GOVERNS)
    if here & TEACHES:
        return "administrator" if governs else "teacher"
    if "Learner" in here:
        return "learner"
    if "Mentor" in here:
        return "mentor"
    if "Administrator" in here or (governs and not here):
        return "administrator"
    return "other"


def may_choose(roles: tuple[str, ...]) -> bool:
    """Whether somebody may put links into this course: who teaches or runs it, or makes its content (row 113)."""
    return role_of(roles) in ("teacher", "administrator") or MAKES_CONTENT in _names(roles)["membership"]


@lru_cache
def audience_of(roles: tuple[str, ...]) -> str:
    """`staff`, `pupil`, `guest` or `unknown`: who somebody is in the district, whatever they are in this course.

    A parent who looks at their child's work is no guest of the network, so a Mentor is not made to owe the agreement.
    """
    named = _names(roles)
    if named["institution"] & WORKS_HERE or named["membership"] & TEACHES:
        return "staff"
    if named["institution"] & LEARNS_HERE:
        return "pupil"
    visits = named["institution"] & VISITS_HERE and "Mentor" not in named["membership"]
    return "guest" if visits else "unknown"
