"""Rules I1 to I22 that look at one item at a time."""

import re
from collections import Counter
from collections.abc import Iterator

from lessons.findings import Finding
from lessons.item_types import ITEM_TYPES, Fault
from lessons.items import YOUNGEST, Item, Option
from lessons.linting.words import limits_of
from lessons.marked_yaml import Path
from lessons.readability import sentences_of, words_in
from lessons.scope import Band, Planned
from lessons.sources import WrittenLesson
from lessons.written_items import paths_of

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
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SPOKEN = re.compile(r"[^0-9@#$%&*+=/\\<>_~^|]*")


def lint_items(lesson: WrittenLesson, planned: Planned, band: Band) -> Iterator[Finding]:
    taken = Counter(item.id for item in lesson.items)
    for i, item in enumerate(lesson.items):
        faults = (
            *_name(item, lesson.id, taken),
            *_teaches(item, planned),
            *faults_in_words(item, limits_of(lesson, band).feedback, band),
            *_pictures(item, band),
        )
        for rule, where, message in faults:
            line = lesson.item_lines.line("items", i, *where)
            yield Finding(lesson.items_file, line, rule, f"{item.short}: {message}")
    yield from _alt_texts(lesson)


def faults_in_words(item: Item, longest_feedback: int, band: Band) -> Iterator[Fault]:
    """What its stem, options and feedback must be like, whoever is asked it."""
    yield from _stem(item, band)
    yield from _options(item, band)
    yield from _feedback(item, longest_feedback, band)


def lint_words_of_items(lesson: WrittenLesson, band: Band) -> Iterator[Finding]:
    """What holds in any language: lengths, no two alike, nothing given away. For translations."""
    for i, item in enumerate(lesson.items):
        kind = ITEM_TYPES[item.type]
        faults = (
            *(_alike(item) if kind.alike else ()),
            *_lettered(item, (kind.parts,)),
            *_feedback(item, limits_of(lesson, band).feedback, band),
        )
        for rule, where, message in faults if item.stem else ():
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
    if band.name == YOUNGEST and not item.say:
        yield "I14", ("stem",), "K-2 items need say, the spoken form"
    if band.name == YOUNGEST and not SPOKEN.fullmatch(item.say):
        yield "I14", ("say",), "spell out numbers and symbols in say"


def _outside_quotes(text: str) -> str:
    """What the question itself says, without the lines its people speak."""
    return re.sub(r"[\"“][^\"”]*[\"”]|(?<!\w)['‘].*?['’](?!\w)", "", text)


def _options(item: Item, band: Band) -> Iterator[Fault]:
    kind = ITEM_TYPES.get(item.type)
    if kind is None:
        yield "I5", ("type",), f"there is no item type {item.type}; there are {', '.join(sorted(ITEM_TYPES))}"
        return
    yield from kind.faults_of(item, band)
    if kind.alike:
        yield from _alike(item)
    yield from _lettered(item, (kind.parts,))
    for path, option in zip(paths_of(item), item.options, strict=True):
        for rule, message in _option(option):
            yield rule, path, message


def _feedback(item: Item, longest: int, band: Band) -> Iterator[Fault]:
    for path, option in zip(paths_of(item), item.options, strict=True):
        count = len(words_in(option.feedback))
        if count > longest:
            yield "I6", path, f"feedback {option.id} has {count} words; {longest} at most in {band.name}"


def _option(option: Option) -> Iterator[tuple[str, str]]:
    if CATCH_ALL.search(option.text):
        yield "I22", f"no such option: {option.text!r}"
    if TRUE_FALSE.fullmatch(option.text):
        yield "I22", "no true or false: half would be right by guessing"


def _pictures(item: Item, band: Band) -> Iterator[Fault]:
    """K-2 pupils pick, move and place pictures, and hear their names."""
    written = [*zip(paths_of(item), item.options, strict=True)]
    if item.type == "match":
        written += [(("pairs", at, "partner"), each) for at, each in enumerate(item.bins)]  # type: ignore[misc]
    else:
        written += [(("bins", at), each) for at, each in enumerate(item.bins)]  # type: ignore[misc]
    for path, part in written:
        if part.art_svg and part.emoji:
            yield "I24", path, "one picture: art or emoji, not both"
        if band.name == YOUNGEST and not part.has_picture:
            yield "I24", path, f"K-2 needs a picture beside {part.text!r}: art or emoji"
        if band.name == YOUNGEST and not SPOKEN.fullmatch(part.say or part.text):
            yield "I14", path, f"say how {part.text!r} is spoken: say, without numbers and symbols"


def _alike(item: Item) -> Iterator[Fault]:
    """I4, for each set of options that stand side by side. Beside pictures, words are only names."""
    sets: list[tuple[Path, tuple[Option, ...]]] = [(("options",), item.options)]
    if item.type == "branch":
        sets = [
            (("scenes", at, "choices"), item.choices_in(scene.id)) for at, scene in enumerate(item.scenes)
        ]
    for path, options in sets:
        lengths = [len(option.text) for option in options if not option.has_picture] or [1]
        if max(lengths) > LONGEST_TO_SHORTEST * min(lengths):
            yield (
                "I4",
                path,
                f"options of {min(lengths)} to {max(lengths)} letters: the longest may be 1.6 times the shortest",
            )


def _lettered(item: Item, path: Path) -> Iterator[Fault]:
    if [option.id for option in item.options] != list(LETTERS[: len(item.options)]):
        yield (
            "I21",
            path,
            f"letter the {path[0]} a, b, c in order"
            + (", on through all scenes" if item.type == "branch" else ""),
        )
    side_by_side = [(option.scene, option.text.strip().lower()) for option in item.options]
    if len(set(side_by_side)) < len(side_by_side):
        yield "I21", path, f"two {path[0]} say the same"


def _alt_texts(lesson: WrittenLesson) -> Iterator[Finding]:
    by_short = {item.short: item for item in lesson.items}
    for block in lesson.blocks:
        item = by_short.get(block.attributes.get("item", ""))
        for text in _given_away(item, block.attributes.get("alt", "")) if item else ():
            yield Finding(lesson.lesson_file, block.line, "I13", f"the alt text gives away {text!r}")
    for i, item in enumerate(lesson.items):
        for text in _given_away(item, item.art_alt):
            line = lesson.item_lines.line("items", i, "alt")
            yield Finding(lesson.items_file, line, "I13", f"{item.short}: the alt text gives away {text!r}")


def _given_away(item: Item, alt: str) -> list[str]:
    return [
        each.text for each in item.options if each.correct and each.text and _plain(each.text) in _plain(alt)
    ]


def _plain(text: str) -> str:
    return " " + " ".join(words_in(text.lower())) + " "
