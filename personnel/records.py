"""What the personnel office sees of one person: names, standing, everything recorded, and what was decided."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from completion.asked import AskedOf, asked_of
from completion.decision_models import Exemption, Revocation
from completion.exemptions import exemptions_of
from completion.extension_models import Extension
from completion.extensions import extensions_of
from completion.models import Attestation, Evidence, PolicyText
from completion.record_models import PaperSignature
from completion.revocations import revocations_of
from core.clock import now
from core.database import db
from people.directory import KNOWN_BY, identities_of, known_as
from people.models import Person, SchoolYear


@dataclass(frozen=True)
class Recorded:
    """A piece of evidence and the year it counts for."""

    evidence: Evidence
    year: str


@dataclass(frozen=True)
class Signed:
    """A signature on screen and the text under it."""

    attestation: Attestation
    version: str
    sha256: str


@dataclass(frozen=True)
class Record:
    """`known_as` is {scheme: value}; lists are newest first."""

    known_as: dict[str, str]
    asked: list[AskedOf]
    recorded: list[Recorded]
    signed: list[Signed]
    papers: list[PaperSignature]
    exemptions: list[Exemption]
    extensions: list[Extension]
    revocations: list[Revocation]


def record_of(person: Person) -> Record:
    """In a constant number of queries, however much there is."""
    evidence = db.execute(
        sa.select(Evidence, SchoolYear.name)
        .join(SchoolYear, SchoolYear.id == Evidence.school_year_id)
        .where(Evidence.person_id == person.id, Evidence.district_id == person.district_id)
        .order_by(Evidence.shown_at.desc(), Evidence.id.desc())
    )
    signed = db.execute(
        sa.select(Attestation, PolicyText.version, PolicyText.sha256)
        .join(PolicyText, PolicyText.id == Attestation.policy_text_id)
        .where(Attestation.person_id == person.id, Attestation.district_id == person.district_id)
        .order_by(Attestation.signed_at.desc(), Attestation.id.desc())
    )
    papers = db.scalars(
        sa.select(PaperSignature)
        .filter_by(person_id=person.id, district_id=person.district_id)
        .order_by(PaperSignature.id.desc())
    )
    return Record(
        known_as=identities_of([person.id], KNOWN_BY).get(person.id, {}),
        asked=asked_of(person, now()),
        recorded=[Recorded(*row) for row in evidence],
        signed=[Signed(*row) for row in signed],
        papers=list(papers),
        exemptions=exemptions_of(person),
        extensions=extensions_of(person),
        revocations=revocations_of(person),
    )


def names_of(people: list[Person]) -> dict[int, str]:
    """{person id: what personnel knows them by}, in one query."""
    known = identities_of([each.id for each in people], KNOWN_BY)
    return {each.id: known_as(known.get(each.id, {}), each.public_id) for each in people}


def is_over(decision: Exemption | Revocation, at: datetime) -> bool:
    """Ended by its last day, by somebody before that, or by the clock as nobody had decided."""
    if isinstance(decision, Revocation):
        return decision.over_at is not None and decision.over_at <= at
    return decision.ended_at is not None or decision.ends_at <= at
