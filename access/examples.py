"""What answers look like, for the description of the interface."""

from typing import Any

STANDING = {
    "id": "p_sSjsc9AD9sHOp-cMqgCEMw",
    "ids": {"sis": "100001", "email": "drivera@evergreen.example", "username": "drivera"},
    "audience": "staff",
    "requirement": "rua",
    "period": "2026-27",
    "state": "complete",
    "access": "allow",
    "would_be": "allow",
    "reason": "agreement",
    "completed_at": "2026-11-24T01:59:38Z",
    "valid_until": "2027-08-31",
    "due_at": None,
    "grace_until": None,
    "next_change_at": "2027-08-01T07:00:00Z",
    "policy_version": "rua-2026.1",
    "evidence": "ev_qasa5tu9MIMZpluJf7ZglA",
    "seq": 184467,
}
REMOVED = {
    "id": "p_x7QmUyV1Vb3m0mE2b3Zk1A",
    "ids": {"sis": "100002"},
    "removed": "left-roster",
    "requirement": "rua",
    "access": "deny",
    "into": None,
    "seq": 184468,
}
EVENT = {
    "id": "evt_evergreen_184467",
    "type": "standing.changed",
    "timestamp": "2026-11-24T02:00:00Z",
    "data": {
        "person": "p_sSjsc9AD9sHOp-cMqgCEMw",
        "requirement": "rua",
        "state": "complete",
        "access": "allow",
        "previous_state": "assigned",
        "previous_access": "limited",
        "seq": 184467,
    },
}
ERASED = {
    "id": "evt_evergreen_184468",
    "type": "person.erased",
    "timestamp": "2026-11-24T03:00:00Z",
    "data": {"person": "p_x7QmUyV1Vb3m0mE2b3Zk1A", "seq": 184468},
}
TAKEN = {
    "id": "evt_evergreen_184469",
    "type": "roster.imported",
    "timestamp": "2026-11-24T10:00:00Z",
    "data": {"roster": 12, "people": 2500, "added": 12, "left": {"staff": 3}, "seq": 184469},
}
COMPLETION = {
    "id": "ev_qasa5tu9MIMZpluJf7ZglA",
    "person": "p_sSjsc9AD9sHOp-cMqgCEMw",
    "ids": {"sis": "100001"},
    "audience": "staff",
    "part": "attestation:rua",
    "kind": "agreement",
    "period": "2026-27",
    "version": "rua-2026.1",
    "completed_at": "2026-11-24T01:59:38Z",
}

EXAMPLES: dict[tuple[str, str], Any] = {
    ("/api/v1/standings", "get"): {"items": [STANDING], "next": None, "delta": "WzEsInJ1YSIsbnVsbCwzXQ.aSX.k3"},
    ("/api/v1/standings/changes", "get"): {"items": [STANDING, REMOVED], "delta": "WzEsInJ1YSJd.aSX.p9", "more": False},
    ("/api/v1/standings/{scheme}:{value}", "get"): STANDING,
    ("/api/v1/standings/query", "post"): {
        "items": [{"value": "100001", "standing": STANDING}, {"value": "999999", "standing": None}]
    },
    ("/api/v1/events", "get"): {"items": [EVENT, ERASED, TAKEN], "after": 184469, "more": False},
    ("/api/v1/completions", "get"): {"items": [COMPLETION], "next": None},
    ("/api/v1/evidence/{evidence_id}", "get"): COMPLETION | {"voided_at": None, "jws": "eyJhbGciOiJFZERTQSJ9.e30.c2ln"},
    ("/api/v1/evidence/{evidence_id}/verify", "get"): {
        "id": "ev_qasa5tu9MIMZpluJf7ZglA", "holds": True, "fault": None, "voided": False,
    },
}  # fmt: skip
"""{(path, method): the body of a 200}"""
