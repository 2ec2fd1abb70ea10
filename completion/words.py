"""States in words for the person they are about."""

from datetime import datetime

from completion.asked import AskedOf
from completion.class_dates import Due
from completion.dates import last_day_before
from core.language import N_, _, translated, written_date, written_day

STATUS = {
    "complete": ("done", N_("Done")),
    "expiring": ("part", N_("Done, ends soon")),
    "reattest_due": ("part", N_("Changed, sign again")),
    "exempt": ("none", N_("Nothing to do now")),
    "revoked": ("late", N_("Access withdrawn")),
    "not_due": ("none", N_("Nothing to do now")),
    "assigned": ("none", N_("Not begun")),
    "in_progress": ("part", N_("Begun")),
    "overdue": ("late", N_("Past due")),
    "expired": ("late", N_("Past due")),
}
"""{state: (status class, word)}"""

KINDS = {
    "course": N_("Course"),
    "agreement": N_("Signed agreement"),
    "group": N_("With the class"),
    "paper": N_("Signed on paper"),
    "equivalent": N_("Another course, accepted"),
}

SENTENCES = {
    "complete": N_("You are done. This holds through %(until)s."),
    "expiring": N_("You are done through %(until)s. You can renew it for the next school year now."),
    "reattest_due": N_("The agreement has changed. Please read it and sign it again by %(due)s."),
    "exempt": N_("You are excused from this for now. Nothing is asked of you."),
    "revoked": N_("Your network access has been withdrawn. Your school's office can tell you more."),
    "not_due": N_("You have nothing to do for this now."),
    "assigned": N_("Please finish by %(due)s."),
    "in_progress": N_("You have begun. Please finish by %(due)s."),
    "overdue": N_(
        "This was due %(due)s. Please finish by %(grace)s; after that your network access may be limited."
    ),
    "expired": N_("This was due %(due)s. Your network access may be limited until you finish it."),
}
PUPIL_IS_LATE = N_("The day to finish was %(due)s. You can still do it now.")
CHANGED_AND_LATE = N_(
    "The agreement has changed, and the day to sign it again was %(due)s. Your network access may be limited "
    "until you do."
)
MORE_TIME = N_("You were given more time. You have until %(due)s.")
NETWORK_WAITS = N_("Please finish before you use the network, and by %(due)s at the latest.")


def sentence(asked: AskedOf, timezone: str) -> str:
    """One sentence that answers: what do I have to do, and by when?"""
    state = asked.state
    due, grace, until = (
        written_date(last_day_before(each, timezone)) if each else ""
        for each in (state.due_at, state.grace_until, state.valid_until)
    )
    words = SENTENCES[state.state]
    if asked.audience == "pupil" and state.state in ("overdue", "expired"):
        words = PUPIL_IS_LATE
    elif state.state in ("overdue", "expired") and state.reason == "revised":
        words = CHANGED_AND_LATE
    elif state.state in ("assigned", "in_progress") and state.reason in ("newcomer", "lapsed"):
        words = NETWORK_WAITS
    elif state.state in ("assigned", "in_progress") and asked.extended:
        words = MORE_TIME
    return translated(words) % {"due": due, "grace": grace, "until": until}


def by_when(due: Due, at: datetime, timezone: str) -> str:
    """The same for one lesson of a class that is not done yet; within a school year a day needs no year."""
    day = written_day(last_day_before(due.at, timezone))
    if due.at <= at:
        return _("It was for %(day)s. You can still do it, and it counts.", day=day)
    if due.extended:
        return _("You have until %(day)s.", day=day)
    return _("Please finish by %(day)s.", day=day)
