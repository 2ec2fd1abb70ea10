"""The engine: one practice LMS with its keys, people, gradebook and faults, and the Flask app in front
of it.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from functools import cached_property
from typing import Any

from flask import Flask

from practice_lms import claims, copying, deep_linking, oidc, tokens
from practice_lms.faults import Fault, Faults
from practice_lms.gradebook import Gradebook
from practice_lms.keys import CURRENT, KeyRing, _Current
from practice_lms.notices import Notices
from practice_lms.people import Course, Link, Person, World, evergreen
from practice_lms.personalities import PERSONALITIES, Placement
from practice_lms.roster import Memberships
from practice_lms.settings import PracticeSettings, Registration
from practice_lms.state import DeepLinksReceived, LineItem, RequestLog, State


class PracticeLms:
    """See the package's docstring for what it offers."""

    def __init__(
        self, settings: PracticeSettings, keys: KeyRing | None = None, world: World | None = None
    ) -> None:
        self.settings = settings
        self.base_url = settings.base_url.rstrip("/")
        self.tool_url = settings.tool_url.rstrip("/")
        self.personality = PERSONALITIES[settings.personality]
        self.registration = settings.registration or self._example_registration()
        self.keys = keys or KeyRing()
        self.world = world or evergreen()
        self.state = State(settings.log_limit)
        self.faults = Faults()
        self.tool_keys = tokens.ToolKeys(self)
        self._people_by_user_id: dict[str, Person] = {}
        self._user_ids: dict[str, str] = {}
        for person in self.world.people.values():
            self.learn_user_id(person)
        self.memberships = Memberships(self)
        self.gradebook = Gradebook(self)
        self.notices = Notices(self)
        self.requests = RequestLog(self.state)

    def _example_registration(self) -> Registration:
        ids = self.personality.client_id, self.personality.deployment_ids
        return Registration.of_tool(self.tool_url, *ids)

    @cached_property
    def app(self) -> Flask:
        from practice_lms.web import make_app  # noqa: PLC0415  (the web layer knows the engine, not the reverse)

        return make_app(self)

    def connect(self, registration: Registration, tool_url: str | None = None) -> None:
        """Replace the registered tool."""
        self.registration = registration
        self.tool_url = (tool_url or self.tool_url).rstrip("/")
        self.tool_keys.forget()

    # What a tool's administrator would type in.

    @property
    def issuer(self) -> str:
        return self.settings.issuer or self.personality.issuer or self.base_url

    @property
    def client_id(self) -> str:
        return self.registration.client_id

    @property
    def deployment_id(self) -> str:
        return self.registration.deployment_ids[0]

    @property
    def auth_url(self) -> str:
        return f"{self.base_url}/auth"

    @property
    def token_url(self) -> str:
        return f"{self.base_url}/token"

    @property
    def jwks_url(self) -> str:
        return f"{self.base_url}/jwks"

    @property
    def openid_configuration_url(self) -> str:
        return self.base_url + self.personality.configuration_path

    @property
    def storage_target(self) -> str | None:
        """The window that keeps things for the tool (`lti_storage_target`); None where none is offered."""
        return None if self.settings.storage == "off" else self.personality.storage_target

    def set_storage(self, mode: str) -> None:
        """Platform storage "on", "off", or "silent": offered, as mobile apps do, and never answered."""
        self.settings = replace(self.settings, storage=mode)

    # Names and addresses as they appear in tokens.

    def learn_user_id(self, person: Person) -> None:
        user_id = self.personality.user_id(person)
        self._user_ids[person.key] = user_id
        self._people_by_user_id[user_id] = person

    def user_id(self, person: str | Person) -> str:
        return self._user_ids[person if isinstance(person, str) else person.key]

    def person_by_user_id(self, user_id: str) -> Person | None:
        return self._people_by_user_id.get(user_id)

    def context_id(self, course: str | Course) -> str:
        return self.personality.context_id(self.world.course(course))

    def link_id(self, link: str | Link) -> str:
        return self.personality.link_id(self.world.link(link))

    def target_of(self, link: str | Link) -> str:
        target = self.world.link(link).target
        return self.tool_url + target if target.startswith("/") else target

    @property
    def chooser_url(self) -> str:
        return f"{self.tool_url}/lessons/choose"

    def deep_link_return_url(self, person: Person, course: Course, placement: Placement) -> str:
        place = "" if placement == self.personality.placements[0] else f"&placement={placement.name}"
        return f"{self.base_url}/courses/{course.key}/deep_links?person={person.key}{place}"

    def placement(self, name: str = "") -> Placement:
        """By name; the first of this LMS where none is named or it has no such place."""
        placements = self.personality.placements
        return next((each for each in placements if each.name == name), placements[0])

    def lineitems_url(self, course: str | Course) -> str:
        return self._url(self.personality.lineitems_path, self.world.course(course).number)

    def lineitem_url(self, item: LineItem) -> str:
        return self._url(self.personality.lineitem_path, self.world.courses[item.course].number, item.id)

    def memberships_url(self, course: str | Course) -> str:
        return self._url(self.personality.memberships_path, self.world.course(course).number).split("?")[0]

    def _url(self, rule: str, course: int, item: str = "") -> str:
        path = (
            rule.replace("<int:course>", str(course))
            .replace("<item>", item)
            .replace("<client>", self.client_id)
        )
        query = f"?{self.personality.lineitem_query}" if self.personality.lineitem_query else ""
        return self.base_url + path + query

    # Launches, tokens, faults.

    def login_parameters(
        self, person: str | Person, link: str | Link, review_of: str | Person | None = None
    ) -> dict[str, str]:
        opened = self.world.link(link)
        course = self.world.courses[opened.course]
        learner = self.world.person(review_of) if review_of else None
        return oidc.login_parameters(self, self.world.person(person), course, opened, review_of=learner)

    def deep_linking_parameters(
        self, person: str | Person, course: str | Course, placement: str = ""
    ) -> dict[str, str]:
        who, where = self.world.person(person), self.world.course(course)
        return oidc.login_parameters(self, who, where, None, placement=placement)

    def authorize(self, parameters: dict[str, str] | str, **changes: Any) -> oidc.FormPost:
        return oidc.authorize(self, parameters, changes)

    def launch_claims(self, person: str | Person, link: str | Link, **changes: Any) -> dict[str, Any]:
        return claims.launch_claims(self, self.world.person(person), self.world.link(link), changes)

    def review_claims(
        self, person: str | Person, link: str | Link, learner: str | Person, **changes: Any
    ) -> dict[str, Any]:
        people = self.world.person(person), self.world.link(link), self.world.person(learner)
        return claims.review_claims(self, *people, changes)

    def deep_linking_claims(
        self, person: str | Person, course: str | Course, placement: str = "", **changes: Any
    ) -> dict[str, Any]:
        who, where = self.world.person(person), self.world.course(course)
        return deep_linking.claims(self, who, where, self.placement(placement), changes)

    def receive_deep_links(self, course: str | Course, response: str, placement: str = "") -> list[Link]:
        where = self.world.course(course)
        return deep_linking.add(self, deep_linking.receive(self, where, response, self.placement(placement)))

    def hold_deep_links(
        self, course: str | Course, response: str, placement: str = ""
    ) -> tuple[str, list[Link]]:
        """Checked and shown, not yet added: a word to save them with, and what was chosen."""
        where = self.world.course(course)
        offered = deep_linking.receive(self, where, response, self.placement(placement))
        held = secrets.token_urlsafe(12)
        self.state.held[held] = offered
        return held, [each.link for each in offered]

    def save_deep_links(self, held: str) -> list[Link]:
        """What was held, added once. Raises KeyError for a word that holds nothing (any more)."""
        return deep_linking.add(self, self.state.held.pop(held))

    def copy_course(self, course: str | Course, title: str | None = None) -> Course:
        origin = self.world.course(course)
        copy = copying.copy_course(self, origin, title)
        self.notices.course_copied(copy, origin)
        return copy

    @property
    def deep_links(self) -> list[DeepLinksReceived]:
        return list(self.state.deep_links)

    def sign(
        self,
        payload: Any,
        kid: str | _Current | None = CURRENT,
        alg: str = "RS256",
        headers: dict[str, Any] | None = None,
        key: Any = None,
    ) -> str:
        return self.keys.sign(payload, kid, alg, headers, key)

    def rotate_key(self, keep_old: bool = True) -> str:
        return self.keys.rotate(keep_old)

    def issue_token(self, *scopes: str) -> str:
        return tokens.issue_token(self, scopes or self.settings.granted_scopes)

    def set_fault(self, kind: str, endpoint: str, times: int | None = None, **options: Any) -> Fault:
        return self.faults.set(kind, endpoint, times, **options)

    def clear_faults(self, endpoint: str | None = None) -> None:
        self.faults.clear(endpoint)

    def active_faults(self) -> list[Fault]:
        return self.faults.active()
