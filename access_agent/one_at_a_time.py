"""One run at a time: a timer that fires while the last run still works changes nothing."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from access_agent.errors import AgentError, OddSettings


@contextmanager
def alone(state_file: Path) -> Iterator[None]:
    """Holds a lock beside the state file; the system lets go of it when the process ends, however it ends.

    Raises AgentError when another run holds it.
    """
    path = state_file.with_name(state_file.name + ".lock")
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise OddSettings(f"state_file: {error.strerror}") from error
    try:
        try:
            _lock(handle)
        except OSError as error:
            raise AgentError("another run is still at work; this one changes nothing") from error
        yield
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
