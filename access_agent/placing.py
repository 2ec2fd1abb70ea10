"""Which group somebody belongs to. Pure; `access` decides, `state` only refines it."""

from collections.abc import Mapping

ACCESSES = ("allow", "limited", "deny")

DEFAULT_GROUPS = {
    "allow": "RUA-Current",
    # Let in, and not done yet: what a help desk wants to see before the day it matters.
    "allow.assigned": "RUA-Grace",
    "allow.in_progress": "RUA-Grace",
    "allow.overdue": "RUA-Grace",
    "allow.reattest_due": "RUA-Grace",
    "allow.expired": "RUA-Grace",
    "limited": "RUA-Required",
    "deny": "RUA-Revoked",
}


def group_for(access: str, state: str, groups: Mapping[str, str]) -> str | None:
    """`groups`: {"allow": "RUA-Current", "allow.overdue": "RUA-Grace"}; the more particular word goes first.

    An empty name is no group. A state alone can place nobody: a district that observes answers `allow` to an
    expired person, and a rule for "expired" would lock them out all the same.
    """
    if access not in ACCESSES:
        access = "limited"  # a word from a later service: neither an accidental accept nor a lock-out
    return groups.get(f"{access}.{state}", groups[access]) or None


def groups_that(access: str, groups: Mapping[str, str]) -> set[str]:
    """The groups that stand for an access."""
    return {name for word, name in groups.items() if name and word.partition(".")[0] == access}
