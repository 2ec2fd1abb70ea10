"""A practice LMS: a real LTI 1.3 Advantage platform for newcomers, tests and benchmarks.

It signs real tokens, checks real assertions and keeps a real gradebook, all in memory, and it behaves like
Canvas, Schoology or Moodle where those differ (`personalities.py`). It imports nothing of the tool.

Run it: `python -m practice_lms --help` (`--port 8080 --tool-url http://localhost:8000 --client-id ...`)

Use it from Python
------------------
::

    from practice_lms import ABSENT, PracticeLms, PracticeSettings, Registration
    from practice_lms.server import running

    lms = PracticeLms(PracticeSettings(
        base_url="http://127.0.0.1:8080", tool_url="http://localhost:8000", personality="canvas",
        registration=Registration(client_id="10000000000001", deployment_ids=("1:evergreen",),
                                  login_url="http://localhost:8000/lti/login",
                                  redirect_uris=("http://localhost:8000/lti/launch",),
                                  jwks_url="http://localhost:8000/lti/jwks")))
    lms.app                                 # the Flask app (create_practice_lms(settings) gives just this)
    with running(lms) as base_url: ...      # real HTTP on a free port; sets lms.base_url

What a tool's administrator would type in
    `lms.issuer`, `.client_id`, `.deployment_id`, `.auth_url`, `.token_url`, `.jwks_url`, `.base_url`
    `lms.connect(registration, tool_url=None)`  replaces the tool's registration later on

A launch, in process (thousands of them)
    `lms.login_parameters(person, link)` what the LMS posts to the tool's login URL (dict); it is remembered
    `lms.authorize(parameters, **changes)` answers the tool's authentication request. `parameters`: a dict, or
        the whole URL the tool redirected to. Gives `FormPost(action, fields)` with `id_token` and `state`, or
        with `error`, `error_description`, `state`; raises `RefusedHere` where a real LMS shows its own page
    `lms.launch_claims(person, link, **changes)` the id_token's payload (dict). A change is named by a claim's
        short name (`roles`, `version`, `message_type`, `deployment_id`, `resource_link`, `context`, `custom`,
        `lis`, `endpoint`, `nrps`, `target_link_uri`, `launch_presentation`, `tool_platform`, `mentor`,
        `for_user`, `notices`), by a
        plain claim (`sub`, `nonce`, `exp`, `aud`, ...) or by a full claim URL. `ABSENT` takes it out
    `lms.sign(payload, kid=CURRENT, alg="RS256", headers=None, key=None)` any payload: dict, list, str, bytes.
        `kid=None` leaves the header out; alg may be "none", or "HS256" (signed with the public key's PEM, the
        classic forgery); `key` is another private key object
    `lms.rotate_key(keep_old=True)` signs with a new key from now on; returns its kid. `lms.keys` is the ring;
        `PracticeLms(settings, keys=other.keys)` shares one (two customers of one hosted LMS, or quick tests)

Submission review, and notices
    `lms.login_parameters(person, link, review_of=learner)` opens what a learner handed in, from the gradebook;
        `lms.review_claims(person, link, learner, **changes)` is the payload (`for_user` changes whose it is)
    `lms.notices` `.handlers` ({type: address} as the tool put them), `.hello()`, `.course_copied(course, origin)`,
        `.signed(kind, **changes)` and `.of_copy(course, origin)` (the JWT alone), `.post(address, *jwts)`

Deep linking
    `lms.deep_linking_parameters(person, course, placement="")` the login that opens the tool's chooser; then
        `authorize`. `lms.personality.placements` are the places that open it; no name is the first
    `lms.deep_linking_claims(person, course, placement="", **changes)` the request's payload (settings by URL)
    `lms.receive_deep_links(course, jwt, placement="")` checks a response and adds its links (list of Link), or raises
        DeepLinksRefused; over HTTP it is the `deep_link_return_url`. `lms.deep_links` is what was received

People and courses (`people.py`): `lms.world.people`, `.courses`, `.links`, each named by its key
    people:  "ana", "ben", "cruz" (teacher), "dee" (staff), "admin", "parent", "pupil03" ... "pupil26"
    courses: "g4-room-12", "staff-2026-27"
    links:   "g4" (no column), "g4-same-me", "g4-game-chat-choices", "g4-ways-to-step-in",
        "g4-the-sign-up-screen", "g4-tricky-messages" (column without resourceId and tag),
        "g4-my-day-in-blocks" (no column), "ruc" (no column), "ruc-7-social-media-with-students"
    `lms.user_id(person)`, `lms.context_id(course)`, `lms.link_id(link)` as they appear in tokens
    `lms.target_of(link)`, `.lineitems_url(course)`, `.lineitem_url(item)`, `.memberships_url(course)`
    `lms.memberships` `.of(course)`, `.enroll(person, course, role="Learner")`, `.leave(person, course)`,
        `.suspend(person, course)`, `.add_person(Person(...))`, `.seat_again(person, course, role="Learner")` (a
        second line for another section), `.forget_changes()` (differences are refused from then on)
    `lms.copy_course(course, title=None)` a copy as this LMS makes one: new context and links, the tool's own
        resourceId, tag and custom parameters (`copying.py`); gives the new Course

What the tool did
    `lms.gradebook` `.scores` (every score received, taken or refused: body, headers, at, status, reason,
        user_id, line_item_id), `.scores_for(person, link=None)`, `.result(person, link_or_resource_id)`,
        `.columns(course)`, `.column(link_or_resource_id)`, `.add_column(...)`,
        `.override(person, link, score)` (the teacher types a grade; None clears it), `.clear()`,
        `.change_maximum(link, points)`, `.delete_column(link)`; a column itself will do for `link`
    `lms.requests` every service request (method, path, query, headers, at, endpoint, status): iterate it,
        take its len(), ask `.to("scores")`, or `.clear()` it
    `lms.issue_token(*scopes)` a bearer token without the token endpoint

Trouble on demand
    `lms.set_fault(kind, endpoint, times=None, **options)`, `lms.clear_faults(endpoint=None)`,
    `lms.active_faults()`. times=None lasts until cleared; times=3 is used up after three requests
    endpoints: "jwks", "token", "lineitems", "lineitem", "scores", "results", "memberships",
        "notice_handlers", "launch", "*"
    kinds: "down" (503), "closed" (connection closed unanswered; in process ConnectionClosed is raised),
        "slow" (seconds=8, then the real answer), "too_many" (429, retry_after=2), "throttled" (Canvas's 403),
        "error" (500), "conflict" (409), "unauthorized" (401), "status" (status=..., body=""), "malformed"
        (broken JSON), "lost_answer" (done, then the connection is closed), "next_page_loop",
        "skew" (the clock in what the LMS signs: seconds=+/-n; endpoint "launch")
    options may also carry `body` and `status` for any kind that answers by itself

Settings worth knowing (`PracticeSettings`): `issuer` (None = the personality's), `privacy` ("public",
"name_only", "email_only", "anonymous"), `sourced_ids` ("present", "absent", "empty"), `page_size` (None = the
personality's), `granted_scopes`, `offers_differences` (of the roster), `storage` ("on", "off", "silent": platform
storage for tools in frames; or `lms.set_storage(mode)`), `offers_deep_linking`. `lms.settings` may be replaced
(`dataclasses.replace`).
"""

from __future__ import annotations

from flask import Flask

from practice_lms.claims import ABSENT
from practice_lms.deep_linking import DeepLinksRefused
from practice_lms.keys import CURRENT, KeyRing
from practice_lms.lms import PracticeLms
from practice_lms.oidc import FormPost, RefusedHere
from practice_lms.settings import PracticeSettings, Registration

__all__ = [
    "ABSENT",
    "CURRENT",
    "DeepLinksRefused",
    "FormPost",
    "KeyRing",
    "PracticeLms",
    "PracticeSettings",
    "RefusedHere",
    "Registration",
    "create_practice_lms",
]


def create_practice_lms(settings: PracticeSettings) -> Flask:
    """The web application of a fresh practice LMS; the engine is at `app.extensions["practice_lms"]`."""
    return PracticeLms(settings).app
