"""What a platform's service says no with: whether, when and how the same call may be made again."""

from email.utils import parsedate_to_datetime

import requests

from core.clock import now

LONGEST_PAUSE = 3600.0


class ServiceRefused(Exception):
    """The platform answered a service call with an error, or not at all.

    status      HTTP status, 0 when there was no answer
    pause       seconds the platform asks us to wait before any further call, None when it did not
    temporary   whether the same call may succeed later
    """

    def __init__(self, status: int, reason: str = "", pause: float | None = None) -> None:
        super().__init__(f"{status} {reason}")
        self.status, self.reason, self.pause = status, reason, pause

    @property
    def temporary(self) -> bool:
        return self.status in (0, 401, 408, 425, 429) or self.status >= 500 or self.pause is not None


class ToldToStop(Exception):
    """The worker is to end, so no further call is begun. What this one was for is done by the next worker."""


class NoToken(ServiceRefused):
    """The platform gives us no access token: it can not read our keys, or does not know us. IT can mend that, so
    the call may succeed later."""

    @property
    def temporary(self) -> bool:
        return True


class ScopeOff(NoToken):
    """A token is not given for these scopes: somebody has to turn them on in the LMS (RFC 6749 5.2, invalid_scope)."""

    def __init__(self, status: int, scopes: tuple[str, ...]) -> None:
        super().__init__(status, "invalid_scope")
        self.scopes = scopes


def refusal_of(response: requests.Response, kind: type[ServiceRefused] = ServiceRefused) -> ServiceRefused:
    """Reason only from the status line: a body may hold names."""
    throttled = response.status_code == 403 and "rate limit" in response.text[:200].lower()
    pause = _retry_after(response.headers.get("Retry-After"))
    if pause is None and (response.status_code == 429 or throttled):
        pause = 10.0
    return kind(429 if throttled else response.status_code, response.reason or "", pause)


def _retry_after(value: str | None) -> float | None:
    """Seconds, from either form of Retry-After (RFC 9110 10.2.3), at most an hour."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - now()).total_seconds()
        except (ValueError, TypeError):
            return None
    return min(max(seconds, 0.0), LONGEST_PAUSE)
