"""What stands in a platform's gradebook (AGS 2.0, 3.3): one learner's result, or a whole column's."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.addresses import with_query
from lti_tool.columns import sub_address
from lti_tool.scopes import RESULT_SCOPE, RESULTS_TYPE
from lti_tool.service_calls import PlatformService

AS_GOOD_AS_EQUAL = 0.5
"""Percent by which a gradebook may round what we sent."""


@dataclass(frozen=True)
class Result:
    """The platform's grade for one learner, in the points of its column as they are now."""

    user_id: str
    score: float
    maximum: float

    @property
    def percent(self) -> float:
        return self.score / self.maximum * 100

    def is_ours(self, percent: float) -> bool:
        """Whether this is a score that we sent. Canvas keeps the points when a teacher changes the maximum, so a
        score of ours may stand there as points of the hundred we sent it as."""
        return any(abs(each - percent) <= AS_GOOD_AS_EQUAL for each in (self.percent, self.score))


def results_at(service: PlatformService, lineitem_url: str) -> Iterator[Result]:
    """Every graded learner of a column, page by page. Raises ServiceRefused, PagesLoop, ToldToStop."""
    yield from _results(service, sub_address(lineitem_url, "results"))


def result_of(service: PlatformService, lineitem_url: str, user_id: str) -> Result | None:
    """None when the platform has no grade for this learner. Raises ServiceRefused, PagesLoop, ToldToStop."""
    address = with_query(sub_address(lineitem_url, "results"), {"user_id": user_id})
    found = (result for result in _results(service, address) if result.user_id == user_id)
    return next(found, None)


def _results(service: PlatformService, url: str) -> Iterator[Result]:
    for page in service.pages(url, [RESULT_SCOPE], accept=RESULTS_TYPE):
        for shown in page.body if isinstance(page.body, list) else []:
            result = _result(shown)
            if result is not None:
                yield result


def _result(shown: Any) -> Result | None:
    if not isinstance(shown, dict) or shown.get("resultScore") is None or not shown.get("resultMaximum"):
        return None
    try:
        return Result(str(shown.get("userId")), float(shown["resultScore"]), float(shown["resultMaximum"]))
    except (TypeError, ValueError):
        return None
