"""The gradebook itself: columns, results and the history of every score received. The HTTP side is
`ags.py`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from practice_lms.grading import GRADING_OF, ScoreRefused, read_score
from practice_lms.people import SCHOOL_YEAR, Course, Link, Person
from practice_lms.state import LineItem, Result, ScoreReceived

if TYPE_CHECKING:
    from practice_lms.lms import PracticeLms


class Gradebook:
    def __init__(self, lms: PracticeLms) -> None:
        self.lms = lms
        self.state = lms.state
        self._first_columns()

    def _first_columns(self) -> None:
        for link in self.lms.world.links.values():
            if link.points is not None:
                resource_id, tag = (link.key, SCHOOL_YEAR) if link.deep_linked else ("", "")
                self.add_column(
                    link.course, link.title, link.points, resource_id=resource_id, tag=tag, link=link.key
                )

    def add_column(
        self,
        course: str,
        label: str,
        score_maximum: float,
        *,
        resource_id: str = "",
        tag: str = "",
        link: str | None = None,
        made_by_tool: bool = False,
    ) -> LineItem:
        with self.state.lock:
            number = str(next(self.state.numbers))
            item = LineItem(number, course, label, score_maximum, resource_id, tag, link, made_by_tool)
            self.state.line_items[number] = item
            return item

    def columns(self, course: str | Course) -> list[LineItem]:
        key = self.lms.world.course(course).key
        with self.state.lock:
            return [item for item in self.state.line_items.values() if item.course == key]

    def column(self, named: str | Link) -> LineItem | None:
        """By the key of its course item, or else by resourceId."""
        key = named if isinstance(named, str) else named.key
        with self.state.lock:
            items = list(self.state.line_items.values())
        found = [i for i in items if i.link == key] or [i for i in items if i.resource_id == key]
        return found[0] if found else None

    def lineitem_claim(self, link: Link) -> dict[str, str]:
        """`lineitem` is claimed only where exactly one column belongs to the link (AGS 3.1.1)."""
        with self.state.lock:
            own = [item for item in self.state.line_items.values() if item.link == link.key]
        if len(own) != 1:
            return {}
        # Moodle: after the tool made a column for a link without one, the claim is empty, not absent
        # (4.5.6).
        if own[0].made_by_tool and self.lms.personality.name == "moodle":
            return {"lineitem": ""}
        return {"lineitem": self.lms.lineitem_url(own[0])}

    @property
    def scores(self) -> list[ScoreReceived]:
        with self.state.lock:
            return list(self.state.scores)

    def scores_for(self, person: str | Person, link: str | Link | None = None) -> list[ScoreReceived]:
        user_id, item = self.lms.user_id(person), self.column(link) if link else None
        return [
            score
            for score in self.scores
            if score.user_id == user_id and (link is None or (item and score.line_item_id == item.id))
        ]

    def result(self, person: str | Person, named: str | Link) -> Result | None:
        item = self.column(named)
        return self.state.results.get((item.id, self.lms.user_id(person))) if item else None

    def receive(self, item: LineItem, body: Any, headers: dict[str, str]) -> Result:
        """Take one score or refuse it, and write down that it came. Raises ScoreRefused."""
        now = datetime.now(UTC)
        user_id = str(body.get("userId", "")) if isinstance(body, dict) else ""
        with self.state.lock:
            try:
                result = self._take(item, body, now)
            except ScoreRefused as refusal:
                refused = ScoreReceived(item.id, user_id, body, headers, now, refusal.status, str(refusal))
                self.state.scores.append(refused)
                raise
            self.state.results[item.id, user_id] = result
            self.state.scores.append(ScoreReceived(item.id, user_id, body, headers, now, 200, ""))
        return result

    def _take(self, item: LineItem, body: Any, now: datetime) -> Result:
        score = read_score(body)
        member = self.lms.memberships.membership_by_user_id(score.user_id, item.course)
        standing = self.state.results.get((item.id, score.user_id))
        return GRADING_OF[self.lms.personality.name].take(item, standing, score, member, now)

    def column_numbered(self, number: str) -> LineItem | None:
        return self.state.line_items.get(number)

    def _column(self, named: str | Link | LineItem) -> LineItem:
        item = named if isinstance(named, LineItem) else self.column(named)
        if item is None:
            raise LookupError(f"there is no gradebook column for {named!r}")
        return item

    def change_maximum(
        self, named: str | Link | LineItem, score_maximum: float, rescale: bool | None = None
    ) -> None:
        """The teacher changes what a column is out of; `rescale` where it is the tool (AGS 3.2.8)."""
        item = self._column(named)
        with self.state.lock:
            if self.lms.personality.rescales if rescale is None else rescale:
                for (column, _), result in self.state.results.items():
                    if column == item.id and result.score is not None:
                        result.score *= score_maximum / item.score_maximum
            item.score_maximum = score_maximum

    def delete_column(self, named: str | Link | LineItem) -> None:
        """The teacher deletes a column with every grade in it."""
        item = self._column(named)
        with self.state.lock:
            self.state.line_items.pop(item.id, None)
            for key in [key for key in self.state.results if key[0] == item.id]:
                del self.state.results[key]

    def override(self, person: str | Person, named: str | Link | LineItem, score: float | None) -> Result:
        """The teacher types a grade over the tool's; None clears it."""
        item = self._column(named)
        user_id, now = self.lms.user_id(person), datetime.now(UTC)
        with self.state.lock:
            standing = self.state.results.get((item.id, user_id)) or Result(
                item.id, user_id, None, None, now, "Completed", "FullyGraded", now, 0
            )
            result = replace(standing, score=score, overridden=True, received_at=now)
            self.state.results[item.id, user_id] = result
        return result

    def clear(self) -> None:
        """An empty gradebook with its first columns."""
        with self.state.lock:
            self.state.results.clear()
            self.state.scores.clear()
            self.state.line_items.clear()
            self._first_columns()
