"""What answers about webhooks look like, for the description of the interface."""

from typing import Any

WEBHOOK: dict[str, Any] = {
    "id": 1,
    "name": "SIEM",
    "url_shown": "https://hooks.evergreen.example/…",
    "events": ["standing.changed", "person.erased"],
    "state": "ok",
    "told_to": 184467,
    "behind": 0,
    "waiting_since": None,
    "tries": 0,
    "last_ok_at": "2026-11-24T07:00:01Z",
    "failed_at": None,
    "last_error": None,
    "last_status": None,
    "detail": None,
    "next_try_at": None,
    "created_at": "2026-11-20T16:00:00Z",
}
NEW = WEBHOOK | {"last_ok_at": None, "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
TAKEN = {"taken": True, "status": 204, "error": None, "detail": None}
UNDELIVERED = {
    "event": "evt_evergreen_184467",
    "type": "standing.changed",
    "timestamp": "2026-11-24T07:00:00Z",
    "seq": 184467,
    "tries": 3,
    "last_error": "answered",
    "last_status": 503,
    "failed_at": "2026-11-24T07:35:06Z",
    "next_try_at": "2026-11-24T09:32:44Z",
}

AT = "/api/v1/webhooks"
EXAMPLES: dict[tuple[str, str], Any] = {
    (AT, "get"): {"items": [WEBHOOK]},
    (AT, "post"): NEW,
    (f"{AT}/{{number}}", "get"): WEBHOOK,
    (f"{AT}/{{number}}", "patch"): WEBHOOK | {"state": "paused"},
    (f"{AT}/{{number}}/secret", "post"): {
        "id": 1,
        "secret": "whsec_plJ3nmyCDGBKInavdOK15jsl3YmhzWcN",
        "previous_signs_until": "2026-11-25T07:00:00Z",
    },
    (f"{AT}/{{number}}/test", "post"): TAKEN,
    (f"{AT}/{{number}}/undelivered", "get"): {"items": [UNDELIVERED], "more": False},
    (f"{AT}/{{number}}/replay", "post"): WEBHOOK | {"told_to": 184000, "behind": 467},
    (f"{AT}/{{number}}/replay/{{seq}}", "post"): TAKEN,
}
