"""Codes in words, for the personnel office."""

from completion.words import KINDS, STATUS
from lessons.library import title_under

STATES = {
    **{state: (look, str(word)) for state, (look, word) in STATUS.items()},
    "revoked": ("late", "Access withdrawn"),
    "exempt": ("off", "Exempt"),
    "reattest_due": ("part", "Asked to sign the new text"),
    "not_applicable": ("off", "Not asked of them"),
}
"""{state: (status class, word)}"""

EVIDENCE = {kind: str(word) for kind, word in KINDS.items()}

VOID_REASONS = {
    "wrong_person": "It belongs to somebody else",
    "entered_by_mistake": "It was entered by mistake",
    "not_their_own_work": "They did not do it themselves",
    "paper_not_found": "The paper can not be found",
    "wrong_edition": "It was another edition",
    "not_here": "They were not there (taken back by the teacher)",
}
EXEMPTION_REASONS = {
    "leave": "On leave",
    "no_network_use": "Does not use the network",
    "accommodation": "Accommodation",
    "equivalent_training": "Equivalent training",
    "short_assignment": "Short assignment",
    "legal": "Legal reason",
}
EXTENSION_REASONS = {
    "leave": "Was or is on leave",
    "accommodation": "Accommodation",
    "technical": "Could not reach the course",
    "schedule": "Other duties",
    "late_notice": "Was told late",
}
REVOCATION_REASONS = {
    "misuse": "Misuse",
    "security_incident": "Security incident",
    "account_compromised": "Account in other hands",
    "investigation": "Investigation",
    "employment": "Employment",
    "discipline": "Discipline",
}
CONDITIONS = {
    "none": "Without a condition",
    "new_evidence": "After they take the course or sign anew",
    "supervised": "Supervised",
}
PARTS = {"attestation:rua": "Responsible use agreement"}

TOLD = {
    "entered": "Entered. It counts as soon as a second person has seen the paper and confirms it.",
    "confirmed": "Confirmed. It counts from the day it was signed.",
    "sent_back": "Sent back. It counts for nothing.",
    "paper_taken_back": "Taken back. It counts for nothing, and may be entered again.",
    "accepted": "Accepted. It counts as the course.",
    "voided": "Voided. The record stays, and the requirement is open again.",
    "exempted": "Exempted until the day you gave.",
    "ended": "The exemption has ended.",
    "extended": "They have until the day you gave. The network hears it within seconds, and not why.",
    "taken_back": "Taken back. The date that was there before is due again.",
    "revoked": "Access is withdrawn. The network hears it within seconds, and not why.",
    "revoked_for_now": "Access is withdrawn. Unless a colleague decides within two days, it lapses.",
    "upheld": "It stands, and is looked at again on the day you gave.",
    "reinstated": "Access is given back, as far as what they have shown allows.",
}
"""{what was done: what the page says afterwards}"""


def part_in_words(part: str, version: str) -> str:
    if part in PARTS:
        return PARTS[part]
    lesson_id = part.removeprefix("lesson:")
    return title_under(lesson_id, version) or f"Lesson {lesson_id}"
