"""What has to change so that the groups are as the service says: a difference, not a script. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from access_agent.errors import GuardTripped
from access_agent.memory import Ours
from access_agent.placing import group_for, groups_that
from access_agent.settings import Guard
from access_agent.standings import Person


class Account(NamedTuple):
    """An account of the directory. `key` compares, `name` is what the directory wants to read, `uid` never changes."""

    key: str
    name: str
    uid: str


@dataclass(frozen=True)
class GroupPlan:
    """`remove` and `add`: {key: name}. `foreign`: members somebody else put there, left alone; `misplaced`: those of
    them who are people of the service and belong elsewhere. `guarded`: removals that the guard counts.
    """

    group: str
    before: int
    remove: Mapping[str, str]
    add: Mapping[str, str]
    foreign: int
    misplaced: int
    guarded: int


@dataclass(frozen=True)
class Plan:
    groups: list[GroupPlan]
    ours: Ours
    """Whom the agent has, or is about to have, put where."""
    people: int = 0
    unmatched: int = 0

    @property
    def changes(self) -> int:
        return sum(len(each.remove) + len(each.add) for each in self.groups)

    @property
    def guarded(self) -> int:
        return sum(each.guarded for each in self.groups)


@dataclass(frozen=True)
class Found:
    """What the directory has: accounts by the name we match (folded), and the members of each group {key: name}."""

    accounts: Mapping[str, Account]
    members: Mapping[str, Mapping[str, str]]
    by_key: Mapping[str, Account] = field(default_factory=dict)


def wanted(
    people: Iterable[Person], accounts: Mapping[str, Account], groups: Mapping[str, str]
) -> tuple[dict[str, tuple[str, Account]], int]:
    """{key: (group, account)} and how many people have no account here.

    Two people who share an account get the stricter group: neither may open what the other may not.
    """
    strictest = [*sorted(groups_that("deny", groups)), *sorted(groups_that("limited", groups))]
    placed: dict[str, tuple[str, Account]] = {}
    unmatched = 0
    for person in people:
        account = accounts.get(person.name.casefold()) if person.name else None
        if account is None:
            unmatched += 1
            continue
        group = group_for(person.access, person.state, groups)
        if group is None:
            continue
        if account.key in placed and placed[account.key][0] in strictest:
            rank = strictest.index(placed[account.key][0])
            if group not in strictest or strictest.index(group) >= rank:
                continue
        placed[account.key] = (group, account)
    return placed, unmatched


def plan(
    people: list[Person], found: Found, ours: Ours, groups: Mapping[str, str], *, exclusive: bool, adopt: bool
) -> Plan:
    """`exclusive`: the groups are the agent's alone, and strangers go. `adopt`: members who are people of the
    service count as put there by us, which is the cure for a lost state file.
    """
    placed, unmatched = wanted(people, found.accounts, groups)
    allowed, denied = groups_that("allow", groups), groups_that("deny", groups)
    known = {
        account.key
        for person in people
        if person.name and (account := found.accounts.get(person.name.casefold()))
    }
    plans, owned = [], {}
    for group, members in found.members.items():
        here = {key: account for key, (its, account) in placed.items() if its == group}
        mine = {
            key: name
            for key, name in members.items()
            if exclusive or _is_ours(key, found.by_key, ours.get(group, {})) or (adopt and key in known)
        }
        remove = {key: name for key, name in mine.items() if key not in here}
        add = {key: account.name for key, account in here.items() if key not in members}
        # A move after which somebody still has access is what a good day looks like: a whole school that
        # finishes at once must not trip the guard. Leaving a denied group always counts.
        harmless = {
            key for key in remove if group not in denied and key in placed and placed[key][0] in allowed
        }
        foreign = {key for key in members if key not in mine and key not in here}
        plans.append(
            GroupPlan(
                group,
                len(members),
                remove,
                add,
                len(foreign),
                len(foreign & known),
                len(remove) - len(harmless),
            )
        )
        kept = {key for key in mine if key in here} | set(add)
        owned[group] = {here[key].uid: key for key in kept}
    return Plan(plans, owned, people=len(people), unmatched=unmatched)


def _is_ours(key: str, by_key: Mapping[str, Account], ours: Mapping[str, str]) -> bool:
    """By the unchanging id, so that a renamed account stays ours; by its last key when it is out of our sight."""
    account = by_key.get(key)
    return account.uid in ours if account else key in ours.values()


def check_guard(plan: Plan, guard: Guard, approved: int) -> None:
    """Raises GuardTripped unless a person approved at least as many removals as there are."""
    if plan.guarded <= approved:
        return
    for each in plan.groups:
        if each.guarded > guard.few and each.guarded * 100 > guard.percent * each.before:
            raise GuardTripped(_words(f"{each.guarded} of {each.before} members of {each.group}", plan))
    if plan.guarded > guard.removals:
        raise GuardTripped(_words(f"{plan.guarded} members", plan))


def _words(what: str, plan: Plan) -> str:
    return (
        f"nothing was changed: {what} would be removed at once. "
        f"Look with --dry-run --verbose; if it is right, run once with --approve {plan.guarded}"
    )
