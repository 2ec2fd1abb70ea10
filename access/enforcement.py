"""How much of the policy is in force: rules only. A district goes live in stages, and building by building.

    observe  everybody is allowed; standings say what they would be (`would_be`)
    warn     the same, and people are told
    limited  who would be limited or denied is limited
    deny     as the policy maps it

A district without any step enforces the whole policy, as it did before there were stages. One whose first step lies
ahead observes until then. A building without a step of its own in force follows its district. Somebody of several
buildings is treated as the mildest of them says: an account can not be limited in one school only, and nobody should
lose it before their school was told. A revocation in force is never softened.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from access.policy import ALLOW, DENY, LIMITED, STRICTEST_FIRST, access_for

STAGES = ("observe", "warn", "limited", "deny")
"""Mildest first."""
OBSERVE, WHOLE = "observe", "deny"

Step = tuple[datetime, str]
"""From this instant on, this stage."""


@dataclass(frozen=True)
class Enforcement:
    """What one district says for one audience. Steps are in order; buildings go by their row's id."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    steps: Sequence[Step] = ()
    building_mappings: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    building_steps: Mapping[int, Sequence[Step]] = field(default_factory=dict)

    def stage(self, at: datetime, building_id: int | None = None) -> str:
        own = _in_force(self.building_steps.get(building_id, ()), at) if building_id is not None else None
        return own or _in_force(self.steps, at) or (OBSERVE if self.steps else WHOLE)

    def instants(self) -> Iterable[datetime]:
        """Every instant at which a stage changes."""
        for steps in (self.steps, *self.building_steps.values()):
            yield from (enforce_from for enforce_from, _stage in steps)


@dataclass(frozen=True)
class Verdict:
    access: str
    would_be: str
    """What it would be if the whole policy were in force."""


def judge(
    enforcement: Enforcement,
    at: datetime,
    *,
    state: str,
    reason: str,
    audience: str,
    buildings: Sequence[int] = (),
    revoked: bool = False,
) -> Verdict:
    """What the network should do about this state now.

    buildings  where the person belongs at `at`; none: the district as a whole decides
    revoked    a revocation is in force, whatever the state is called (who was revoked and has left)
    """
    verdicts = []
    for building_id in buildings or (None,):
        mapping = dict(enforcement.mapping)
        if building_id is not None:
            mapping |= enforcement.building_mappings.get(building_id, {})
        mapped = access_for(state, reason, audience, mapping)
        if revoked:
            mapped = min(mapped, access_for("revoked", "revoked", audience, mapping), key=_strictness)
        stage = WHOLE if revoked else enforcement.stage(at, building_id)
        verdicts.append(Verdict(_softened(mapped, stage), mapped))
    return Verdict(
        max((each.access for each in verdicts), key=_strictness),
        max((each.would_be for each in verdicts), key=_strictness),
    )


def _softened(access: str, stage: str) -> str:
    if stage in ("observe", "warn"):
        return ALLOW
    return LIMITED if stage == "limited" and access == DENY else access


def _in_force(steps: Sequence[Step], at: datetime) -> str | None:
    begun = [stage for enforce_from, stage in steps if enforce_from <= at]
    return begun[-1] if begun else None


def _strictness(access: str) -> int:
    """Lower is stricter."""
    return STRICTEST_FIRST.index(access)
