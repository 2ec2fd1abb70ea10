"""What a state means for the network: allow, limited or deny. The district may say otherwise, per audience.

`limited` is a walled garden that still reaches sign-in, the LMS, this course and the help desk, because the
way back onto the network is on the network.
"""

from collections.abc import Mapping

ALLOW, LIMITED, DENY = "allow", "limited", "deny"
STRICTEST_FIRST = (DENY, LIMITED, ALLOW)

EVERYBODY = {
    "not_applicable": DENY,  # account lifecycle is IT's; we only say that nothing here speaks for them
    "revoked": DENY,
    "exempt": ALLOW,
    "complete": ALLOW,
    "expiring": ALLOW,
    "reattest_due": ALLOW,
    "not_due": ALLOW,
    "assigned": ALLOW,
    "in_progress": ALLOW,
    "overdue": ALLOW,
    "expired": LIMITED,
}

# "Prior to using the network" (RU-ANN-2), read strictly: who is new, or let last year's run out, is let in
# when they have signed or taken the course. Who did it last year has the days until the deadline.
_WITHOUT_A_PASS = {
    f"{state}.{history}": LIMITED
    for state in ("assigned", "in_progress", "overdue")
    for history in ("newcomer", "lapsed")
}

DEFAULTS: dict[str, dict[str, str]] = {
    "staff": {**EVERYBODY, **_WITHOUT_A_PASS},
    # A visitor has no year to finish in: the network begins with the signature.
    "guest": {**EVERYBODY, "assigned": LIMITED, "in_progress": LIMITED, "overdue": LIMITED},
    # Teaching pupils is the district's duty (RU-ANN-1); a class that was not taught must not lose the network.
    "pupil": {**EVERYBODY, "expired": ALLOW},
}


def access_for(state: str, reason: str, audience: str, mapping: Mapping[str, str]) -> str:
    """`mapping` holds what the district changed: {"overdue": "limited", "assigned.newcomer": "allow"}.

    A key with the reason after a dot is more particular than the state alone, and the district's word goes
    before the defaults on either level.
    """
    defaults = DEFAULTS.get(audience, EVERYBODY)
    particular = f"{state}.{reason}"
    for rules, key in ((mapping, particular), (mapping, state), (defaults, particular), (defaults, state)):
        if key in rules:
            return rules[key]
    return LIMITED  # a state this table does not know yet: neither an accidental accept nor a lock-out
