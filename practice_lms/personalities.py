"""What differs between Canvas, Schoology and Moodle: each quirk is one named field or function, with its
source.

How a score is taken differs most and has a file of its own (`grading.py`); so do roles (`roles.py`).
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from practice_lms import roles
from practice_lms.people import Course, Link, Person

EVERGREEN = uuid.uuid5(uuid.NAMESPACE_DNS, "evergreen.example")


@dataclass(frozen=True)
class Placement:
    """A place in the LMS that opens the tool's chooser, what it says it accepts, and what it does with it.

    `accept_lineitem=None` does not say. `keeps_line_item=False` ignores line items whatever it said.
    """

    name: str
    words: str
    accept_multiple: bool = True
    accept_lineitem: bool | None = True
    keeps_line_item: bool = True


@dataclass(frozen=True)
class Personality:
    name: str
    label: str
    issuer: str | None  # None: the site's own address
    client_id: str
    deployment_ids: tuple[str, ...]
    lineitems_path: str
    lineitem_path: str
    memberships_path: str
    user_id: Callable[[Person], str]
    context_id: Callable[[Course], str]
    link_id: Callable[[Link], str]
    custom: Callable[[dict[str, str]], dict[str, str]]
    launch_roles: Callable[[Person, str | None], list[str]]
    roster_roles: Callable[[Person, str], list[str]]
    context_type: str
    placements: tuple[Placement, ...]
    keeps_dates: bool = True
    saves_by_hand: bool = False  # what was chosen is only shown until the teacher presses Save
    names_column_after_link: bool = False  # the line item's own label is ignored
    id_token_seconds: int = 3600
    lineitem_query: str = ""
    storage_target: str | None = None
    launch_once: bool = False
    roster_page: int | None = None
    assertion_leeway: int = 60
    token_content_type: str = "application/json"
    takes_rlid: bool = True
    needs_user_agent: bool = False
    unsupported_media: int = 415
    scope_missing: int = 403
    sourced_id_needs_name: bool = False
    coupled_column_stays: bool = False
    configuration_path: str = ""  # empty: no dynamic registration
    registration_path: str = ""
    configuration_needs_token: bool = False
    registration_status: int = 200
    copies_every_column: bool = False
    rescales: bool = True
    """Whether grades keep their percentage when a column's maximum changes."""
    sends_notices: bool = False


def _as_typed(custom: dict[str, str]) -> dict[str, str]:
    return dict(custom)


def _lower_cased(custom: dict[str, str]) -> dict[str, str]:
    """Schoology loses the case of custom keys (two independent integrations report it)."""
    return {key.lower(): value for key, value in custom.items()}


def _twice(custom: dict[str, str]) -> dict[str, str]:
    """Moodle sends a key with capitals twice, as typed and lower-cased; values are trimmed (seen on
    4.5.6).
    """
    trimmed = {key: value.strip() for key, value in custom.items()}
    return {**trimmed, **{key.lower(): value for key, value in trimmed.items()}}


def _uuid_of(thing: Person | Link) -> str:
    return str(uuid.uuid5(EVERGREEN, thing.key))


def _hash_of(thing: Person | Course) -> str:
    return hashlib.sha1(f"evergreen {thing.key}".encode(), usedforsecurity=False).hexdigest()


CANVAS = Personality(
    name="canvas",
    label="Canvas",
    # One issuer for every hosted account; customers differ by client_id and deployment_id.
    issuer="https://canvas.instructure.com",
    client_id="10000000000001",
    deployment_ids=("1:8865aa05b4b79b64a91a86042e43af5ea8ae79eb",),
    lineitems_path="/api/lti/courses/<int:course>/line_items",
    lineitem_path="/api/lti/courses/<int:course>/line_items/<item>",
    memberships_path="/api/lti/courses/<int:course>/names_and_roles",
    user_id=_uuid_of,
    context_id=_hash_of,
    link_id=_uuid_of,
    custom=_as_typed,
    launch_roles=roles.canvas_launch_roles,
    roster_roles=roles.full_roster_roles,
    context_type="http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering",
    placements=(
        Placement("module_index_menu_modal", "Add to a new module"),
        Placement("assignment_selection", "Choose for one assignment", accept_multiple=False),
        Placement("editor_button", "Insert into a page", accept_lineitem=False, keeps_line_item=False),
    ),
    # Canvas keeps things in a frame beside the tool's and says so in login and launch (canvas-lms doc:
    # lti_storage_target). Blackboard does the same under the name lti_storage_frame.
    storage_target="post_message_forwarding",
    roster_page=50,
    # A User-Agent is mandatory since 2026-01; sourcedid comes only with names; a coupled column cannot be
    # deleted.
    needs_user_agent=True,
    sourced_id_needs_name=True,
    coupled_column_stays=True,
    # canvas-lms doc/api/registration.md: the configuration wants the registration token as bearer.
    configuration_path="/api/lti/security/openid-configuration",
    registration_path="/api/lti/registrations",
    configuration_needs_token=True,
    registration_status=201,
    # Every column is an assignment, and copied with the course; a new maximum leaves the points as they were.
    copies_every_column=True,
    rescales=False,
    sends_notices=True,  # doc/api/pns.md
)

