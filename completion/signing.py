"""Evidence and signatures as signed records: a compact JWS (RFC 7515, Ed25519 as in RFC 8037) over canonical JSON.

The record stands by itself: with the published key anybody can check it years later, without our tables. It names
people by public id, and by the keyed fingerprints of what they were known as at that time: who holds DATA_KEY and a
SIS number can show whose it is, and who holds only the record reads no name in it, not even after an erasure.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt import PyJWS

from completion.evidence_keys import signing_key
from completion.models import Attestation, PolicyText
from completion.record_models import EvidenceKey
from core.clock import now
from core.codes import new_code
from core.database import db
from core.sealed import fingerprint, new_secret
from core.version import VERSION
from people.models import District, Identity, Person, SchoolYear

FORMAT = 1
TYPE = "evidence+jws"
ALGORITHM = "EdDSA"
KNOWN_AS = ("sis", "email", "username")
"""Names by which IT and personnel know somebody; the LMS's own subject is no name of theirs."""

_jws = PyJWS()
_loaded: dict[str, Ed25519PrivateKey] = {}


def canonical(record: Mapping[str, Any]) -> bytes:
    """One way to write a record: keys in order, no blanks, UTF-8."""
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def signed(record: Mapping[str, Any]) -> str:
    """The record as a compact JWS under the key that signs now."""
    return _sign([record])[0]


def signed_rows(
    rows: Iterable[Mapping[str, Any]],
    year: SchoolYear,
    *,
    launch: Mapping[str, Any] | None = None,
    proof: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """These Evidence rows of one school year with their public ids, codes and signed records, in three queries.

    launch  where it was shown: issuer, client, deployment and link of the LTI launch
    proof   what the kind rests on besides: text and statement of a signature, who entered a paper form
    """
    found = [dict(row) for row in rows]
    people = _people([row["person_id"] for row in found])
    district = db.get_one(District, year.district_id)
    for row in found:
        row.setdefault("public_id", "ev_" + new_secret(16))
        row.setdefault("code", new_code())
        row.setdefault("score", None)
    records = [
        evidence_record(row, *people[row["person_id"]], district=district.slug, period=year.name)
        | {"launch": dict(launch or {}), "proof": dict(proof or {})}
        | {"recorded_at": _written(now()), "app": VERSION}
        for row in found
    ]
    for row, jws in zip(found, _sign(records), strict=True):
        row["jws"] = jws
    return found


def evidence_record(
    row: Mapping[str, Any], person: str, ids: Mapping[str, str], *, district: str, period: str
) -> dict[str, Any]:
    """What a record says and the table says too; a check holds the one against the other."""
    return {
        "format": FORMAT,
        "evidence": row["public_id"],
        "code": row["code"],
        "person": person,
        "ids": dict(ids),
        "district": district,
        "period": period,
        "part": row["part"],
        "kind": row["kind"],
        "version": row["version"],
        "score": row["score"],
        "source": row["source"],
        "shown_at": _written(row["shown_at"]),
    }


def attestation_record(
    signature: Attestation, text: PolicyText, person: str, *, district: str, period: str
) -> dict[str, Any]:
    """The same for a signature. The typed name is in it as a keyed fingerprint."""
    return {
        "format": FORMAT,
        "attestation": signature.public_id,
        "person": person,
        "district": district,
        "period": period,
        "text": text_record(text),
        "intent": signature.intent,
        "typed_name": fingerprint("typed name", signature.typed_name),
        "signed_at": _written(signature.signed_at),
        "launch": signature.provenance,
    }


def _written(instant: datetime) -> str:
    """In UTC, as the tables give it back: an instant has one spelling in a record."""
    return instant.astimezone(UTC).isoformat()


def text_record(text: PolicyText) -> dict[str, str]:
    return {"key": text.key, "version": text.version, "lang": text.lang, "sha256": text.sha256}


def sign_attestation(signature: Attestation, text: PolicyText, person: Person, year: SchoolYear) -> None:
    district = db.get_one(District, year.district_id)
    _, ids = _people([person.id])[person.id]
    record = attestation_record(signature, text, person.public_id, district=district.slug, period=year.name)
    signature.jws = signed(record | {"ids": ids, "recorded_at": _written(now()), "app": VERSION})
    db.flush()


def _sign(records: list[dict[str, Any]] | list[Mapping[str, Any]]) -> list[str]:
    if not records:
        return []
    key = signing_key()
    private = _private(key)
    headers = {"kid": key.kid, "typ": TYPE}
    return [_jws.encode(canonical(each), private, algorithm=ALGORITHM, headers=headers) for each in records]


def _private(key: EvidenceKey) -> Ed25519PrivateKey:
    if key.kid not in _loaded:
        assert key.private_pem is not None, "only a key that still has its private half signs"
        loaded = serialization.load_pem_private_key(key.private_pem.encode(), password=None)
        assert isinstance(loaded, Ed25519PrivateKey)
        _loaded[key.kid] = loaded
    return _loaded[key.kid]


def _people(person_ids: list[int]) -> dict[int, tuple[str, dict[str, str]]]:
    """{person id: (public id, {scheme: fingerprint})} in one query."""
    rows = db.execute(
        sa.select(Person.id, Person.public_id, Identity.scheme, Identity.fingerprint)
        .outerjoin(Identity, sa.and_(Identity.person_id == Person.id, Identity.scheme.in_(KNOWN_AS)))
        .where(Person.id.in_(person_ids))
        .order_by(Identity.id)
    )
    found: dict[int, tuple[str, dict[str, str]]] = {}
    for person_id, public_id, scheme, print_ in rows:
        _, ids = found.setdefault(person_id, (public_id, {}))
        if scheme is not None:
            ids[scheme] = print_
    return found
