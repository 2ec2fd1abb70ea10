"""The addresses a platform knows: login, launch, notices and our keys."""

from contextlib import suppress

from flask import Blueprint, Response, g, jsonify, redirect, request

from core.current import current_settings
from core.database import db
from core.framing import let_frame
from core.messages import N_
from core.problems import answer_tool_error
from core.sealed import new_secret
from core.settings import Settings
from lti_tool.id_tokens import PlatformLaunch
from lti_tool.keys import published_keys
from lti_tool.ladder import (
    arriving_page,
    in_a_frame,
    in_a_window,
    kept_by_script,
    opening_page,
    other_browser,
)
from lti_tool.launch_state import LaunchState, read_state, same_browser
from lti_tool.launches import accept_launch, remember_deployment
from lti_tool.login import begin_login
from lti_tool.notices import take_notices
from lti_tool.refusals import (
    LaunchRefused,
    LmsRefused,
    OtherBrowser,
    StateRefused,
    UnknownDeployment,
    refused_by,
)
from lti_tool.refused import keep_refusal
from lti_tool.registrations import fitting, registered
from people.sign_in import VISIT, anyone, browser_secret, browser_secrets, set_browser_cookie

blueprint = Blueprint("lti", __name__, url_prefix="/lti")
blueprint.before_request(anyone)  # a launch is how somebody becomes someone

JWKS_MAX_AGE = 3600
LONGEST_REASON = 300
"""Characters of a platform's own words that we repeat, escaped."""


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> Response:
    settings, known = current_settings(), browser_secret()
    browser = known or new_secret()
    candidates = fitting(request.values.get("iss", ""), request.values.get("client_id"))
    if len(candidates) == 1:
        let_frame(candidates[0].framed_by)
    begun = begin_login(
        request.values,
        browser,
        settings.public_url,
        settings.secret_key,
        cookie_kept=bool(known) or in_a_window(),
    )
    if not known and in_a_frame():
        return opening_page(begun, browser)
    answer = redirect(begun.address)
    set_browser_cookie(answer, browser)  # type: ignore[arg-type]
    return answer  # type: ignore[return-value]


@blueprint.post("/launch")
def launch() -> Response:
    settings = current_settings()
    if request.form.get("error"):
        raise _lms_refused(settings)
    state = read_state(request.form.get("state", ""), settings.secret_key)
    with refused_by(state.platform_id):
        return _opened(state, settings)


def _lms_refused(settings: Settings) -> LmsRefused:
    """The LMS' own words, for the reader alone; a state of ours that came along says which LMS it was."""
    why = request.form.get("error_description") or request.form["error"]
    refusal = LmsRefused(N_("Your LMS stopped the launch: %(why)s", why=why[:LONGEST_REASON]))
    with suppress(StateRefused):
        state = read_state(request.form.get("state", ""), settings.secret_key)
        same_browser(state, browser_secrets())
        refusal.platform_id = state.platform_id
    return refusal


def _opened(state: LaunchState, settings: Settings) -> Response:
    platform = registered(state.platform_id)
    let_frame(platform.framed_by)
    secrets = browser_secrets()
    if kept_by_script(state, secrets):
        return arriving_page(state, platform, request.form)
    browser = same_browser(state, secrets)
    try:
        claims = PlatformLaunch(request.form.to_dict(), platform, state).claims()
    except UnknownDeployment as unknown:
        remember_deployment(platform.id, platform.district_id, unknown.deployment_id)
        db.commit()  # a refusal that must leave a trace: IT approves what it names
        raise
    opened = accept_launch(platform, claims, state.nonce, browser, settings.public_url)
    return redirect(f"{settings.public_url}{opened.path}?{VISIT}={opened.visit}", code=303)  # type: ignore[return-value]


@blueprint.errorhandler(LaunchRefused)
def keep_and_answer(refusal: LaunchRefused) -> Response:
    """Whatever the request did is undone first; what is kept for IT is a transaction of its own."""
    db.rollback()
    keep_refusal(refusal, g.reference)
    return other_browser(refusal) if isinstance(refusal, OtherBrowser) else answer_tool_error(refusal)


@blueprint.post("/notices")
def notices() -> Response:
    """What a platform tells us on its own; it is a program, so a refusal is problem+json."""
    return jsonify(notices=take_notices(request.get_json(silent=True, force=True)))


@blueprint.get("/jwks")
def jwks() -> Response:
    answer = jsonify(keys=published_keys())
    answer.headers["Cache-Control"] = f"public, max-age={JWKS_MAX_AGE}"
    return answer
