"""Why a login or launch is refused, in words for the person who clicked."""

from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import ToolError
from core.messages import N_

OPEN_AGAIN = N_("Close this page and open the lesson again from your course.")
TELL_IT = N_(
    "Tell your teacher or the help desk, with the reference below. They can set this right in the LMS."
)


class LaunchRefused(ToolError):
    """A launch did not pass. Nothing was stored, but for the refusal itself where its platform is known.

    platform_id  the registration it came from, once that is certain (lti_tool.refused keeps the refusal for IT)
    """

    status, code = 400, "launch_refused"
    next_step = OPEN_AGAIN
    platform_id: int | None = None


@contextmanager
def refused_by(platform_id: int) -> Iterator[None]:
    """Whatever is refused inside is a matter of this platform."""
    try:
        yield
    except LaunchRefused as refusal:
        refusal.platform_id = platform_id
        raise


class UnknownPlatform(LaunchRefused):
    status, code = 404, "unknown_platform"
    next_step = N_(
        "If you look after the LMS: register it first (flask platform add, or the set-up page for your LMS). "
        "Otherwise tell your teacher or the help desk, with the reference below."
    )


class AmbiguousPlatform(LaunchRefused):
    code = "ambiguous_platform"
    next_step = TELL_IT


class NotOurAddress(LaunchRefused):
    """target_link_uri leads elsewhere; following it would make us an open redirect."""

    code = "not_our_address"
    next_step = TELL_IT


class StateRefused(LaunchRefused):
    code = "state_refused"


class OtherBrowser(StateRefused):
    """The launch came back without the cookie of the browser that began it (login CSRF, or cookies blocked)."""

    code = "other_browser"
    page = "lti_tool/other_browser.html"
    next_step = N_(
        "Open the lesson again. If this page comes back, open it in a new window or tab: your browser may be "
        "keeping cookies out of this frame."
    )

    def __init__(self, again: dict[str, str] | None = None) -> None:
        super().__init__(
            N_("This launch was not begun in this browser, or the browser kept our cookie back.")
        )
        self.shown = {"again": again}


class AlreadyOpened(StateRefused):
    """Back or reload on the launch itself; each launch opens once."""

    status, code = 401, "already_opened"


class TokenRefused(LaunchRefused):
    """The id_token does not hold."""

    status, code = 401, "token_refused"
    next_step = N_(
        "%(open_again)s If it happens again, tell your teacher or the help desk the reference below.",
        open_again=OPEN_AGAIN,
    )


class LinkExpired(TokenRefused):
    code = "link_expired"


class KeysOutOfReach(LaunchRefused):
    """The platform's keys can not be read just now."""

    status, code = 503, "keys_out_of_reach"
    next_step = N_("Wait a minute, then open the lesson again from your course.")


class ClaimRefused(LaunchRefused):
    code = "claim_refused"
    next_step = TELL_IT


class NotSupported(LaunchRefused):
    code = "message_not_supported"
    next_step = TELL_IT


class NobodyNamed(LaunchRefused):
    """No `sub`. Core 5.3.6.1 permits anonymous launches; nothing can be recorded for one, so we refuse (row 12)."""

    code = "nobody_named"
    next_step = TELL_IT


class MayNotChoose(LaunchRefused):
    """Deep linking by somebody who does not teach, run or write the course (row 113)."""

    status, code = 403, "may_not_choose"
    next_step = N_("Close this page. If you teach this course, ask the help desk to check your role in it.")


class UnknownDeployment(LaunchRefused):
    """Kept as pending; IT approves it with one command."""

    status, code = 403, "unknown_deployment"
    next_step = N_(
        "If you look after the LMS: approve it with flask platform approve-deployment. Otherwise tell your teacher "
        "or the help desk, with the reference below."
    )

    def __init__(self, platform_id: int, deployment_id: str) -> None:
        super().__init__(
            N_(
                "This course's installation (%(deployment_id)s) is not approved for this district yet.",
                deployment_id=deployment_id,
            )
        )
        self.platform_id, self.deployment_id = platform_id, deployment_id


class LmsRefused(LaunchRefused):
    """The platform answered the login with an error instead of an id_token (OpenID Connect Core 3.1.2.6)."""

    code = "lms_refused"
