"""Where a reader is in a list or in the log: opaque, signed, and good in its own district only.

    cursor   the place in a listing, with the number of the log at which the listing began
    delta    a number of the log; changes after it are still to be read
    place    the place in a list of completions
All carry the filters they were made with, so that a reader can not mix two lists.
"""

from dataclasses import astuple, dataclass

from itsdangerous import BadData, URLSafeTimedSerializer

from core.errors import ToolError

DELTA_DAYS = 30
CURSOR_DAYS = 1
DAY = 86_400


class DeltaExpired(ToolError):
    status, code = 410, "delta-expired"


class OddCursor(ToolError):
    status, code = 422, "odd_cursor"


@dataclass(frozen=True)
class Filters:
    requirement: str | None = None
    audience: str | None = None


@dataclass(frozen=True)
class Cursor:
    filters: Filters
    began_at_seq: int
    after_requirement: str
    after_id: int


@dataclass(frozen=True)
class Delta:
    filters: Filters
    seq: int


@dataclass(frozen=True)
class CompletionFilters:
    requirement: str | None = None
    lesson: str | None = None
    period: str | None = None
    audience: str | None = None


@dataclass(frozen=True)
class Place:
    filters: CompletionFilters
    after_id: int


class Bookmarks:
    """Makes and reads the bookmarks of one district."""

    def __init__(self, secret_key: str, district_id: int) -> None:
        self.district_id = district_id
        self.cursors = URLSafeTimedSerializer(secret_key, salt="standings-cursor")
        self.deltas = URLSafeTimedSerializer(secret_key, salt="standings-delta")
        self.places = URLSafeTimedSerializer(secret_key, salt="completions-place")

    def cursor(self, cursor: Cursor) -> str:
        place = [cursor.began_at_seq, cursor.after_requirement, cursor.after_id]
        return _text(self.cursors.dumps([self.district_id, *astuple(cursor.filters), *place]))

    def read_cursor(self, text: str) -> Cursor:
        """Raises OddCursor."""
        try:
            district_id, requirement, audience, *place = self.cursors.loads(text, max_age=CURSOR_DAYS * DAY)
        except (BadData, ValueError, TypeError):
            district_id = None
        self._of_this_district(district_id)
        return Cursor(Filters(requirement, audience), *place)

    def place(self, place: Place) -> str:
        return _text(self.places.dumps([self.district_id, *astuple(place.filters), place.after_id]))

    def read_place(self, text: str) -> Place:
        """Raises OddCursor."""
        try:
            district_id, *filters, after_id = self.places.loads(text, max_age=CURSOR_DAYS * DAY)
        except (BadData, ValueError, TypeError):
            district_id = None
        self._of_this_district(district_id)
        return Place(CompletionFilters(*filters), after_id)

    def _of_this_district(self, district_id: int | None) -> None:
        if district_id != self.district_id:
            raise OddCursor(
                "This cursor is not one of ours, or older than a day. List again without it.", field="cursor"
            )

    def delta(self, delta: Delta) -> str:
        return _text(self.deltas.dumps([self.district_id, *astuple(delta.filters), delta.seq]))

    def read_delta(self, text: str, last_seq: int) -> Delta:
        """Raises DeltaExpired also for what is not ours or from after a restored backup: the cure is the same."""
        try:
            district_id, requirement, audience, seq = self.deltas.loads(text, max_age=DELTA_DAYS * DAY)
        except (BadData, ValueError, TypeError):
            district_id, seq = None, 0
        if district_id != self.district_id or seq > last_seq:
            raise DeltaExpired(
                f"This delta is older than {DELTA_DAYS} days or not of this district's log. "
                "List all standings again and go on from the delta on its last page.",
                field="delta",
            )
        return Delta(Filters(requirement, audience), seq)


def _text(token: str | bytes) -> str:
    return token if isinstance(token, str) else token.decode()
