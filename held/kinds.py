"""How long each kind of record is kept: the default, and between which bounds a district may choose.

Bounds are law or its consequence (docs/privacy.md says which); a district's records officer decides between them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.messages import N_
from held.terms import Term, read_term


@dataclass(frozen=True)
class Kind:
    """counted_from  when the term begins; because  why it may not be shorter or longer"""

    title: str
    counted_from: str
    default: Term
    least: Term
    most: Term
    because: str


def _kind(title: str, counted_from: str, terms: str, because: str) -> Kind:
    default, least, most = map(read_term, terms.split())
    return Kind(title, counted_from, default, least, most, because)


YEAR_END = N_("the end of the school year")
ITS_DAY = N_("its own day")

KINDS: Mapping[str, Kind] = {
    "quiz_answers": _kind(
        N_("Answers to single questions"),
        YEAR_END,
        "90d 0d 1y",
        "Nobody needs a single answer once the year has been talked over.",
    ),
    "pupil_records": _kind(
        N_("Records of pupils and of guests (visitors and volunteers), person by person"),
        YEAR_END,
        "1y 90d 6y",
        "A make-up lesson may come after the summer, and a guest comes back; no data of theirs is kept without end.",
    ),
    "staff_evidence": _kind(
        N_("Records of staff: what they took, signed and were exempted from"),
        YEAR_END,
        "6y 3y 60y",
        "Training and signed agreements must be shown for years; never less than three.",
    ),
    "disclosures": _kind(
        N_("Notes of who was given records"),
        ITS_DAY,
        "10y 6y 60y",
        "They are kept as long as the records they speak of may be.",
    ),
    "deliveries": _kind(
        N_("Counts of lessons taught, without people"),
        ITS_DAY,
        "10y 10y 60y",
        "E-rate asks for proof for ten years.",
    ),
    "bundles": _kind(
        N_("Copies set aside before records are destroyed"),
        ITS_DAY,
        "90d 30d 1y",
        "The records officer has time to archive them, and they are not kept without an end.",
    ),
}

FIXED: Mapping[str, tuple[str, str]] = {
    "sign_ins": (N_("Who is signed in in which tab"), N_("10 hours")),
    "nonces": (N_("Numbers that let a launch open once"), N_("20 minutes")),
    "audit": (
        N_("The log of decisions, which names people by number only"),
        N_("as long as the district is here"),
    ),
    "content": (N_("The lessons and agreements themselves"), N_("as long as the district is here")),
}
"""{key: (title, how long)}: not for a district to choose."""
