"""One run: ask the service, look at the directory, write the difference.

Standings and the intended memberships are kept before the first write, and everything is worked out anew from them
and from what the directory has. A run that is killed anywhere therefore leaves nothing that the next one does not
put right.
"""

import logging
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from access_agent.errors import AgentError
from access_agent.memory import Memory, Ours, load, save, source_of
from access_agent.planning import Account, Found, GroupPlan, Plan, check_guard, plan
from access_agent.settings import Settings
from access_agent.standings import Pulled, Standings, of_audiences

log = logging.getLogger("access_agent")


class Directory(Protocol):
    """What holds accounts and groups. Every method raises AgentError."""

    ambiguous: int
    skipped: int

    def accounts(self) -> dict[str, Account]: ...

    def members(self, group: str) -> dict[str, str]: ...

    def remove(self, group: str, names: list[str]) -> None: ...

    def add(self, group: str, names: list[str]) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Order:
    """What the command line asked for."""

    dry_run: bool = False
    approved: int = 0
    adopt: bool = False
    full: bool = False
    verbose: bool = False


def converge(settings: Settings, directory: Directory, order: Order) -> Plan:
    """Returns what was done, or would be. Raises AgentError, GuardTripped before anything is written."""
    path = Path(settings.state_file)
    memory = load(path)
    at = datetime.now(UTC)
    delta = None if order.full else memory.delta_to_use(settings.service, at)
    with closing(Standings(settings.service)) as standings:
        pulled = standings.pull(memory.people if delta else {}, delta)
    plan_ = _plan(settings, directory, pulled, memory.ours, order)
    for group in plan_.groups:
        _say(group, order)
    check_guard(plan_, settings.guard, order.approved)
    if not order.dry_run:
        listed_at = at if pulled.how == "list" else memory.listed_at
        _write(path, Memory(source_of(settings.service), pulled.delta, listed_at, pulled.people, memory.ours),
               plan_, directory)  # fmt: skip
    log.info(
        "%s people=%d unmatched=%d ambiguous=%d skipped=%d pulled=%s:%d changes=%d",
        "dry-run" if order.dry_run else "done",
        plan_.people, plan_.unmatched, directory.ambiguous, directory.skipped, pulled.how, pulled.changed,
        plan_.changes,
    )  # fmt: skip
    if directory.skipped:
        raise AgentError(f"{directory.skipped} accounts were refused one by one; all others are in place")
    return plan_


def _plan(settings: Settings, directory: Directory, pulled: Pulled, ours: Ours, order: Order) -> Plan:
    accounts = directory.accounts()
    found = Found(
        accounts,
        {group: directory.members(group) for group in settings.group_names},
        {account.key: account for account in accounts.values()},
    )
    people = list(of_audiences(pulled.people, settings.service.audiences))
    return plan(people, found, ours, settings.groups, exclusive=settings.exclusive, adopt=order.adopt)


def _write(path: Path, memory: Memory, plan_: Plan, directory: Directory) -> None:
    memory.ours = _together(memory.ours, plan_.ours)
    save(path, memory)
    for group in plan_.groups:  # all removals first: nobody is ever in two of the groups
        directory.remove(group.group, list(group.remove.values()))
    for group in plan_.groups:
        directory.add(group.group, list(group.add.values()))
    memory.ours = plan_.ours
    save(path, memory)


def _together(before: Ours, after: Ours) -> Ours:
    return {group: {**before.get(group, {}), **after.get(group, {})} for group in {*before, *after}}


def _say(group: GroupPlan, order: Order) -> None:
    log.info(
        "group=%s before=%d remove=%d add=%d foreign=%d",
        group.group, group.before, len(group.remove), len(group.add), group.foreign,
    )  # fmt: skip
    if group.misplaced:
        log.warning(
            "group=%s misplaced=%d: people who belong elsewhere and whom the agent did not add. "
            "Take them out by hand, run once with --adopt, or set exclusive = true",
            group.group, group.misplaced,
        )  # fmt: skip
    if order.verbose:
        _name("remove", group.group, group.remove)
        _name("add", group.group, group.add)


def _name(what: str, group: str, names: Mapping[str, str]) -> None:
    for name in names.values():
        log.info("group=%s %s %s", group, what, name)
