"""The formats that questions leave in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.messages import N_
from exchange import csv_writing, gift_writing, moodle_xml, qti_writing
from exchange.questions import QuestionSet
from lessons.items import Item

Write = Callable[[Sequence[QuestionSet], str], bytes]
"""From questions, and what to say about the file, to the file."""


def nothing_left_out(_item: Item) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Format:
    """`left_out` says why one question can not stand in it, or ""; `losses` is what holds for all of some types."""

    name: str
    title: str
    used_by: str
    ending: str
    mimetype: str
    write: Write
    losses: tuple[tuple[tuple[str, ...], str], ...] = ()
    left_out: Callable[[Item], str] = nothing_left_out


FORMATS = {
    each.name: each
    for each in (
        Format(
            "qti", "QTI 2.1", N_("Canvas, Brightspace, Blackboard, TAO"), ".zip", "application/zip",
            qti_writing.qti_package, qti_writing.LOSSES,
        ),
        Format(
            "moodle", "Moodle XML", N_("Moodle"), ".xml", "application/xml",
            moodle_xml.moodle_xml, moodle_xml.LOSSES,
        ),
        Format(
            "gift", "GIFT", N_("Moodle and others that read text"), ".txt", "text/plain",
            gift_writing.gift, gift_writing.LOSSES, gift_writing.left_out,
        ),
        Format("csv", "CSV", N_("a spreadsheet"), ".csv", "text/csv", csv_writing.question_csv),
    )
}  # fmt: skip
CARTRIDGE = "cc"
