"""The gunicorn worker of this service: at a reload an old one goes once a new one answers, and not before.

`kill -HUP` has gunicorn start new workers and send the old ones away in the same breath. Ours import for some seconds
before they answer anybody, and in those seconds a port would wait for nobody and be given what its RADIUS server
remembers. So an old worker that is told to go looks first whether the youngest one is ready.
"""

import mmap
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

PATIENCE = 300.0
"""Seconds, in case the youngest was killed before it was ready. gunicorn says "go" again and again meanwhile."""
LOOKS = 0.1
"""Seconds between two looks at who is ready."""
AGES = 4096
"""Workers are told apart by their number, counted on from the first; after so many the board begins again."""

_youngest = memoryview(mmap.mmap(-1, 8)).cast("Q")
_ready = mmap.mmap(-1, AGES)
"""Shared by the master, who imports this, and everybody it forks."""


class Successor(ThreadWorker):  # type: ignore[misc]  # gunicorn carries no types
    """Told to go, it stays until the youngest worker there was at that moment is ready, or is going as well."""

    def __init__(self, age: int, *rest: Any) -> None:
        super().__init__(age, *rest)  # in the master, before the fork
        _ready[age % AGES] = 0
        _youngest[0] = age
        self.alive: bool = True
        self._waits_for = 0
        self._waits_until = 0.0

    def init_process(self) -> None:
        try:
            super().init_process()
        finally:
            self._await_no_more()

    def run(self) -> None:
        self.log.info("Worker answers from now on (pid: %s)", self.pid)
        self._await_no_more()
        super().run()

    def handle_exit(self, sig: int, frame: Any) -> None:
        self._await_no_more()
        if self._waits_for:
            return  # told again
        if _ready[_youngest[0] % AGES]:
            super().handle_exit(sig, frame)
            return
        self._waits_for, self._waits_until = _youngest[0], time.monotonic() + PATIENCE
        self.method_queue.defer(lambda: None)  # wakes who waits for events

    def _await_no_more(self) -> None:
        _ready[self.age % AGES] = 1

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        waits = self.alive and self._waits_for > 0
        super().wait_for_and_dispatch_events(min(timeout, LOOKS) if waits else timeout)
        if waits and (_ready[self._waits_for % AGES] or time.monotonic() > self._waits_until):
            self.alive = False
