"""One score, as the platform wants to read it, and what its answer means."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pylti1p3.grade import Grade

from core.clock import now
from core.messages import Message
from lti_tool import outcomes, quirks
from lti_tool.columns import SCORE_MAXIMUM, sub_address
from lti_tool.outcomes import SENT, Outcome
from lti_tool.results import Result, result_of
from lti_tool.scopes import SCORE_SCOPE, SCORE_TYPE
from lti_tool.service_calls import PagesLoop, PlatformService, ScopeOff, ServiceRefused

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
    teachers_grade_stands: bool = True
    """Whether the district wants a grade that a teacher changed to be left alone."""


def score_body(post: ScorePost) -> str:
    """Always Completed and FullyGraded: Canvas and Moodle wipe a grade when it is sent as anything less."""
    grade = (
        Grade()
        .set_score_given(post.score)
        .set_score_maximum(SCORE_MAXIMUM)
        .set_timestamp(post.scored_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
        .set_activity_progress("Completed")
        .set_grading_progress("FullyGraded")
        .set_user_id(post.user_id)
    )
    return quirks.finish_score(grade, post.family, post.first, post.teachers_grade_stands).get_value()


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
    if theirs is not None and theirs.is_ours(post.score):
        return SENT
    if refusal.status == 409 and theirs is None:
        # Nothing there, yet "newer exists": the grade was cleared, or their clock is ahead of ours.
        return (
            Outcome("waiting", wait=outcomes.FIRST_WAIT, counts=1, bump=now())
            if post.first
            else outcomes.refused(outcomes.WORDS[409])
        )
    if theirs is not None:
        return outcomes.refused(Message(outcomes.ANOTHER_GRADE, grade=f"{theirs.percent:.4g}"))
    return outcomes.refused(outcomes.WORDS.get(refusal.status, outcomes.WORDS[400]))


def teacher_changed(
    service: PlatformService, post: ScorePost, lineitem_url: str, ours: Iterable[float], patient: bool
) -> bool:
    """Whether the grade that stands in the platform is none of those we put there (row 126).

    `ours` are the score it took last and those whose answers were lost. A grade that was cleared was not changed.
    A platform that does not say is asked again while we are patient. Raises ServiceRefused for that, ToldToStop.
    """
    try:
        theirs = result_of(service, lineitem_url, post.user_id)
    except ServiceRefused as refusal:
        if patient and refusal.temporary and not isinstance(refusal, ScopeOff):
            raise
        return False
    except PagesLoop:
        return False
    return theirs is not None and not any(theirs.is_ours(each) for each in (post.score, *ours))


def _result(service: PlatformService, post: ScorePost, lineitem_url: str) -> Result | None:
    """The platform's own grade for this learner; None when it has none or never says.

    Raises ServiceRefused where it does not say just now: it is asked again rather than judged, for the score it
    refuses may well be the one it has.
    """
    try:
        return result_of(service, lineitem_url, post.user_id)
    except ServiceRefused as refusal:
        if refusal.temporary and not isinstance(refusal, ScopeOff):
            raise
        return None
    except PagesLoop:
        return None
