"""So many in a minute for each key, counted in this process: a brake on whoever tries things out.

With several processes each counts for itself, so that the whole lets through at most so many times more. Nothing is
written down: who has to wait is forgotten when the minute is over.
"""

import math
import threading
from datetime import datetime, timedelta

from core.clock import now

WINDOW = timedelta(minutes=1)
MOST_KEYS = 10_000
"""When more than these are counted in one minute all are forgotten: memory has an end, whoever is at the door."""


class Pace:
    def __init__(self, most: int) -> None:
        self.most = most
        self._began_at: datetime | None = None
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()

    def wait(self, key: str) -> int:
        """Count one more. Seconds until the next may come; 0 while there are not too many."""
        with self._lock:
            left = self._left()
            self._counts[key] = self._counts.get(key, 0) + 1
            return left if self._counts[key] > self.most else 0

    def full(self, key: str) -> int:
        """The same without counting: seconds to wait, 0 while one more would be let through."""
        with self._lock:
            left = self._left()
            return left if self._counts.get(key, 0) >= self.most else 0

    def _left(self) -> int:
        at = now()
        if (
            self._began_at is None
            or not self._began_at <= at < self._began_at + WINDOW
            or len(self._counts) > MOST_KEYS
        ):
            self._began_at, self._counts = at, {}
        return max(1, math.ceil((self._began_at + WINDOW - at).total_seconds()))

    def forget(self) -> None:
        """Begin anew, as with a new process."""
        with self._lock:
            self._began_at = None
