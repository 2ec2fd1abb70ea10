"""Which sites may show a page of ours in a frame (Content-Security-Policy, frame-ancestors).

Nobody but ourselves, until somebody who knows better says so: core knows no LMS. Pages that show nothing of anybody
and act for nobody (a refusal, the help card) may stand in any frame; otherwise a pupil whose sign-in ran out would see
the browser's own grey box in the course instead of what to do next.
"""

from collections.abc import Iterable

from flask import g

ANYWHERE = ("https:",)
ANYWHERE_IN_PRACTICE = ("https:", "http:")


def let_frame(origins: Iterable[str]) -> None:
    """Sites that may frame the answer to this request: `https://lms.example`, `https://*.lms.example`."""
    g.framed_by = tuple(origins)


def let_anybody_frame() -> None:
    """For a page with nothing of anybody on it. Whoever was named for this request stays named."""
    g.setdefault("framed_by", None)


def anywhere(is_production: bool) -> tuple[str, ...]:
    return ANYWHERE if is_production else ANYWHERE_IN_PRACTICE


def frame_ancestors(is_production: bool) -> str:
    """The directive's sources for the answer to this request."""
    named = g.get("framed_by", ())
    if named is None:
        named = anywhere(is_production)
    return " ".join(("'self'", *dict.fromkeys(named)))
