"""Who is in which course: the Names and Roles service and the Python handle tests enroll people with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Response, request

from practice_lms.claims import LTI, custom_claim, sourced_id, who
from practice_lms.door import MEMBERSHIPS_TYPE, Refusal, answer, asked_page, course_numbered
from practice_lms.people import Course, Link, Membership, Person
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
        membership = self._membership(person, course, role)
        with self.state.lock:
            self.state.memberships[membership.course, membership.person] = membership
            self.state.roster_changes.append((membership.course, membership.person))
        return membership

    def seat_again(self, person: str | Person, course: str | Course, role: str = "Learner") -> Membership:
        """The same person in another section of the course."""
        membership = self._membership(person, course, role)
        with self.state.lock:
            self.state.second_seats.append(membership)
        return membership

    def _membership(self, person: str | Person, course: str | Course, role: str) -> Membership:
        return Membership(self.lms.world.person(person).key, self.lms.world.course(course).key, role)

    def leave(self, person: str | Person, course: str | Course) -> None:
        self._mark(person, course, "Deleted")

    def suspend(self, person: str | Person, course: str | Course) -> None:
        self._mark(person, course, "Inactive")

    def _mark(self, person: str | Person, course: str | Course, status: str) -> None:
        with self.state.lock:
            key = (self.lms.world.course(course).key, self.lms.world.person(person).key)
            self.state.memberships[key].status = status
            self.state.roster_changes.append(key)

    def forget_changes(self) -> None:
        """Whoever asks for the changes since an earlier reading is told to read everything again."""
        with self.state.lock:
            self.state.oldest_change = len(self.state.roster_changes) + 1

    def changed_since(self, course: Course, place: int) -> list[Membership]:
        """Each membership that changed after `place` in the list of changes, as it is now."""
        with self.state.lock:
            keys = dict.fromkeys(self.state.roster_changes[place:])
            return [self.state.memberships[key] for key in keys if key[0] == course.key]

    def role_of(self, person: Person, course: Course) -> str | None:
        membership = self.state.memberships.get((course.key, person.key))
        return membership.role if membership else None

    def membership_by_user_id(self, user_id: str, course: str) -> Membership | None:
        person = self.lms.person_by_user_id(user_id)
        return self.state.memberships.get((course, person.key)) if person else None


def memberships_view(lms: PracticeLms, course: int, **_: str) -> Response:
    """GET the roster (NRPS 2.0): `role`, `limit` and `rlid`, paged by Link rel=next; or what changed `since`."""
    where = course_numbered(lms, course)
    since = request.args.get("since")
    link = _link_asked_for(lms, where, request.args.get("rlid"))
    place = len(lms.state.roster_changes)
    memberships = _everyone(lms, where) if since is None else _changes(lms, where, since)
    role = request.args.get("role")
    # Moodle's next link forgets the role, so its later pages hold everybody (4.5.6): the tool must filter
    # itself.
    wanted = [each for each in memberships if not role or _has_role(lms, each, role)]
    page, headers = asked_page(lms, wanted, lms.personality.roster_page, drops=("role",))
    if lms.settings.offers_differences and "Link" not in headers:
        differences = f"{lms.memberships_url(where)}?{urlencode({'since': _token(place)})}"
        headers = headers | {"Link": f'<{differences}>; rel="differences"'}
    body = {
        "id": request.url,
        "context": {"id": lms.context_id(where), "label": where.label, "title": where.title},
        "members": [_member(lms, membership, link) for membership in page],
    }
    return answer(body, MEMBERSHIPS_TYPE, headers)


def _everyone(lms: PracticeLms, where: Course) -> list[Membership]:
    again = [each for each in lms.state.second_seats if each.course == where.key]
    return [each for each in [*lms.memberships.of(where), *again] if _seen(lms, each)]


def _changes(lms: PracticeLms, where: Course, since: str) -> list[Membership]:
    word, _, place = since.partition(":Since:")
    if word != "Roster" or not place.isdigit() or not lms.settings.offers_differences:
        raise Refusal(400, "since is not one of ours")
    if int(place) < lms.state.oldest_change:
        raise Refusal(410, "These changes are not kept any more")
    return lms.memberships.changed_since(where, int(place))


def _token(place: int) -> str:
    return f"Roster:Since:{place}"


def _seen(lms: PracticeLms, membership: Membership) -> bool:
    """People who left are gone; Moodle leaves suspended ones out too, and so says Active of everyone."""
    return membership.status == "Active" or (
        membership.status == "Inactive" and lms.personality.name != "moodle"
    )


def _member(lms: PracticeLms, membership: Membership, link: Link | None) -> dict[str, Any]:
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
    if link:
        member["message"] = [_message(lms, person, link)]
    return member


def _message(lms: PracticeLms, person: Person, link: Link) -> dict[str, Any]:
    """What a launch of this link by this member would say (NRPS 2.0, 2.5)."""
    return {
        LTI + "message_type": "LtiResourceLinkRequest",
        LTI + "resource_link": {"id": lms.link_id(link)},
        LTI + "custom": custom_claim(lms, person, link),
    }


def _has_role(lms: PracticeLms, membership: Membership, role: str) -> bool:
    person = lms.world.people[membership.person]
    held = lms.personality.roster_roles(person, membership.role)
    return bool({role, role.removeprefix(MEMBERSHIP), MEMBERSHIP + role} & set(held))


def _link_asked_for(lms: PracticeLms, course: Course, rlid: str | None) -> Link | None:
    if rlid is None:
        return None
    if not lms.personality.takes_rlid:
        raise Refusal(400, "rlid is not supported")
    for link in course.links:
        if lms.link_id(link) == rlid:
            return link
    raise Refusal(404, "Requested ResourceLink was not found")
