"""A question of somebody else as an item of ours: the same for every format it comes in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from exchange.bounds import LONGEST_TEXT, MOST_OPTIONS, FileRefused
from exchange.questions import one_line
from exchange.tags import Tags
from exchange.xml_writing import NOT_XML
from lessons.items import Bin, Item, Option

LETTERS = "abcdefghijklmnopqrstuvwxyz"
NO_TAGS = Tags()


@dataclass(frozen=True, slots=True)
class Answer:
    """One option as it came. `goes_with` is the text of the bin or partner of a card."""

    text: str
    feedback: str = ""
    correct: bool = False
    goes_with: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """`name` is what the file calls the question; `kind` is one of ours, or "pairs" for sort or match, whichever
    it turns out to be. `bins` are all bins there are, where that is more than cards go with."""

    name: str
    kind: str
    stem: str
    answers: tuple[Answer, ...]
    tags: Tags = NO_TAGS
    bins: tuple[str, ...] = ()


def item_of(incoming: Incoming) -> Item:
    """With the incoming name as its id. Where the file does not say, objective is 1 and level apply: an author
    looks at both. Raises FileRefused."""
    name = incoming.name
    if not 2 <= len(incoming.answers) <= MOST_OPTIONS:
        raise FileRefused(f"{name}: {len(incoming.answers)} options; 2 to {MOST_OPTIONS} can be taken")
    bins = _bins(incoming)
    ids = {each.text: each.id for each in bins}
    options = tuple(
        Option(
            id=letter,
            text=_text(name, "an option", answer.text),
            correct=answer.correct,
            feedback=_text(name, "a feedback", answer.feedback, may_miss=True),
            bin=ids.get(one_line(answer.goes_with), ""),
        )
        for letter, answer in zip(LETTERS, incoming.answers, strict=False)
    )
    return Item(
        id=name,
        pool="quiz",
        type=_type(incoming, bins),
        objective=incoming.tags.objective or 1,
        clauses=incoming.tags.clauses,
        level=incoming.tags.level or "apply",
        critical=incoming.tags.critical,
        stem=_text(name, "the stem", incoming.stem),
        say="",
        options=options,
        bins=bins,
    )


def _type(incoming: Incoming, bins: Sequence[Bin]) -> str:
    """Each card with a partner of its own is a match, everything else a sort."""
    if incoming.kind == "pairs":
        partners = {one_line(answer.goes_with) for answer in incoming.answers}
        return "match" if len(partners) == len(incoming.answers) == len(bins) else "sort"
    return incoming.tags.type if incoming.kind == "multi" and incoming.tags.type else incoming.kind


def _bins(incoming: Incoming) -> tuple[Bin, ...]:
    if incoming.kind not in ("pairs", "sort", "match"):
        return ()
    texts = [*incoming.bins, *(answer.goes_with for answer in incoming.answers)]
    words = dict.fromkeys(_text(incoming.name, "a bin or partner", each) for each in texts)
    return tuple(Bin(id=f"bin-{number}", text=each) for number, each in enumerate(words, start=1))


def _text(name: str, what: str, text: str, *, may_miss: bool = False) -> str:
    line = one_line(text)
    if not line and not may_miss:
        raise FileRefused(f"{name}: {what} is empty")
    if len(line) > LONGEST_TEXT:
        raise FileRefused(f"{name}: {what} has {len(line)} characters; {LONGEST_TEXT} can be taken")
    if NOT_XML.search(line):
        raise FileRefused(f"{name}: {what} has control characters")
    return line


def short(text: str) -> str:
    """Enough of a name or stem to find a question by, on one line."""
    return (
        NOT_XML.sub("", re.sub(r"[^\S ]|[\x00-\x1f\x7f]", " ", text))[:60].strip()
        or "a question without a name"
    )
