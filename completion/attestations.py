"""Publish an agreement, show it as this district fills it, and sign it.

A signature is worth something when it is clear what was shown, that signing was meant, and by whom
(RCW 1.80): the exact bytes are kept under their SHA-256, and the sentence beside the box and the typed name
stand in the record.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from completion.ledger import record_evidence
from completion.models import Attestation, PolicyEdition, PolicyText
from core.clock import now
from core.database import db, insert_for
from core.errors import NotFound, Refused, ToolError
from core.messages import N_
from core.variables import fill
from people.district_facts import facts_of
from people.models import District, Person, SchoolYear

AGREEMENT = "rua"
LONGEST_NAME = 120


class NoSuchAgreement(NotFound):
    code = "no_such_agreement"
    next_step = N_("The agreement has not been published here yet. Tell your school's help desk.")


class AgreementChanged(ToolError):
    status, code = 409, "agreement_changed"
    next_step = N_("Open the agreement again, read the present text, and sign that one.")


class NotSigned(ToolError):
    """Something that makes a signature is missing; `field` says what."""

    status, code = 422, "not_signed"
    next_step = N_("Go back, complete the form, and sign again. Nothing was recorded.")


@dataclass(frozen=True)
class ShownText:
    """An agreement as one district's people see it."""

    key: str
    version: str
    lang: str
    title: str
    intent: str
    body: str

    @property
    def text(self) -> str:
        """What is hashed and kept: title and version stand in it, so no two versions share their bytes."""
        return f"# {self.title}\n\nVersion {self.version}\n\n{self.body}"

    @property
    def sha256(self) -> str:
        return sha256_of(self.text)

    @property
    def policy_version(self) -> str:
        """As evidence and IT name it: rua-2026.1."""
        return f"{self.key}-{self.version}"


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def publish_policy_text(key: str, version: str, lang: str, text: str, *, title: str, intent: str) -> str:
    """Publish an edition and return the SHA-256 of its text; publishing the same again changes nothing.

    `text` is Markdown, sections begin with `## `, with {{name|default}} where district facts go. Write the
    defaults in first (core.variables.with_defaults): nothing else knows them here.
    Raises Refused when this version was published with other words: signatures name the version.
    """
    digest = sha256_of(text)
    db.execute(
        insert_for(PolicyEdition)
        .values(key=key, version=version, lang=lang, text=text, title=title, intent=intent, sha256=digest)
        .on_conflict_do_nothing(index_elements=["key", "version", "lang"])
    )
    kept = db.scalars(sa.select(PolicyEdition).filter_by(key=key, version=version, lang=lang)).one()
    if (kept.sha256, kept.intent) != (digest, intent):
        raise Refused(
            N_(
                "%(key)s %(version)s (%(lang)s) was published with other words; a changed text needs a new version",
                key=key,
                version=version,
                lang=lang,
            )
        )
    return digest


def current_text(district: District, key: str = AGREEMENT, lang: str = "en") -> ShownText:
    """The newest edition filled with this district's facts. Raises NoSuchAgreement, MissingVariable."""
    edition = db.scalars(
        sa.select(PolicyEdition).filter_by(key=key, lang=lang).order_by(PolicyEdition.id.desc()).limit(1)
    ).one_or_none()
    if edition is None:
        raise NoSuchAgreement(N_("There is no agreement to sign yet."))
    facts = facts_of(district)
    return ShownText(
        key=key,
        version=edition.version,
        lang=lang,
        title=edition.title,
        intent=fill(edition.intent, facts),
        body=fill(edition.text, facts),
    )


def sign(
    person: Person,
    shown: ShownText,
    *,
    text_sha256: str,
    agreed: bool,
    typed_name: str,
    provenance: dict[str, Any],
    year: SchoolYear,
) -> Attestation:
    """Sign `shown`, the present text. Signing the same text again in a year returns the first signature.

    text_sha256  of the text that stood on the page they read; raises AgreementChanged when it is not `shown`
    agreed       the box was ticked; raises NotSigned when it was not, or when no name was typed
    """
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
    policy_text = _kept(shown)
    db.execute(
        insert_for(Attestation)
        .values(
            district_id=person.district_id,
            person_id=person.id,
            school_year_id=year.id,
            policy_text_id=policy_text.id,
            intent=shown.intent,
            typed_name=name,
            signed_at=now(),
            provenance=provenance,
        )
        .on_conflict_do_nothing(index_elements=["person_id", "school_year_id", "policy_text_id"])
    )
    signed = db.scalars(
        sa.select(Attestation).filter_by(
            person_id=person.id, school_year_id=year.id, policy_text_id=policy_text.id
        )
    ).one()
    record_evidence(
        person,
        f"attestation:{shown.key}",
        year,
        kind="agreement",
        version=shown.policy_version,
        source=f"attestation {signed.id}",
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


def signatures_of(person_id: int) -> list[tuple[Attestation, str]]:
    """All of a person's signatures, newest first, each with the version it is under."""
    rows = db.execute(
        sa.select(Attestation, PolicyText.version)
        .join(PolicyText, PolicyText.id == Attestation.policy_text_id)
        .where(Attestation.person_id == person_id)
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
            PolicyText.sha256 == shown.sha256,
        )
    ).one_or_none()


def _kept(shown: ShownText) -> PolicyText:
    db.execute(
        insert_for(PolicyText)
        .values(sha256=shown.sha256, key=shown.key, version=shown.version, lang=shown.lang, text=shown.text)
        .on_conflict_do_nothing(index_elements=["sha256"])
    )
    return db.scalars(sa.select(PolicyText).filter_by(sha256=shown.sha256)).one()
