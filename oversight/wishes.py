"""What a list is asked for. Plain values."""

from dataclasses import asdict, dataclass, replace
from typing import Any

ON_NO_ROSTER = 0
"""In place of a building: whom no roster knows."""


@dataclass(frozen=True)
class Wish:
    """Whom a list is to show. None is "all of them"; `after` is the number of the last person of the page before."""

    audience: str = "staff"
    building: int | None = None
    job: str | None = None
    grade: str | None = None
    state: str | None = None
    access: str | None = None
    missing: str | None = None
    after: int | None = None

    def address(self, **changes: Any) -> dict[str, Any]:
        """For an address of the same list, but for these changes; its first page unless `after` is among them."""
        wish = asdict(replace(self, **{"after": None, **changes}))
        return {name: value for name, value in wish.items() if value is not None}
