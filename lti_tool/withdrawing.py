"""Take back what was registered or approved; each of these can be undone, and nothing that was learned goes."""

from core.clock import now
from core.database import db
from lti_tool.models import Deployment, Platform
from lti_tool.registrations import forget_platforms


def withdraw_approval(deployment: Deployment) -> None:
    """Let nobody in from this installation any more; it waits for approval as if it had just knocked."""
    deployment.state, deployment.dismissed_at = "pending", None
    db.flush()
    forget_platforms()


def dismiss(deployment: Deployment) -> None:
    """One that waits is none of ours: out of the list of what waits, and still refused when it knocks again."""
    if deployment.state == "pending":
        deployment.dismissed_at = deployment.dismissed_at or now()
        db.flush()


def withdraw_platform(platform: Platform) -> None:
    """Let nobody in from this LMS, send it no scores and read no rosters."""
    platform.withdrawn_at = platform.withdrawn_at or now()
    db.flush()
    forget_platforms()


def restore_platform(platform: Platform) -> None:
    """Everything as it was before it was withdrawn; scores that waited meanwhile are sent."""
    platform.withdrawn_at = None
    db.flush()
    forget_platforms()
