"""How a connection stands, in one word, and all of them in one sentence. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from admin.facts import Facts
from lti_tool.connection import Check


@dataclass(frozen=True)
class State:
    """key  withdrawn | silent | untried | look | answers; `shape` is a status class of core/style.css."""

    key: str
    word: str
    shape: str


WITHDRAWN = State("withdrawn", "Withdrawn", "off")
SILENT = State("silent", "Does not let us in", "late")
UNTRIED = State("untried", "Not tried yet", "none")
LOOK = State("look", "Needs a look", "part")
ANSWERS = State("answers", "Answers", "done")

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def state_of(facts: Facts) -> State:
    """The worst that is known, from the last test and from what happened since."""
    if facts.platform.withdrawn_at:
        return WITHDRAWN
    if not lets_us_in(facts.checks):
        return SILENT
    if facts.last_launch_at is None and not facts.checks:
        return UNTRIED
    failing = any(check.outcome == "bad" for check in facts.checks)
    if failing or facts.refused_lately or facts.scores_refused or facts.rosters_failing:
        return LOOK
    return ANSWERS


def lets_us_in(checks: Sequence[Check]) -> bool:
    """False when the last test could not read the keys, or was given no token at all."""
    keys = [check for check in checks if check.name == "keys"]
    tokens = [check for check in checks if check.name.startswith("token_") and check.outcome != "skipped"]
    refused = bool(tokens) and all(check.outcome == "bad" and not scope_is_off(check) for check in tokens)
    return not refused and all(check.outcome != "bad" for check in keys)


def scope_is_off(check: Check) -> bool:
    """The platform knows us, and does not let us do this one thing."""
    return check.kind == "not_granted" or check.reason == "invalid_scope"


def headline(states: Sequence[State], waiting: int) -> str:
    """ "All three LMSs answer; one deployment waits for you." """
    active = [state for state in states if state is not WITHDRAWN]
    if not active:
        first = "No LMS is connected yet"
    else:
        first = _answering(len(active), sum(state in (ANSWERS, LOOK) for state in active), active)
    look = sum(state is LOOK for state in active)
    if waiting:
        waits = "deployment waits" if waiting == 1 else "deployments wait"
        return f"{first}; {number(waiting)} {waits} for you."
    if look:
        return f"{first}; {number(look)} {'needs' if look == 1 else 'need'} a look."
    return f"{first}."


def _answering(total: int, answer: int, active: Sequence[State]) -> str:
    if all(state is UNTRIED for state in active):
        return "Your LMS has not been tried yet" if total == 1 else "None of your LMSs has been tried yet"
    if total == 1:
        return "Your LMS answers" if answer else "Your LMS does not let us in"
    if answer == total:
        return "Both LMSs answer" if total == 2 else f"All {number(total)} LMSs answer"
    known = number(answer).capitalize() if answer else "None"
    return f"{known} of {number(total)} LMSs {'answers' if answer <= 1 else 'answer'}"


def number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else str(count)
