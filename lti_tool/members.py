"""What a class list says of somebody, whatever LMS it comes from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Member:
    """One person of a roster, in our words."""

    sub: str
    roles: tuple[str, ...]
    role: str
    audience: str
    name: str | None
    email: str | None
    sourcedid: str | None
    username: str | None = None
    """Only ever said by a custom parameter."""
    custom_sourcedid: bool = False
    """Whether `sourcedid` too is said by one, and not by the roster itself."""
    here: bool = True
    """False for Inactive and Deleted: they have left, and what they did stays."""
