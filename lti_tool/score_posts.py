"""One score, as the platform wants to read it, and what its answer means."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from pylti1p3.grade import Grade

from core.clock import now
from lti_tool import outcomes, quirks
from lti_tool.line_items import sub_address
from lti_tool.outcomes import SENT, Outcome
from lti_tool.scopes import RESULT_SCOPE, RESULTS_TYPE, SCORE_SCOPE, SCORE_TYPE
from lti_tool.service_calls import PlatformService, ServiceRefused

ALREADY_THERE = (400, 409)
"""What platforms answer to a timestamp they have seen: Moodle 409, Canvas and Open edX 400."""


@dataclass(frozen=True)
class ScorePost:
    lineitem_url: str
    user_id: str
    score: float
    """0 to 100."""
    scored_at: datetime
    family: str | None
    first: bool
    """Whether this learner has no score of ours in this column yet."""


def score_body(post: ScorePost) -> str:
    """Always Completed and FullyGraded: Canvas and Moodle wipe a grade when it is sent as anything less."""
    grade = (
        Grade()
        .set_score_given(post.score)
        .set_score_maximum(100)
        .set_timestamp(post.scored_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
        .set_activity_progress("Completed")
        .set_grading_progress("FullyGraded")
        .set_user_id(post.user_id)
    )
    return quirks.finish_score(grade, post.family, post.first).get_value()


def post_score(service: PlatformService, post: ScorePost, lineitem_url: str) -> Outcome:
    """Send it. Raises ServiceRefused, except where the refusal may mean that it is there already."""
    try:
        service.call(
            "POST",
            sub_address(lineitem_url, "scores"),
            [SCORE_SCOPE],
            content_type=SCORE_TYPE,
            data=score_body(post),
        )
    except ServiceRefused as refusal:
        if refusal.temporary or refusal.status not in ALREADY_THERE:
            raise
        return _judge(service, post, lineitem_url, refusal)
    return SENT


def _judge(service: PlatformService, post: ScorePost, lineitem_url: str, refusal: ServiceRefused) -> Outcome:
    """Is it refused because it arrived before? The platform's own result tells (row 124)."""
    theirs = _result(service, post, lineitem_url)
    if theirs is not None and abs(theirs - post.score) < 0.01:
        return SENT
    if refusal.status == 409 and theirs is None:
        # Nothing there, yet "newer exists": the grade was cleared, or their clock is ahead of ours.
        return (
            Outcome("waiting", wait=outcomes.FIRST_WAIT, counts=1, bump=now())
            if post.first
            else outcomes.refused(outcomes.WORDS[409])
        )
    if theirs is not None:
        return outcomes.refused(f"your LMS has another grade ({theirs:g} %) and kept it.")
    return outcomes.refused(outcomes.WORDS.get(refusal.status, outcomes.WORDS[400]))


def _result(service: PlatformService, post: ScorePost, lineitem_url: str) -> float | None:
    """The platform's own grade for this learner as a percentage; None when it has none or does not say."""
    separator = "&" if "?" in lineitem_url else "?"
    address = sub_address(lineitem_url, "results") + separator + urlencode({"user_id": post.user_id})
    try:
        found = service.call("GET", address, [RESULT_SCOPE], accept=RESULTS_TYPE).body
    except ServiceRefused:
        return None
    mine: list[dict[str, Any]] = [
        each for each in found or [] if isinstance(each, dict) and each.get("userId") == post.user_id
    ]
    if not mine or mine[0].get("resultScore") is None or not mine[0].get("resultMaximum"):
        return None
    return float(mine[0]["resultScore"]) / float(mine[0]["resultMaximum"]) * 100
