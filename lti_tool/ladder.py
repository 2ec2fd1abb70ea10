"""A launch in a frame of a browser that keeps our cookie back, rung by rung (docs/decisions/0011).

The login's page finds the first place that keeps a secret until the launch: our cookie after all, the frame's own
storage, the platform's storage, the cookie of a window of our own where the reader allows it (Storage Access). The
launch's page looks there and posts the launch once more, the secret in a header. The state is bound to the secret's
hash on every rung, so a state that comes to another browser opens nothing.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, jsonify, render_template, request

from core.errors import Forbidden
from core.language import translated
from core.messages import N_
from core.problems import answer_tool_error
from lti_tool.launch_state import LaunchState
from lti_tool.login import Login
from lti_tool.refusals import OtherBrowser
from lti_tool.registrations import Registered, registered
from people.carried import carrying
from people.sign_in import (
    FRAMES,
    HEADER,
    anyone,
    cookie_secrets,
    fitting,
    set_browser_cookie,
)

blueprint = Blueprint("ladder", __name__, url_prefix="/lti/browser", template_folder="templates")
blueprint.before_request(anyone)  # asked before anybody is someone

A_SECRET = re.compile(r"[\w-]{32}")
"""As core.sealed.new_secret makes them."""


def in_a_frame() -> bool:
    """Whether this is a whole page inside another. A browser that does not say so is taken at its cookie's word."""
    return request.headers.get("Sec-Fetch-Dest") in FRAMES


def in_a_window() -> bool:
    """Whether this is a window's own page: there our cookie is at home."""
    return request.headers.get("Sec-Fetch-Dest") == "document"


def opening_page(login: Login, secret: str) -> Response:
    """The login's quiet page: gives the browser our cookie, and a script that finds out what it keeps."""
    page = render_template(
        "lti_tool/opening.html",
        address=login.address,
        secret=secret,
        again=login.asked,
        kept=_kept(login.state, registered(login.state.platform_id)),
    )
    answer = carrying(Response(page))
    set_browser_cookie(answer, secret, of_its_own=True)
    return answer


def kept_by_script(state: LaunchState, secrets: list[str]) -> bool:
    """Whether a script of ours may still find the secret of this state: a frame that began without a cookie."""
    return state.again is not None and in_a_frame() and fitting(state.browser_hash, secrets) is None


def arriving_page(state: LaunchState, platform: Registered, form: Mapping[str, str]) -> Response:
    """The launch's quiet page. It holds the form as it came, id_token and all, and is kept nowhere."""
    refused = OtherBrowser(state.again)
    page = render_template(
        "lti_tool/arriving.html",
        form={name: form.get(name, "") for name in ("id_token", "state")},
        message=translated(refused.message),
        next_step=translated(refused.next_step),
        again=state.again,
        kept=_kept(state, platform),
        reference=g.reference,
    )
    return carrying(Response(page))


def _kept(state: LaunchState, platform: Registered) -> dict[str, str]:
    """Where the platform keeps things for us: the frame it named, at the origin of its authorization endpoint."""
    url = urlsplit(platform.auth_login_url)
    target = (state.again or {}).get("lti_storage_target", "")
    return {"key": state.kept_as, "target": target, "origin": f"{url.scheme}://{url.netloc}"}


@blueprint.get("")
def came_back() -> Response:
    """{"cookie": whether the secret in the header also came in a cookie}."""
    return jsonify(cookie=bool(_carried() in cookie_secrets()))


@blueprint.post("")
def keep() -> Response:
    """Puts the secret into the cookie of our own windows, which the reader has just opened to this frame."""
    answer = Response(status=204)
    set_browser_cookie(answer, _carried(), of_its_own=True, partitioned=False)
    return answer


def _carried() -> str:
    """Only a script of ours can send it: that is what keeps another site from giving this browser its secret."""
    secret = request.headers.get(HEADER, "")
    if not A_SECRET.fullmatch(secret):
        raise Forbidden(N_("This address is for our own pages."))
    return secret


def other_browser(refused: OtherBrowser) -> Response:
    """Its page has a form that begins again in a window of its own, and leads on to the platform."""
    if in_a_window():
        refused.shown["again"] = None  # that window is this one
    answer = carrying(answer_tool_error(refused))
    answer.headers["X-Refused"] = refused.code  # the launch's script looks in the next place
    return answer