SCHOOLOGY = Personality(
    name="schoology",
    label="Schoology",
    issuer="https://schoology.schoology.com",
    client_id="6745839201",
    # Two ten-digit numbers with a hyphen, known only after installation.
    deployment_ids=("2748160395-5839201746",),
    lineitems_path="/lti-service/tool/<client>/services/assignment-grade/v2p0/sections/<int:course>/lineitems",
    lineitem_path="/lti-service/tool/<client>/services/assignment-grade/v2p0/sections/<int:course>/lineitems/<item>",
    memberships_path="/lti-service/tool/<client>/services/names-roles/v2p0/membership/<int:course>",
    user_id=lambda person: f"{4_200_000 + person.number}::{_hash_of(person)[:32]}",
    context_id=lambda course: str(5_310_000_000 + course.number),
    link_id=lambda link: f"5310000{link.number}-6120000{link.number}",
    custom=_lower_cased,
    launch_roles=roles.full_launch_roles,
    roster_roles=roles.full_roster_roles,
    context_type="http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection",
    # Line items count in Course Materials and are ignored in the editor (developers.schoology.com).
    placements=(
        Placement("course_materials", "Add materials"),
        Placement("rich_text_editor", "Insert into a text", keeps_line_item=False),
    ),
    storage_target="_parent",
    roster_page=100,
    # Its roster refuses rlid (code-dot-org dashboard/lib/policies/lti.rb asks without it).
    takes_rlid=False,
)

MOODLE = Personality(
    name="moodle",
    label="Moodle",
    issuer=None,  # wwwroot, any district's address
    client_id="vZ8tYc2QkLm4Xw1",
    deployment_ids=("1",),  # the tool type's number: one registration is one deployment
    lineitems_path="/mod/lti/services.php/<int:course>/lineitems",
    lineitem_path="/mod/lti/services.php/<int:course>/lineitems/<item>/lineitem",
    memberships_path="/mod/lti/services.php/CourseSection/<int:course>/bindings/1/memberships",
    user_id=lambda person: str(person.number),
    context_id=lambda course: str(course.number),
    link_id=lambda link: str(link.number),
    custom=_twice,
    launch_roles=roles.moodle_launch_roles,
    roster_roles=roles.moodle_roster_roles,
    context_type="CourseSection",
    # No accept_lineitem; several items show a list and one fills the form, and Save adds them (seen on 4.5.6).
    placements=(Placement("activity", "Add an activity", accept_lineitem=None),),
    keeps_dates=False,
    saves_by_hand=True,
    names_column_after_link=True,
    id_token_seconds=60,  # exp = iat + 60 (mod/lti/locallib.php)
    lineitem_query="type_id=1",  # so /scores goes before the question mark
    launch_once=True,  # launchid is single use: reload or back on the auth URL is an error page
    assertion_leeway=0,  # an iat three seconds ahead was refused
    token_content_type="text/html; charset=utf-8",  # JSON inside all the same
    unsupported_media=400,  # 'No handler found'
    scope_missing=401,
    configuration_path="/mod/lti/openid-configuration.php",
    registration_path="/mod/lti/openid-registration.php",  # answers 200 where the specification says 201
)

PERSONALITIES = {each.name: each for each in (CANVAS, SCHOOLOGY, MOODLE)}
