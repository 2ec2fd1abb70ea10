"""What answers about roster files look like, for the description of the interface."""

from typing import Any

ROSTER: dict[str, Any] = {
    "id": 12,
    "state": "done",
    "source": "oneroster",
    "version": "1.2",
    "bulk": True,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "counts": {
        "rows": 2500, "added": 12, "renamed": 3, "opened": 14, "closed": 9, "corrected": 0, "outdated": 0,
        "buildings": 0, "quarantined": 1, "left": {"staff": 3}, "before": {"pupil": 2250, "staff": 250},
    },
    "approve_at": None,
    "expires_at": None,
    "created_at": "2026-11-24T10:00:00Z",
}  # fmt: skip
TWICE = {
    "file": "users.csv",
    "line": 17,
    "reason": "two_people",
    "detail": "its number, address and user name lead to two people; nothing was guessed",
}
TAKEN = ROSTER | {"quarantine": [TWICE], "would_be_held": False}
LOOKED_AT = TAKEN | {"id": None, "state": "dry_run", "created_at": None}

EXAMPLES: dict[tuple[str, str], Any] = {
    ("/api/v1/rosters", "post"): LOOKED_AT,
    ("/api/v1/rosters/{number}", "get"): ROSTER,
}
