"""What an answer to a score means: sent, try again later, or refused for a reason people can act on. Pure."""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.messages import N_, Message
from lti_tool.scopes import LINEITEM_SCOPE, SCORE_SCOPE
from lti_tool.service_calls import NoToken, ScopeOff, ServiceRefused

MOST_TRIES = 18
"""Server errors in a row before we say so and stop: some seven hours. Moodle answers 500 for ever to a score for
a locked grade. A platform that does not answer at all is tried for as long as it takes."""

FIRST_WAIT, LONGEST_WAIT = 2.0, 3600.0

SCOPE_LOOK = 3600.0
"""Seconds between two looks whether a scope has been turned on, for the whole platform."""

SCOPE_PATIENCE = timedelta(days=14)
"""How long a score waits for a scope to be turned on. Then it is refused, and can be sent again."""


@dataclass(frozen=True)
class Outcome:
    """state: sent | waiting | refused | kept.

    problem  for people, after "Not in the gradebook: "; stored in English, see PROBLEMS
    wait     seconds until the next try
    pause    seconds during which the whole platform is left alone
    counts   whether this was a try of its own (1) or was not the row's doing (0)
    bump     a newer timestamp to try with
    """

    state: str
    problem: str | None = None
    wait: float = 0.0
    pause: float | None = None
    counts: int = 0
    bump: datetime | None = None


SENT = Outcome("sent")

KEPT = Outcome("kept")
"""A teacher changed the grade in the LMS since our last score; it stands."""


def soon(counts: int = 0) -> Outcome:
    """Not now, for a reason that passes by itself."""
    return Outcome("waiting", wait=1.0, counts=counts)


def refused(problem: str) -> Outcome:
    return Outcome("refused", problem)


def of_newer_grade() -> Outcome:
    return refused(WORDS[409])


def put_off(cause: Outcome) -> Outcome:
    """A row behind the one at which the platform asked us to stop."""
    return replace(cause, state="waiting", pause=None, counts=0)


def given_back() -> Outcome:
    """A row that was not reached in time: due again at once, for whoever is free."""
    return Outcome("waiting")


def backoff(tries: int) -> float:
    """Doubling from two seconds to an hour, with jitter so that a thousand rows do not come back together."""
    return min(FIRST_WAIT * 2.0**tries, LONGEST_WAIT) * random.uniform(0.75, 1.25)  # noqa: S311


WORDS = {
    400: N_(
        "your LMS says it can not grade this person in this course. They may be a teacher or a test student, or "
        "no longer be enrolled."
    ),
    403: N_("your LMS does not let this service write grades here. IT can allow the score service for it."),
    404: N_("your LMS says the gradebook column or the course is gone."),
    409: N_("your LMS has a newer grade and kept it."),
    413: N_("your LMS could not read the grade."),
}
WORDS[422] = WORDS[400]

OTHER_REFUSAL = N_("your LMS refused it (%(status)s).")
NO_SIGN_IN = N_("your LMS does not let this service sign in (%(status)s). IT can check its keys and scopes.")
ALWAYS_AN_ERROR = N_(
    "your LMS answered %(times)s times with an error (%(status)s). The grade may be locked there."
)
NO_ACCOUNT = N_("your LMS has no account for this person any more.")
ANOTHER_GRADE = N_("your LMS has another grade (%(grade)s %%) and kept it.")
TOLD_TO_WAIT = N_("Your LMS asked us to wait a little.")
AN_ERROR = N_("Your LMS answered with an error (%(status)s). We try again.")
NO_ANSWER = N_("Your LMS does not answer just now. We keep trying.")
NO_SIGN_IN_YET = N_(
    "Your LMS does not let this service sign in (%(status)s). IT can check its keys and scopes. We try again."
)
BROKEN = N_("Something went wrong on the way. We keep trying.")

SCOPE_OFF = {
    SCORE_SCOPE: N_("your LMS does not let this service write grades. IT can turn that on."),
    LINEITEM_SCOPE: N_("your LMS does not let this service make gradebook columns. IT can turn that on."),
}
SCOPE_OFF_YET = {
    SCORE_SCOPE: N_("Your LMS does not let this service write grades yet. IT can turn that on."),
    LINEITEM_SCOPE: N_("Your LMS does not let this service make gradebook columns yet. IT can turn that on."),
}

PROBLEMS = (
    *WORDS.values(), *SCOPE_OFF.values(), *SCOPE_OFF_YET.values(), OTHER_REFUSAL, NO_SIGN_IN, ALWAYS_AN_ERROR,
    NO_ACCOUNT, ANOTHER_GRADE, TOLD_TO_WAIT, AN_ERROR, NO_ANSWER, NO_SIGN_IN_YET, BROKEN,
)  # fmt: skip
"""All that can stand as a delivery's problem: a page finds here what to translate (core.messages.recognise)."""


def of_refusal(refusal: ServiceRefused, tries: int, age: timedelta = timedelta()) -> Outcome:
    """Retry what can pass, with the platform's own pause; give the rest a final state in words.

    `age` is how long the score has been wanted.
    """
    if refusal.pause is not None:
        return Outcome("waiting", TOLD_TO_WAIT, wait=refusal.pause, pause=refusal.pause)
    if refusal.status in (0, 502, 503, 504):
        return _without_answer(tries)
    if isinstance(refusal, NoToken):
        return (
            _with_scope_off(refusal, age) if isinstance(refusal, ScopeOff) else _without_token(refusal, tries)
        )
    if refusal.temporary and tries + 1 < MOST_TRIES:
        return Outcome(
            "waiting",
            Message(AN_ERROR, status=refusal.status),
            wait=backoff(tries),
            counts=1,
        )
    if refusal.temporary:
        return refused(Message(ALWAYS_AN_ERROR, times=MOST_TRIES, status=refusal.status))
    return refused(WORDS.get(refusal.status) or Message(OTHER_REFUSAL, status=refusal.status))


def _without_answer(tries: int) -> Outcome:
    """A night without an answer leaves half the tries for the errors of an LMS that is coming back."""
    longest = MOST_TRIES // 2
    wait = backoff(min(tries, longest))
    return Outcome("waiting", NO_ANSWER, wait=wait, pause=wait, counts=int(tries < longest))


def of_breakage(tries: int) -> Outcome:
    """The platform said what we can not read, or we have made a mistake: seldom, but for as long as it takes."""
    return Outcome("waiting", BROKEN, wait=backoff(min(tries, 12)), counts=1)


def _with_scope_off(refusal: ScopeOff, age: timedelta) -> Outcome:
    """Nothing we do turns it on, so we look once an hour whether IT has (row 101)."""
    scope = LINEITEM_SCOPE if LINEITEM_SCOPE in refusal.scopes else SCORE_SCOPE
    if age > SCOPE_PATIENCE:
        return refused(SCOPE_OFF[scope])
    return Outcome("waiting", SCOPE_OFF_YET[scope], wait=SCOPE_LOOK, pause=SCOPE_LOOK)


def _without_token(refusal: NoToken, tries: int) -> Outcome:
    if tries + 1 >= MOST_TRIES:
        return refused(Message(NO_SIGN_IN, status=refusal.status))
    wait = backoff(tries)
    words = Message(NO_SIGN_IN_YET, status=refusal.status)
    return Outcome("waiting", words, wait=wait, pause=wait, counts=1)
