"""Who is in which course: the Names and Roles service and the Python handle tests enroll people with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, request

from practice_lms.claims import LTI, sourced_id, who
from practice_lms.door import MEMBERSHIPS_TYPE, Refusal, answer, asked_page, course_numbered
from practice_lms.people import Course, Membership, Person
from practice_lms.roles import MEMBERSHIP

if TYPE_CHECKING:
    from practice_lms.lms import PracticeLms


class Memberships:
    def __init__(self, lms: PracticeLms) -> None:
        self.lms = lms
        self.state = lms.state
        for membership in lms.world.memberships:
            self.state.memberships[membership.course, membership.person] = membership

    def of(self, course: str | Course) -> list[Membership]:
        key = self.lms.world.course(course).key
        with self.state.lock:
            return [membership for membership in self.state.memberships.values() if membership.course == key]

    def courses_of(self, person: str | Person) -> list[Course]:
        key = self.lms.world.person(person).key
        return [
            course
            for course in self.lms.world.courses.values()
            if (course.key, key) in self.state.memberships
        ]

    def add_person(self, person: Person) -> Person:
        with self.state.lock:
            self.lms.world.people[person.key] = person
            self.lms.learn_user_id(person)
        return person

    def enroll(self, person: str | Person, course: str | Course, role: str = "Learner") -> Membership:
        membership = Membership(self.lms.world.person(person).key, self.lms.world.course(course).key, role)
        with self.state.lock:
            self.state.memberships[membership.course, membership.person] = membership
        return membership

    def leave(self, person: str | Person, course: str | Course) -> None:
        self._mark(person, course, "Deleted")

    def suspend(self, person: str | Person, course: str | Course) -> None:
        self._mark(person, course, "Inactive")

    def _mark(self, person: str | Person, course: str | Course, status: str) -> None:
        with self.state.lock:
            key = (self.lms.world.course(course).key, self.lms.world.person(person).key)
            self.state.memberships[key].status = status

    def role_of(self, person: Person, course: Course) -> str | None:
        membership = self.state.memberships.get((course.key, person.key))
        return membership.role if membership else None

    def membership_by_user_id(self, user_id: str, course: str) -> Membership | None:
        person = self.lms.person_by_user_id(user_id)
        return self.state.memberships.get((course, person.key)) if person else None


def memberships_view(lms: PracticeLms, course: int, **_: str) -> Response:
    """GET the roster (NRPS 2.0): `role`, `limit` and `rlid`, paged by Link rel=next."""
    where = course_numbered(lms, course)
    link_claims = _link_claims(lms, where, request.args.get("rlid"))
    everyone = [
        _member(lms, membership, link_claims)
        for membership in lms.memberships.of(where)
        if _seen(lms, membership)
    ]
    role = request.args.get("role")
    # Moodle's next link forgets the role, so its later pages hold everybody (4.5.6): the tool must filter
    # itself.
    wanted = [member for member in everyone if not role or _has_role(member, role)]
    page, headers = asked_page(lms, wanted, lms.personality.roster_page, drops=("role",))
    body = {
        "id": request.url,
        "context": {"id": lms.context_id(where), "label": where.label, "title": where.title},
        "members": page,
    }
    return answer(body, MEMBERSHIPS_TYPE, headers)


def _seen(lms: PracticeLms, membership: Membership) -> bool:
    """People who left are gone; Moodle leaves suspended ones out too, and so says Active of everyone."""
    return membership.status == "Active" or (
        membership.status == "Inactive" and lms.personality.name != "moodle"
    )


def _member(lms: PracticeLms, membership: Membership, link_claims: dict[str, Any] | None) -> dict[str, Any]:
    person = lms.world.people[membership.person]
    member: dict[str, Any] = {
        "status": membership.status,
        "user_id": lms.user_id(person),
        "roles": lms.personality.roster_roles(person, membership.role),
        **who(lms, person),
    }
    sis_id = sourced_id(lms, person)
    if sis_id:
        member["lis_person_sourcedid"] = sis_id
    if link_claims:
        member["message"] = [link_claims]
    return member


def _has_role(member: dict[str, Any], role: str) -> bool:
    return bool({role, role.removeprefix(MEMBERSHIP), MEMBERSHIP + role} & set(member["roles"]))


def _link_claims(lms: PracticeLms, course: Course, rlid: str | None) -> dict[str, Any] | None:
    if rlid is None:
        return None
    if not lms.personality.takes_rlid:
        raise Refusal(400, "rlid is not supported")
    links = [link for link in course.links if lms.link_id(link) == rlid]
    if not links:
        raise Refusal(404, "Requested ResourceLink was not found")
    return {LTI + "message_type": "LtiResourceLinkRequest", LTI + "resource_link": {"id": rlid}}
