"""The set-up pages in words: what was tried, what came of it, and what a refusal meant. Pure."""

from collections.abc import Sequence

from admin.states import State, number
from lti_tool.connection import Check
from lti_tool.outcomes import WORDS as SCORE_WORDS
from lti_tool.trial_score import Trial

TITLES = {
    "keys": "Its keys, which every launch is signed with",
    "token_lineitem": "May we find and make gradebook columns?",
    "token_score": "May we send scores?",
    "token_result": "May we read a score back, after a lost answer?",
    "token_roster": "May we read the roster?",
    "roster": "The roster of the course opened last",
    "lineitems": "The gradebook columns of that course",
}
SHAPES = {"good": ("done", "Works"), "bad": ("late", "Does not work"), "skipped": ("none", "Not tried")}
"""The status class of core/style.css, and its word."""

SKIPPED = {
    "no_time": "The answers before took too long. Test again.",
    "no_token": "The LMS gave us no permission for it, see above.",
    "not_offered": "The LMS did not offer this at the last launch from the course.",
    "no_context": "Nobody has opened a link from a course yet. Open one as a teacher, then test again.",
}
COUNTED = {"keys": ("key", "keys"), "roster": ("person", "people"), "lineitems": ("column", "columns")}


def finding(check: Check) -> str:
    """What came of one check, in a sentence."""
    if check.outcome == "good":
        return _good(check)
    if check.outcome == "skipped":
        return SKIPPED[check.kind]
    if check.kind == "no_answer":
        return f"No answer ({check.reason})."
    if check.kind in ("unreadable", "loop", "no_keys"):
        return {
            "unreadable": "It answered with something we can not read.",
            "loop": "Its list leads back to a page we have read.",
            "no_keys": "It answered, but no key there has a name (kid).",
        }[check.kind]
    if check.kind == "not_granted":
        return "It gave us a token, without this permission."
    return f"It answered {check.status}{f', {check.reason}' if check.reason else ''}."


def _good(check: Check) -> str:
    if check.count is None:
        return "Yes."
    one, many = COUNTED[check.name]
    more = " on the first pages, and there are more" if check.more else ""
    return f"It answers: {check.count} {one if check.count == 1 else many}{more}."


def trial_words(trial: Trial) -> str:
    """What the LMS answered to the test score."""
    if trial.kind == "good":
        return (
            "The LMS took the test score: 100 %. Look for it in the column “Connection test” of the course."
        )
    what = "make the column “Connection test”" if trial.step == "column" else "send the test score"
    if trial.kind in ("no_answer", "no_time"):
        return f"We could not {what}: the LMS did not answer in time."
    if trial.kind == "unreadable":
        return f"We could not {what}: the LMS answered with something we can not read."
    reason = SCORE_WORDS.get(trial.status) if trial.step == "score" else None
    return f"We could not {what}: {reason or f'the LMS answered {trial.status}.'}"


REFUSALS = {
    "unknown_deployment": "Approve the installation on the list of LMSs, if you made it.",
    "other_browser": "Cookies are blocked in the LMS’s frame, or the link was passed to another browser. Let the link "
    "open in a new tab; allow cookies for our host in school browsers.",
    "already_opened": "Somebody pressed Back or Reload on the launch. Nothing to do.",
    "state_refused": "The tab slept between the two steps, or the LMS cut what we gave it. Opening it again helps.",
    "token_refused": "Compare client ID, issuer and key address with the LMS’s form; press “Test now”.",
    "link_expired": "Set the clocks of both servers by NTP: they are more than a minute apart.",
    "keys_out_of_reach": "Our server can not reach the LMS’s key address. Press “Test now”.",
    "claim_refused": "The LMS sends a launch without what the standard demands. Tell its makers the claim named here.",
    "message_not_supported": "A placement of this tool asks for something we do not do. Remove the placement.",
    "nobody_named": "Opened by somebody who is not signed in to the LMS, or the tool is set to anonymous launches.",
    "not_our_address": "The link in the course leads to another host. Correct the link’s address.",
    "lms_refused": "Most often the redirect URI is not listed in the LMS. Paste it from the sheet below.",
    "registration_refused": "The LMS’s registration did not go through. Start it again there; the invitation is good.",
    "configuration_refused": "What the LMS says about itself does not hold. Check its own address in its settings.",
    "lms_out_of_reach": "Our server could not reach the LMS. Let it out to the LMS on port 443.",
    "lms_declined": "The LMS refused the registration; most often its own token had run out. Start it again there.",
    "taken_by_another": "This LMS registration belongs to another district. Remove the tool there and start again.",
    "login_incomplete": "The LMS’s login lacks a parameter. Compare the login URL in the LMS with the sheet below.",
}


def refusal_advice(code: str) -> str:
    return REFUSALS.get(code, "Look at the log line under this reference; it says where it was refused.")


NOTES = {
    "tested": ("good", "Tested", "Below is what the LMS answered just now."),
    "added": (
        "good",
        "Connected",
        "Now open the tool once from the LMS, as a teacher in a course; then press “Test now”.",
    ),
    "changed": ("good", "Saved", "It works within five seconds. Press “Test now” to see what the LMS says."),
    "withdrawn": (
        "look",
        "Withdrawn",
        "Nobody comes in from this LMS any more. “Let people in again” undoes it.",
    ),
    "restored": (
        "good",
        "Let in again",
        "Everything works as before; scores that waited are sent within a minute.",
    ),
    "approval_withdrawn": (
        "look",
        "Approval withdrawn",
        "Nobody comes in from that installation any more. “Approve” undoes it.",
    ),
    "removed": ("good", "Removed", "There is no test column of ours in the gradebook any more."),
}
"""What just happened, by the `told` of the address: (tone, first word, sentence)."""


def sentence(name: str, state: State, checks: Sequence[Check], refused_lately: int) -> str:
    """The answer to "is it connected?", for the top of its page."""
    bad = sum(check.outcome == "bad" for check in checks)
    if state.key == "withdrawn":
        return f"{name} is withdrawn: nobody comes in from it."
    if state.key == "silent":
        return f"{name} does not let us in; the table says what to do."
    if state.key == "untried":
        return f"{name} has not been tried yet. Press “Test now”."
    if bad:
        do = "does" if bad == 1 else "do"
        return f"{name} answers, but {number(bad)} of {number(len(checks))} things we ask for {do} not work."
    if refused_lately:
        were = "launch was" if refused_lately == 1 else "launches were"
        return f"{name} answers; {number(refused_lately)} {were} refused in the last 24 hours."
    return (
        f"{name} answers." if state.key == "answers" else f"{name} answers; look at its grades and rosters."
    )
