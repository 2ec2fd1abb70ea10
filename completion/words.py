"""States in words for the person they are about."""

from completion.asked import AskedOf
from completion.dates import last_day_before, written_date

STATUS = {
    "complete": ("done", "Done"),
    "expiring": ("part", "Done, ends soon"),
    "not_due": ("none", "Nothing to do now"),
    "assigned": ("none", "Not begun"),
    "in_progress": ("part", "Begun"),
    "overdue": ("late", "Past due"),
    "expired": ("late", "Past due"),
}
"""{state: (status class, word)}"""

KINDS = {"course": "Course", "agreement": "Signed agreement"}


def sentence(asked: AskedOf, timezone: str) -> str:
    """One sentence that answers: what do I have to do, and by when?"""
    state = asked.state
    due, grace, until = (
        written_date(last_day_before(each, timezone)) if each else ""
        for each in (state.due_at, state.grace_until, state.valid_until)
    )
    if asked.audience == "pupil" and state.state in ("overdue", "expired"):
        return f"The day to finish was {due}. You can still do it now."
    if state.state in ("assigned", "in_progress") and state.reason in ("newcomer", "lapsed"):
        return f"Please finish before you use the network, and by {due} at the latest."
    return {
        "complete": f"You are done. This holds through {until}.",
        "expiring": f"You are done through {until}. You can renew it for the next school year now.",
        "not_due": "You have nothing to do for this now.",
        "assigned": f"Please finish by {due}.",
        "in_progress": f"You have begun. Please finish by {due}.",
        "overdue": f"This was due {due}. Please finish by {grace}; after that your network access may be limited.",
        "expired": f"This was due {due}. Your network access may be limited until you finish it.",
    }[state.state]
