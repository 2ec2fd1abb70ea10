"""What a teacher picked, as content items of a deep-linking response (DL 2.0, section 3.2).

pylti1p3's builder writes nulls and knows neither dates nor presentation, so the items are our own. A property that
has nothing to say is left out, since a null in it breaks some platforms (row 115).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lti_tool.models import DeepLinkingRequest
from lti_tool.targets import custom_of

RESOURCE_LINK = "ltiResourceLink"
SCORE_MAXIMUM = 100
FRAME = {"width": 800, "height": 640}

REVIEW = {"reviewableStatus": ["Completed"]}
"""A gradebook may open the work behind a score, through the link itself (LtiSubmissionReviewRequest)."""


@dataclass(frozen=True)
class Choice:
    """One link to be made. `path` is on our host; `resource_id` is None for what has no gradebook column."""

    path: str
    title: str
    text: str
    resource_id: str | None = None
    tag: str = ""
    opens_at: datetime | None = None
    due_at: datetime | None = None


def takes_links(request: DeepLinkingRequest) -> bool:
    """Whether this place in the LMS takes links that open a tool at all (row 106)."""
    return RESOURCE_LINK in request.accept_types


def content_item(choice: Choice, request: DeepLinkingRequest, public_url: str) -> dict[str, Any]:
    item = {
        "type": RESOURCE_LINK,
        "title": choice.title,
        "text": choice.text,
        "url": public_url + choice.path,
        "custom": custom_of(choice.path),
        "lineItem": _line_item(choice, request),
        "available": {"startDateTime": choice.opens_at.isoformat()} if choice.opens_at else None,
        "submission": {"endDateTime": choice.due_at.isoformat()} if choice.due_at else None,
        **_presentation(request),
    }
    return {name: value for name, value in item.items() if value}


def _line_item(choice: Choice, request: DeepLinkingRequest) -> dict[str, Any] | None:
    if choice.resource_id is None or request.accept_lineitem is False:
        return None
    return {
        "label": choice.title,
        "scoreMaximum": SCORE_MAXIMUM,
        "resourceId": choice.resource_id,
        "tag": choice.tag,
        "submissionReview": REVIEW,
    }


def _presentation(request: DeepLinkingRequest) -> dict[str, Any]:
    """In a frame where the platform keeps that wish, else in a window, else as it likes (row 108)."""
    if "iframe" in request.accept_targets:
        return {"iframe": FRAME}
    if "window" in request.accept_targets:
        return {"window": {"targetName": "_blank"}}
    return {}
