"""flask evidence: is what was recorded still what was signed, and with which keys."""

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from completion import checking, evidence_keys
from completion.models import Attestation, Evidence, PolicyText
from completion.record_models import EvidenceKey
from completion.signing import sign_attestation, signed_rows
from core.cli import answer, as_json
from core.database import db, transaction
from core.errors import Refused
from people.audit import COMMAND, record
from people.cli import require_district
from people.models import District, Person, SchoolYear

evidence_group = AppGroup("evidence", help="Signed evidence: check it, and the keys it is signed with.")
in_district = click.option("--district", "slug", required=True, help="The district's short name.")

MOST_SHOWN = 20
"""Faults on the screen; --json lists them all."""
BATCH = 500


@evidence_group.command("verify")
@in_district
@as_json
def verify(slug: str, json: bool) -> None:
    """Walk every evidence row and signature of a district; exit 1 when one does not hold, and say which."""
    with transaction():
        district = require_district(slug)
        found = list(checking.faults(district))
        evidence, signatures = checking.how_many(district)
        if found and not json:
            for each in found[:MOST_SHOWN]:
                click.echo(f"{each.row}  {each.what}")
            if len(found) > MOST_SHOWN:
                click.echo(f"... and {len(found) - MOST_SHOWN} more; --json lists them all")
        faults = [{"row": each.row, "what": each.what} for each in found]
        if json or not found:
            answer(
                json,
                f"{evidence} pieces of evidence and {signatures} signatures, all of them hold",
                evidence=evidence,
                signatures=signatures,
                faults=faults,
            )
        if found:
            raise Refused(f"{len(found)} of {evidence + signatures} records of {slug} do not hold")


@evidence_group.command("keys")
@as_json
def keys(json: bool) -> None:
    """List the keys that sign or have signed evidence, newest first."""
    with transaction():
        found = [
            {"kid": each.kid, "signs_from": each.signs_from.isoformat(), "state": _state(each)}
            for each in evidence_keys.all_keys()
        ]
        lines = [f"{each['kid']}  {each['state']}, from {each['signs_from'][:16]} UTC" for each in found]
        answer(json, "\n".join(lines) or "none yet; the first evidence makes the first", keys=found)


@evidence_group.command("rotate")
@as_json
def rotate(json: bool) -> None:
    """Sign with a new key from now on, and erase the private half of the one before."""
    with transaction():
        made = evidence_keys.rotate()
        answer(json, f"key {made.kid} signs evidence from now on", kid=made.kid)


# A key's name may begin with a dash, which is no option of ours.
@evidence_group.command("withdraw-key", context_settings={"ignore_unknown_options": True})
@click.argument("kid")
@as_json
def withdraw_key(kid: str, json: bool) -> None:
    """A key has leaked: believe nothing it signed. `verify` then lists what has to be looked at."""
    with transaction():
        signs = evidence_keys.withdraw(kid)
        answer(
            json, f"key {kid} is believed no more; key {signs.kid} signs now", withdrawn=kid, signs=signs.kid
        )


@evidence_group.command("sign-earlier")
@in_district
@as_json
def sign_earlier(slug: str, json: bool) -> None:
    """Once after an upgrade: sign what was recorded before there were signatures.

    Such a record says when it was signed (recorded_at) beside when it was shown, so nobody takes it for older proof.
    """
    with transaction():
        district = require_district(slug)
        rows = _sign_evidence(district)
        signatures = _sign_attestations(district)
        if rows or signatures:
            record(
                district.id, COMMAND, "evidence_signed_later", f"district:{slug}",
                evidence=rows, signatures=signatures,
            )  # fmt: skip
        answer(
            json,
            f"{rows} pieces of evidence and {signatures} signatures are signed now",
            evidence=rows,
            signatures=signatures,
        )


def _state(key: EvidenceKey) -> str:
    if key.withdrawn_at:
        return "withdrawn"
    return "replaced" if key.private_pem is None else "signs"


def _sign_evidence(district: District) -> int:
    count = 0
    while rows := db.scalars(
        sa.select(Evidence).where(Evidence.district_id == district.id, Evidence.jws.is_(None)).limit(BATCH)
    ).all():
        by_year: dict[int, list[Evidence]] = {}
        for row in rows:
            by_year.setdefault(row.school_year_id, []).append(row)
        for year_id, some in by_year.items():
            year = db.get_one(SchoolYear, year_id)
            plain = [_columns(row) for row in some]
            for row, signed in zip(some, signed_rows(plain, year, proof={"signed_later": True}), strict=True):
                row.code, row.jws = signed["code"], signed["jws"]
        db.flush()
        db.expire_all()
        count += len(rows)
    return count


def _columns(row: Evidence) -> dict[str, object]:
    names = ("public_id", "person_id", "part", "kind", "version", "score", "source", "shown_at")
    return {name: getattr(row, name) for name in names} | ({"code": row.code} if row.code else {})


def _sign_attestations(district: District) -> int:
    rows = db.execute(
        sa.select(Attestation, PolicyText, Person, SchoolYear)
        .join(PolicyText, PolicyText.id == Attestation.policy_text_id)
        .join(Person, Person.id == Attestation.person_id)
        .join(SchoolYear, SchoolYear.id == Attestation.school_year_id)
        .where(Attestation.district_id == district.id, Attestation.jws.is_(None))
    ).all()
    for signature, text, person, year in rows:
        sign_attestation(signature, text, person, year)
    return len(rows)
