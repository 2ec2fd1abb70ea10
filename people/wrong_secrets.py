"""Wrong secrets of programs, counted by client id and by address: after some in a minute, wait.

A right secret always opens, however many wrong ones came before it. So nobody who guesses, from another address or
from behind the same one, can shut out a district's own program; and guessing gains nothing by it, against 256 bits of
chance. A script in a loop is told to slow down, and whoever looks after it to look.

Counted in each process for itself and in its memory only: with two workers, up to twice as many are answered 401.
"""

import ipaddress
import math
import threading
from datetime import datetime, timedelta

from core.clock import now
from core.database import forget_with_database

WINDOW = timedelta(minutes=1)
MOST_FOR_A_CLIENT = 10
MOST_FROM_AN_ADDRESS = 30
MOST_REMEMBERED = 10_000
"""Names somebody may make up; the oldest minutes go first. Addresses are forgotten with their minute."""

_tries: dict[str, tuple[datetime, int]] = {}
"""{whom it counts for: (when the minute began, how many)}, in the order in which the minutes began."""
_lock = threading.Lock()

forget_with_database(_tries.clear)


def note_wrong_secret(client_id: str, address: str | None) -> int | None:
    """Count one. Seconds to wait when there were too many in this minute, else None."""
    counted: dict[str, int] = {}
    if client_id:
        counted[f"client {client_id[:80]}"] = MOST_FOR_A_CLIENT
    if address:
        counted[f"address {_network(address)}"] = MOST_FROM_AN_ADDRESS
    at = now()
    with _lock:
        _forget_before(at)
        waits = [_count(whom, most, at) for whom, most in counted.items()]
    return max(waits, default=0) or None


def _forget_before(at: datetime) -> None:
    """Whose minute is over, and the oldest of too many."""
    while _tries:
        oldest = next(iter(_tries))
        if len(_tries) < MOST_REMEMBERED and _tries[oldest][0] <= at < _tries[oldest][0] + WINDOW:
            return
        del _tries[oldest]


def _count(whom: str, most: int, at: datetime) -> int:
    began_at, count = _tries.get(whom, (at, 0))
    _tries[whom] = (began_at, count + 1)
    return math.ceil((began_at + WINDOW - at).total_seconds()) if count >= most else 0


def _network(address: str) -> str:
    """An IPv6 host has a whole /64 to itself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:80]
    return str(parsed) if parsed.version == 4 else str(ipaddress.ip_network((parsed, 64), strict=False))
