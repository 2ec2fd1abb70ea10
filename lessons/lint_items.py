"""Rules I1 to I22 that look at one item at a time (curriculum.md 4.3)."""

import re
from collections import Counter
from collections.abc import Iterator

from lessons.content import Item
from lessons.findings import Finding
from lessons.item_types import ITEM_TYPES
from lessons.lint_words import LIMITS
from lessons.readability import sentences_of, words_in
from lessons.scope import Band, Planned
from lessons.sources import WrittenLesson

LONGEST_TO_SHORTEST = 1.6
NEGATIVE = re.compile(r"\b(?:not|never|except|least)\b|n['’]t\b", re.IGNORECASE)
SELF_REPORT = re.compile(
    r"\bhave you\b|\bhow (?:do|did|does) (?:you|it make you) feel\b|(?:^|[.!?]\s+)(?:do|did|are|were) you\b"
    r"|\byour (?:parents|religion)\b",
    re.IGNORECASE,
)
CATCH_ALL = re.compile(
    r"\b(?:all|none|both|any|neither) of (?:the above|these|them)\b|\ball the above\b", re.IGNORECASE
)
TRUE_FALSE = re.compile(r"\s*(?:true|false|yes|no)\s*[.!]?\s*", re.IGNORECASE)
TASK = re.compile(r"[.?!]['\"”’]?$")
SPOKEN = re.compile(r"[^0-9@#$%&*+=/\\<>_~^|]*")

Fault = tuple[str, tuple[str | int, ...], str]
"""Rule, where inside the item, and what is wrong."""


def lint_items(lesson: WrittenLesson, planned: Planned, band: Band) -> Iterator[Finding]:
    taken = Counter(item.id for item in lesson.items)
    for i, item in enumerate(lesson.items):
        faults = (
            *_name(item, lesson.id, taken),
            *_teaches(item, planned),
            *_stem(item, band),
            *_options(item, band),
        )
        for rule, where, message in faults:
            line = lesson.item_lines.line("items", i, *where)
            yield Finding(lesson.items_file, line, rule, f"{item.short}: {message}")
    yield from _alt_texts(lesson)


def _name(item: Item, lesson_id: str, taken: Counter[str]) -> Iterator[Fault]:
    form = r"q\d\d" if item.pool == "quiz" else r"[ph]\d"
    if not re.fullmatch(re.escape(lesson_id) + r"\." + form, item.id):
        yield (
            "I20",
            ("id",),
            f"{item.id} should be {lesson_id}.{'q01' if item.pool == 'quiz' else 'p1 or .h1'}",
        )
    if taken[item.id] > 1:
        yield "I20", ("id",), f"{item.id} stands {taken[item.id]} times"


def _teaches(item: Item, planned: Planned) -> Iterator[Fault]:
    if item.objective > len(planned.objectives):
        yield "I1", ("objective",), f"the lesson has {len(planned.objectives)} objectives"
    if item.pool == "quiz" and not item.clauses:
        yield "I2", ("clauses",), "a quiz item names the clauses it teaches"
    for clause in item.clauses:
        if clause not in planned.clauses:
            yield "I2", ("clauses",), f"{clause} is not among this lesson's clauses in the plan"
    if item.critical and planned.band != "staff":
        yield "I16", ("critical",), "only staff items are critical"


def _stem(item: Item, band: Band) -> Iterator[Fault]:
    if not TASK.search(item.stem.strip()):
        yield "I3", ("stem",), "the stem is not a whole question or task: end it with ? or ."
    asked = sentences_of(item.stem)[-1].text if sentences_of(item.stem) else ""
    if band.name in ("K-2", "3-5") and NEGATIVE.search(_outside_quotes(asked)):
        yield "I3", ("stem",), f"ask for what is so, not for what is not: {asked!r}"
    if SELF_REPORT.search(_outside_quotes(item.stem)):
        yield "I11", ("stem",), "never ask pupils about themselves; ask about somebody invented"
    if band.name == "K-2" and not item.say:
        yield "I14", ("stem",), "K-2 items need say, the spoken form"
    if band.name == "K-2" and not SPOKEN.fullmatch(item.say):
        yield "I14", ("say",), "spell out numbers and symbols in say"


def _outside_quotes(text: str) -> str:
    """What the question itself says, without the lines its people speak."""
    return re.sub(r"[\"“][^\"”]*[\"”]|(?<!\w)['‘].*?['’](?!\w)", "", text)


def _options(item: Item, band: Band) -> Iterator[Fault]:
    kind = ITEM_TYPES.get(item.type)
    if kind is None:
        yield "I5", ("type",), f"there is no item type {item.type}; there are {', '.join(sorted(ITEM_TYPES))}"
        return
    for rule, message in kind.faults_of(item):
        yield rule, ("options",), message
    fewest, most = kind.options_wanted(band.options)
    if not fewest <= len(item.options) <= most:
        yield "I21", ("options",), f"{len(item.options)} options; {fewest} to {most} in {band.name}"
    yield from _alike(item)
    for j, option in enumerate(item.options):
        count, longest = len(words_in(option.feedback)), LIMITS[band.name].feedback
        if count > longest:
            yield (
                "I6",
                ("options", j),
                f"feedback {option.id} has {count} words; {longest} at most in {band.name}",
            )
        if CATCH_ALL.search(option.text):
            yield "I22", ("options", j), f"no such option: {option.text!r}"
        if TRUE_FALSE.fullmatch(option.text):
            yield "I22", ("options", j), "no true or false: half would be right by guessing"


def _alike(item: Item) -> Iterator[Fault]:
    lengths = [len(option.text) for option in item.options]
    if max(lengths) > LONGEST_TO_SHORTEST * min(lengths):
        yield (
            "I4",
            ("options",),
            f"options of {min(lengths)} to {max(lengths)} letters: the longest may be 1.6 times the shortest",
        )
    if [option.id for option in item.options] != list("abcdefgh"[: len(item.options)]):
        yield "I21", ("options",), "letter the options a, b, c in order"
    texts = {option.text.strip().lower() for option in item.options}
    if len(texts) < len(item.options):
        yield "I21", ("options",), "two options say the same"


def _alt_texts(lesson: WrittenLesson) -> Iterator[Finding]:
    by_short = {item.short: item for item in lesson.items}
    for block in lesson.blocks:
        item = by_short.get(block.attributes.get("item", ""))
        for option in item.options if item else ():
            if option.correct and _plain(option.text) in _plain(block.attributes.get("alt", "")):
                yield Finding(
                    lesson.lesson_file, block.line, "I13", f"the alt text gives away {option.text!r}"
                )


def _plain(text: str) -> str:
    return " " + " ".join(words_in(text.lower())) + " "
