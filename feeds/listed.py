"""One person as files and exports speak of them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Listed:
    """`valid_until` is the last day, in the district's time zone; names are "" where we do not know one."""

    id: str
    sis: str
    username: str
    email: str
    audience: str
    access: str
    state: str
    valid_until: date | None
    seq: int
