"""Why a platform gives us no token, in words for IT, kept with the platform until it does."""

from core.database import db
from core.logs import log
from lti_tool.models import Platform
from lti_tool.scopes import spoken
from lti_tool.service_calls import NoToken, ScopeOff


def in_words_for_it(refusal: NoToken) -> str:
    if isinstance(refusal, ScopeOff):
        return (
            f"The LMS does not let this service {spoken(refusal.scopes)}: it gives us no token for the scope "
            f"{' '.join(refusal.scopes)}. Turn it on for this tool in the LMS."
        )
    return (
        f"The LMS gives us no token ({refusal.status or 'no answer'}). Check that it can read our keys at /lti/jwks, "
        "that our client id is the one it gave, and that the tool is switched on there."
    )


def note_problem(platform_id: int, service: str, refusal: NoToken | None) -> None:
    """`service` is "scores" or "rosters"; None when it works again. Joins the transaction under way, if any."""
    platform = db.get_one(Platform, platform_id, with_for_update=True)
    others = {name: words for name, words in platform.service_problems.items() if name != service}
    now_standing = others | ({service: in_words_for_it(refusal)} if refusal else {})
    if now_standing != platform.service_problems:
        platform.service_problems = now_standing
        log.info("service_problem", platform=platform_id, service=service, stands=refusal is not None)
