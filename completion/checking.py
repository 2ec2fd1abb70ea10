"""Does what the tables say still agree with what was signed? One row, or all rows of a district as a stream."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt
import sqlalchemy as sa
from sqlalchemy.orm import undefer

from completion.evidence_keys import all_keys
from completion.merging import MERGED, NOTED
from completion.models import Attestation, Evidence, PolicyText
from completion.signing import ALGORITHM, TYPE, attestation_record, evidence_record
from core.database import db
from core.sealed import CanNotUnseal
from people.audit_models import AuditEntry
from people.merging import was_known_as
from people.models import District, Person, SchoolYear

_jws = jwt.PyJWS()
BATCH = 500
VOIDED = "evidence_voided"
"""The action under which the audit log has it when personnel voids evidence."""

Keys = dict[str, tuple[Any, bool]]
"""{kid: (public key, whether it was withdrawn)}"""


@dataclass(frozen=True)
class Fault:
    """`what` is a short English reason: `unsigned`, `altered: score`, `signature does not hold` ..."""

    row: str
    """`evidence:ev_...` or `attestation:at_...`."""
    what: str


def known_keys() -> Keys:
    return {
        each.kid: (jwt.PyJWK(each.public_jwk, algorithm=ALGORITHM).key, each.withdrawn_at is not None)
        for each in all_keys()
    }


def fault_of_jws(token: str | None, keys: Keys) -> tuple[str | None, dict[str, Any]]:
    """(what is wrong with the signature or None, the record in it or {})."""
    if token is None:
        return "unsigned", {}
    try:
        header = jwt.get_unverified_header(token)
        key, withdrawn = keys[header.get("kid", "")]
        if header.get("typ") != TYPE:
            return "signature does not hold", {}
        record = json.loads(_jws.decode(token, key, algorithms=[ALGORITHM]))
    except KeyError:
        return "signed by a key that is not ours", {}
    except (jwt.InvalidTokenError, ValueError):
        return "signature does not hold", {}
    if withdrawn:
        return "signed by a key that was withdrawn", record
    return None, record


def held_until(token: str | None) -> datetime | None:
    """Until when a signature under a visitor's code holds, as it was signed; None of all else, which holds as its
    requirement says."""
    _wrong, record = fault_of_jws(token, known_keys())
    said = record.get("launch", {}).get("valid_until")
    return datetime.fromisoformat(said) if said else None


def fault_of_evidence(row: Evidence, keys: Keys, *, person: str, district: str, period: str) -> str | None:
    """None when the signature holds and the row says what was signed."""
    wrong, record = fault_of_jws(row.jws, keys)
    if wrong:
        return wrong
    person = _signed_as(record, row.district_id, person)
    said = {name: getattr(row, name) for name in _COLUMNS}
    # What they were known as then may have changed since; it is taken as signed.
    return _difference(
        record, evidence_record(said, person, record.get("ids", {}), district=district, period=period)
    )


_COLUMNS = ("public_id", "code", "part", "kind", "version", "score", "source", "shown_at")


def fault_of_attestation(
    row: Attestation, text: PolicyText, keys: Keys, *, person: str, district: str, period: str
) -> str | None:
    """The same for a signature, whose text must also still have the SHA-256 it is kept under."""
    wrong, record = fault_of_jws(row.jws, keys)
    if wrong:
        return wrong
    if hashlib.sha256(text.text.encode()).hexdigest() != text.sha256:
        return "altered: the text that was signed"
    person = _signed_as(record, row.district_id, person)
    return _difference(record, attestation_record(row, text, person, district=district, period=period))


def faults(district: District) -> Iterator[Fault]:
    """Everything of a district that does not hold. Reads as a stream: memory stays the same for any number of rows."""
    keys = known_keys()
    yield from _evidence_faults(district, keys)
    yield from _attestation_faults(district, keys)
    yield from _missing(district)
    yield from _void_faults(district)


def how_many(district: District) -> tuple[int, int]:
    """(evidence rows, signatures) of a district."""
    return tuple(  # type: ignore[return-value]
        db.scalar(sa.select(sa.func.count()).select_from(model).where(model.district_id == district.id)) or 0
        for model in (Evidence, Attestation)
    )


def _evidence_faults(district: District, keys: Keys) -> Iterator[Fault]:
    rows = (
        sa.select(Evidence, Person.public_id, SchoolYear.name)
        .join(Person, Person.id == Evidence.person_id)
        .join(SchoolYear, SchoolYear.id == Evidence.school_year_id)
        .where(Evidence.district_id == district.id)
        .order_by(Evidence.id)
        .options(undefer(Evidence.jws))
        .execution_options(yield_per=BATCH)
    )
    with closing(db.execute(rows)) as read:
        for row, person, period in read:
            wrong = fault_of_evidence(row, keys, person=person, district=district.slug, period=period)
            if wrong:
                yield Fault(f"evidence:{row.public_id}", wrong)
            db.expunge(row)


def _attestation_faults(district: District, keys: Keys) -> Iterator[Fault]:
    rows = (
        sa.select(Attestation.id)
        .where(Attestation.district_id == district.id)
        .order_by(Attestation.id)
        .execution_options(yield_per=BATCH)
    )
    with closing(db.scalars(rows)) as read:
        for ids in read.partitions():
            yield from _faults_of_some(ids, district, keys)


def _faults_of_some(ids: Any, district: District, keys: Keys) -> Iterator[Fault]:
    for number in ids:
        wanted = (
            sa.select(Attestation, PolicyText, Person.public_id, SchoolYear.name)
            .join(PolicyText, PolicyText.id == Attestation.policy_text_id)
            .join(Person, Person.id == Attestation.person_id)
            .join(SchoolYear, SchoolYear.id == Attestation.school_year_id)
            .where(Attestation.id == number)
            .options(undefer(Attestation.jws))
        )
        try:
            row, text, person, period = db.execute(wanted).one()
        except CanNotUnseal:
            # One row sealed under another key must not hide what is wrong with the rest.
            yield Fault(f"attestation {number}", "altered: the typed name can not be unsealed")
            continue
        wrong = fault_of_attestation(row, text, keys, person=person, district=district.slug, period=period)
        if wrong:
            yield Fault(f"attestation:{row.public_id}", wrong)
        db.expunge(row)


def _missing(district: District) -> Iterator[Fault]:
    """Every signature has the evidence that rests on it; if somebody removed that row, the signature tells."""
    rests = sa.exists().where(
        Evidence.person_id == Attestation.person_id,
        Evidence.school_year_id == Attestation.school_year_id,
        Evidence.part == "attestation:" + PolicyText.key,
        Evidence.version == PolicyText.key + "-" + PolicyText.version,
    )
    alone = (
        sa.select(Attestation.public_id)
        .join(PolicyText, PolicyText.id == Attestation.policy_text_id)
        .where(Attestation.district_id == district.id, ~rests)
        .order_by(Attestation.id)
    )
    for public_id in db.scalars(alone):
        yield Fault(f"attestation:{public_id}", "its evidence is gone")


def _void_faults(district: District) -> Iterator[Fault]:
    """Voiding is no part of the signed record; the audit log, which is a chain, is the second witness."""
    in_the_log = _logged(VOIDED)
    mine = sa.select(Evidence.public_id).where(Evidence.district_id == district.id).order_by(Evidence.id)
    for public_id in db.scalars(mine.where(Evidence.voided_at.is_(None), in_the_log)):
        yield Fault(f"evidence:{public_id}", "the audit log says it was voided, and the row does not")
    # A class session that is taken back voids what it recorded, and that is the teacher's to do.
    by_hand = mine.where(Evidence.voided_at.is_not(None), Evidence.kind != "group", ~in_the_log)
    by_hand = by_hand.where(sa.or_(Evidence.void_reason != MERGED, ~_logged(NOTED)))
    for public_id in db.scalars(by_hand):
        yield Fault(f"evidence:{public_id}", "voided, and the audit log does not say so")


def _logged(action: str) -> sa.Exists:
    return sa.exists().where(
        AuditEntry.district_id == Evidence.district_id,
        AuditEntry.action == action,
        AuditEntry.subject == "evidence:" + Evidence.public_id,
    )


def _signed_as(record: Mapping[str, Any], district_id: int, person: str) -> str:
    """Whose record was merged into another's keeps what was signed under their own id."""
    signed = record.get("person")
    known = isinstance(signed, str) and signed != person and was_known_as(district_id, signed, person)
    return str(signed) if known else person


def _difference(record: Mapping[str, Any], row: Mapping[str, Any]) -> str | None:
    wrong = sorted(name for name, value in row.items() if name not in record or record[name] != value)
    return f"altered: {', '.join(wrong)}" if wrong else None
