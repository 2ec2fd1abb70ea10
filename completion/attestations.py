"""Sign an agreement, and keep what makes a signature one.

A signature is worth something when it is clear what was shown, that signing was meant, and by whom
(RCW 1.80): the exact bytes are kept under their SHA-256, the sentence beside the box and the typed name stand in the
record, and the record itself is signed by us (completion.signing).
"""

from typing import Any

import sqlalchemy as sa

from completion.ledger import record_evidence
from completion.models import Attestation, PolicyText
from completion.policy_texts import ShownText, keep_text
from completion.signing import sign_attestation, text_record
from core.clock import now
from core.database import db, insert_for
from core.errors import Forbidden, NotFound, ToolError
from core.messages import N_
from people.models import Person, SchoolYear

LONGEST_NAME = 120


class AgreementChanged(ToolError):
    status, code = 409, "agreement_changed"
    next_step = N_("Open the agreement again, read the present text, and sign that one.")


class NotSigned(ToolError):
    """Something that makes a signature is missing; `field` says what."""

    status, code = 422, "not_signed"
    next_step = N_("Go back, complete the form, and sign again. Nothing was recorded.")


class NotYourForm(Forbidden):
    """The page was opened by somebody else, as on a shared computer."""

    code = "not_your_form"
    next_step = N_("Open the agreement from your own course, and sign there. Nothing was recorded.")


class ClockWentBack(ToolError):
    """Our clock says an instant before something we have recorded already."""

    status, code = 503, "clock_went_back"
    next_step = N_(
        "Nothing was recorded. Tell your school's help desk that the clock of this service is wrong."
    )


def sign(
    person: Person,
    shown: ShownText,
    *,
    signer: str,
    text_sha256: str,
    agreed: bool,
    typed_name: str,
    provenance: dict[str, Any],
    year: SchoolYear,
) -> Attestation:
    """Sign `shown`, the present text. Signing the same text again in a year returns the first signature.

    signer       public id of the person for whom the form was made; raises NotYourForm when it is another's
    text_sha256  of the text that stood on the page they read; raises AgreementChanged when it is not `shown`
    agreed       the box was ticked; raises NotSigned when it was not, or when no name was typed
    Raises ClockWentBack when now lies before their last signature.
    """
    if signer != person.public_id:
        raise NotYourForm(N_("This form was opened for somebody else. Your signature was not recorded."))
    if text_sha256 != shown.sha256:
        raise AgreementChanged(
            N_("The agreement was changed after you opened it. Your signature was not recorded.")
        )
    if not agreed:
        raise NotSigned(N_("Tick the box to say that you agree."), field="agree")
    name = " ".join(typed_name.split())
    if not name or len(name) > LONGEST_NAME:
        raise NotSigned(
            N_("Type your full name, up to %(longest)s characters.", longest=LONGEST_NAME), field="typed_name"
        )
    signed = signature_under(person.id, shown, year.id)
    if signed is None:
        _check_clock(person)
        signed = _write(person, shown, year, name=name, provenance=provenance)
    return signed


def earlier_signature(person_id: int, shown: ShownText) -> tuple[Attestation, PolicyText] | None:
    """Their newest signature under another text of this agreement, of whatever year, with that text."""
    row = db.execute(
        sa.select(Attestation, PolicyText)
        .join(PolicyText, PolicyText.id == Attestation.policy_text_id)
        .where(
            Attestation.person_id == person_id,
            Attestation.voided_at.is_(None),
            PolicyText.key == shown.key,
            PolicyText.sha256 != shown.sha256,
        )
        .order_by(Attestation.signed_at.desc(), Attestation.id.desc())
        .limit(1)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def _check_clock(person: Person) -> None:
    later = sa.select(Attestation.id).where(Attestation.person_id == person.id, Attestation.signed_at > now())
    if db.scalars(later.limit(1)).first() is not None:
        raise ClockWentBack(N_("The clock of this service is wrong, so nothing can be signed now."))


def _write(
    person: Person, shown: ShownText, year: SchoolYear, *, name: str, provenance: dict[str, Any]
) -> Attestation:
    text = keep_text(shown)
    signed: Attestation | None = db.scalars(
        insert_for(Attestation)
        .values(
            district_id=person.district_id,
            person_id=person.id,
            school_year_id=year.id,
            policy_text_id=text.id,
            intent=shown.intent,
            typed_name=name,
            signed_at=now(),
            provenance=provenance,
        )
        .on_conflict_do_nothing()
        .returning(Attestation)
    ).one_or_none()
    if signed is None:  # two clicks at once: the other one was first, and wrote the rest too
        first = signature_under(person.id, shown, year.id)
        assert first is not None, "it stood in the way a moment ago"
        return first
    sign_attestation(signed, text, person, year)
    record_evidence(
        person,
        f"attestation:{shown.key}",
        year,
        kind="agreement",
        version=shown.policy_version,
        source=f"attestation {signed.id}",
        launch=provenance,
        proof={"attestation": signed.public_id, "text": text_record(text), "intent": shown.intent},
    )
    return signed


def signature_of(person_id: int, public_id: str) -> tuple[Attestation, PolicyText]:
    """A person's own signature with the text under it. Raises NotFound."""
    found = None
    if public_id.isprintable():  # PostgreSQL refuses to compare with a NUL
        found = db.execute(
            sa.select(Attestation, PolicyText)
            .join(PolicyText, PolicyText.id == Attestation.policy_text_id)
            .where(Attestation.person_id == person_id, Attestation.public_id == public_id)
        ).one_or_none()
    if found is None:
        raise NotFound(N_("There is no such signed agreement of yours."))
    signature, text = found
    return signature, text


def signatures_of(person_id: int, key: str) -> list[tuple[Attestation, str]]:
    """A person's signatures under this agreement that hold, newest first, each with the version it is under."""
    rows = db.execute(
        sa.select(Attestation, PolicyText.version)
        .join(PolicyText, PolicyText.id == Attestation.policy_text_id)
        .where(
            Attestation.person_id == person_id,
            Attestation.voided_at.is_(None),
            PolicyText.key == key,
        )
        .order_by(Attestation.signed_at.desc())
    )
    return [(signature, version) for signature, version in rows]


def signature_under(person_id: int, shown: ShownText, year_id: int) -> Attestation | None:
    """Their signature under this very text in this school year, if they have given it."""
    return db.scalars(
        sa.select(Attestation)
        .join(PolicyText, PolicyText.id == Attestation.policy_text_id)
        .where(
            Attestation.person_id == person_id,
            Attestation.school_year_id == year_id,
            Attestation.voided_at.is_(None),
            PolicyText.sha256 == shown.sha256,
        )
    ).one_or_none()
