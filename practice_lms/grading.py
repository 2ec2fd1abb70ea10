"""What becomes of a score in each LMS's gradebook. Rules only: records in, a record or a refusal out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from practice_lms.people import Membership
from practice_lms.state import LineItem, Result

ACTIVITY = ("Initialized", "Started", "InProgress", "Submitted", "Completed")
GRADING = ("FullyGraded", "Pending", "PendingManual", "Failed", "NotReady")
CANVAS_SUBMISSION = "https://canvas.instructure.com/lti/submission"


class ScoreRefused(Exception):
    """The message is the reason; `status` is HTTP's."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True)
class Score:
    """A score as read from a request body (AGS 3.4.1)."""

    user_id: str
    timestamp: datetime
    activity: str
    grading: str
    given: float | None
    maximum: float | None
    comment: str | None
    extension: dict[str, Any]


def read_score(body: Any) -> Score:
    if not isinstance(body, dict):
        raise ScoreRefused(400, "The score is not a JSON object")
    for name in ("userId", "timestamp", "activityProgress", "gradingProgress"):
        if not isinstance(body.get(name), str) or not body[name]:
            raise ScoreRefused(400, f"{name} is missing")
    if body["activityProgress"] not in ACTIVITY or body["gradingProgress"] not in GRADING:
        raise ScoreRefused(400, "activityProgress or gradingProgress is not one of the specification's words")
    return Score(
        user_id=body["userId"],
        timestamp=_moment(body["timestamp"]),
        activity=body["activityProgress"],
        grading=body["gradingProgress"],
        given=_number(body, "scoreGiven"),
        maximum=_number(body, "scoreMaximum"),
        comment=body.get("comment"),
        extension=body.get(CANVAS_SUBMISSION) or {},
    )


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ScoreRefused(400, "timestamp is not an ISO 8601 time") from error
    if moment.tzinfo is None:
        raise ScoreRefused(400, "timestamp has no time zone")
    return moment


def _number(body: dict[str, Any], name: str) -> float | None:
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ScoreRefused(400, f"{name} is not a number from 0 up")
    return float(value)


class SpecificationGrading:
    """What AGS 2.0 itself asks; Schoology's own error codes are not known, so it grades like this."""

    stranger_status = 400
    missing_maximum_status = 400
    full_points = ("FullyGraded", "PendingManual", "Pending")

    def take(
        self, item: LineItem, standing: Result | None, score: Score, member: Membership | None, now: datetime
    ) -> Result:
        """The person's new standing in the column. Raises ScoreRefused."""
        if score.given is not None and not score.maximum:
            raise ScoreRefused(self.missing_maximum_status, "scoreMaximum is missing or not above 0")
        self.check_person(member)
        self.check_extension(score, now)
        if standing:
            self.check_time(standing, score)
        attempts = standing.attempts + 1 if standing else 1
        return Result(
            item.id, score.user_id, self.points(item, standing, score), self.comment(standing, score),
            score.timestamp, score.activity, score.grading, now, attempts,
        )  # fmt: skip

    def check_person(self, member: Membership | None) -> None:
        if member is None or member.role != "Learner" or member.status != "Active":
            raise ScoreRefused(self.stranger_status, "User is not a student in this course")

    def check_extension(self, score: Score, now: datetime) -> None:
        pass

    def check_time(self, standing: Result, score: Score) -> None:
        """AGS 3.4.9: a later timestamp on record is never overwritten by an earlier one."""
        if score.timestamp < standing.timestamp:
            raise ScoreRefused(409, "A later score is on record")

    def points(self, item: LineItem, standing: Result | None, score: Score) -> float | None:
        if score.grading not in self.full_points or score.given is None:
            return standing.score if standing else None
        return _scaled(item, score)

    def comment(self, standing: Result | None, score: Score) -> str | None:
        return score.comment if score.comment is not None or standing is None else standing.comment


def _scaled(item: LineItem, score: Score) -> float:
    return round((score.given or 0) / (score.maximum or 1) * item.score_maximum, 4)


class CanvasGrading(SpecificationGrading):
    """canvas-lms app/controllers/lti/ims/scores_controller.rb."""

    stranger_status = 422  # also what an unpublished course answers (PrairieLearn #11292)
    missing_maximum_status = 422

    def check_time(self, standing: Result, score: Score) -> None:
        if score.timestamp < standing.timestamp:
            raise ScoreRefused(400, "Timestamp must be later than the last one on record")

    def check_extension(self, score: Score, now: datetime) -> None:
        submitted = score.extension.get("submitted_at")
        if submitted and _moment(submitted) > now + timedelta(minutes=1):
            raise ScoreRefused(400, "submitted_at is in the future")

    def points(self, item: LineItem, standing: Result | None, score: Score) -> float | None:
        """Anything but FullyGraded or PendingManual clears the grade, unless told to preserve it."""
        kept = standing.score if standing else None
        if score.extension.get("preserve_score"):
            return kept
        if standing and standing.overridden and score.extension.get("prioritize_non_tool_grade"):
            return kept
        if score.grading not in ("FullyGraded", "PendingManual"):
            return None
        return kept if score.given is None else _scaled(item, score)


class MoodleGrading(SpecificationGrading):
    """Moodle 4.5.6, mod/lti/service/gradebookservices, seen over the wire."""

    def take(
        self, item: LineItem, standing: Result | None, score: Score, member: Membership | None, now: datetime
    ) -> Result:
        taken = super().take(item, standing, score, member, now)
        if standing and standing.overridden:  # answered 200, and the teacher's value stays
            return replace(standing, timestamp=score.timestamp, attempts=taken.attempts)
        return taken

    def check_person(self, member: Membership | None) -> None:
        """A suspended pupil's score is taken; anyone without a graded role is 400."""
        if member is None or member.role != "Learner" or member.status == "Deleted":
            raise ScoreRefused(400, "Incorrect score received, user cannot be graded")

    def check_time(self, standing: Result, score: Score) -> None:
        """Whole seconds: a second score within one second is refused, and so is a retry of an accepted
        one.
        """
        if int(score.timestamp.timestamp()) <= int(standing.timestamp.timestamp()):
            raise ScoreRefused(409, "Refusing score with an earlier timestamp")

    def points(self, item: LineItem, standing: Result | None, score: Score) -> float | None:
        """Not FullyGraded, or no scoreGiven: the grade is wiped. Above the maximum: cut."""
        if score.grading != "FullyGraded" or score.given is None:
            return None
        return min(_scaled(item, score), item.score_maximum)

    def comment(self, standing: Result | None, score: Score) -> str | None:
        """A score without a comment wipes the earlier comment."""
        return score.comment


GRADING_OF: dict[str, SpecificationGrading] = {
    "canvas": CanvasGrading(),
    "schoology": SpecificationGrading(),
    "moodle": MoodleGrading(),
}
