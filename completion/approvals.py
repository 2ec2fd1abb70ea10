"""Who approved what an edition of an agreement is said to change. Pure.

Whoever calls a change editorial decides that nobody is asked to sign again, so two people must say it. That it is
material is the safe side: one is enough.
"""

import unicodedata
from collections.abc import Sequence

NEEDED = {"editorial": 2, "material": 1}
"""{change: how many different people approve it}; the first edition changes nothing that anybody signed."""


def unapproved(change: str, approved_by: Sequence[str]) -> str | None:
    """What is wrong with these approvals, in a short sentence for authors; None where they do.

    Each is a name, and after a comma the role: "Dana Reyes, assistant superintendent".
    """
    names = [_name(each) for each in approved_by]
    if not all(names):
        return "approved_by: give each person's name, then a comma and the role"
    if len(set(names)) < len(names):
        return "approved_by: names one person twice; two different people approve"
    if len(names) < NEEDED.get(change, 0):
        wanted = "two different people" if NEEDED[change] == 2 else "one person"
        return f"approved_by: a change that is {change} is approved by {wanted} by name"
    return None


def _name(approver: str) -> str:
    """Written alike where it is the same name, whatever its role, case or spacing."""
    return " ".join(unicodedata.normalize("NFKC", approver.partition(",")[0]).casefold().split())
