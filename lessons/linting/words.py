"""Rules L5, L7, L9 and T1 to T4: the words themselves, wherever in a lesson they stand."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.variables import PLACE
from lessons.findings import Finding
from lessons.readability import Sentence, grade_of, names_in, sentences_of, words_in
from lessons.scope import Band
from lessons.sources import WrittenBlock, WrittenLesson
from lessons.written_items import paths_of

TOLERANCE = 0.5  # grades; Flesch-Kincaid is noisy on short texts
ENOUGH_WORDS = 100  # below this Flesch-Kincaid says little

LINK = re.compile(r"https?:|www\.|\b[\w.]+@\w+\.\w|\]\(|\b\w+\.(?:com|org|net|gov)\b", re.IGNORECASE)
HTML = re.compile(r"<[A-Za-z/!]")
HEADING = re.compile(r"^#{1,6}\s|^!\[", re.MULTILINE)
# Names that mean nothing else; those that are also plain words (Canvas, Zoom) are left to the reviewer.
BRANDS = re.compile(
    r"\b(?:YouTube|TikTok|Instagram|Snapchat|Facebook|WhatsApp|Discord|Twitter|Reddit|Roblox|Minecraft|Fortnite|"
    r"Google|Gmail|Microsoft|Netflix|Spotify|ChatGPT|OpenAI|Gemini|Copilot|Xbox|PlayStation|Nintendo|Twitch|"
    r"iPhone|iPad|Android|Chromebook|Wikipedia|Amazon|Kahoot|Quizlet|Seesaw|ClassDojo|Venmo|PayPal|GoGuardian|"
    r"Telegram|Pinterest|LinkedIn)s?\b"
)


@dataclass(frozen=True)
class Limits:
    """Of a band, beside those in the plan: words on a screen, in a sentence, in an option's feedback."""

    card: int
    sentence: int
    feedback: int


LIMITS = {
    "K-2": Limits(card=20, sentence=8, feedback=25),
    "3-5": Limits(card=60, sentence=12, feedback=25),
    "6-8": Limits(card=90, sentence=16, feedback=45),
    "9-12": Limits(card=120, sentence=22, feedback=45),
    "staff": Limits(card=130, sentence=25, feedback=45),
}
ROOM = {"": 1.0, "es": 1.25}
"""Spanish needs about a quarter more words to say the same."""


def limits_of(lesson: WrittenLesson, band: Band) -> Limits:
    limits, room = LIMITS[band.name], ROOM[lesson.lang]
    return Limits(int(limits.card * room), int(limits.sentence * room), int(limits.feedback * room))


@dataclass(frozen=True)
class Passage:
    """A piece of text and where it stands."""

    file: str
    line: int
    text: str


def passages_of(lesson: WrittenLesson) -> Iterator[Passage]:
    """Everything a pupil may read, in one order in every language: glossary, screens, items with their feedback."""
    for word, meaning in lesson.front["glossary"].items():
        yield Passage(lesson.lesson_file, lesson.front_lines.line("glossary", word), f"{word}\n{meaning}")
    for block in lesson.blocks:
        for text in (block.source, block.attributes.get("alt", "")):
            yield Passage(lesson.lesson_file, block.line, text)
    yield from (passage for _, passage in _item_passages(lesson))


def _item_passages(lesson: WrittenLesson) -> Iterator[tuple[str, Passage]]:
    at = lesson.item_lines.line
    for i, item in enumerate(lesson.items):
        yield "stem", Passage(lesson.items_file, at("items", i, "stem"), item.stem)
        yield "say", Passage(lesson.items_file, at("items", i, "say"), item.say)
        yield "alt", Passage(lesson.items_file, at("items", i, "alt"), item.art_alt)
        for j, scene in enumerate(item.scenes):
            yield "stem", Passage(lesson.items_file, at("items", i, "scenes", j), scene.text)
            yield "say", Passage(lesson.items_file, at("items", i, "scenes", j), scene.say)
        for j, each in enumerate(item.bins):
            yield "option", Passage(lesson.items_file, at("items", i, "bins", j), each.text)
            yield "say", Passage(lesson.items_file, at("items", i, "bins", j), each.say)
        for path, option in zip(paths_of(item), item.options, strict=True):
            line = at("items", i, *path)
            yield "option", Passage(lesson.items_file, line, option.text)
            yield "say", Passage(lesson.items_file, line, option.say)
            yield "feedback", Passage(lesson.items_file, line, option.feedback)
            yield "feedback", Passage(lesson.items_file, line, option.then)
        yield "feedback", Passage(lesson.items_file, at("items", i, "ending"), item.ending)


def lint_words(lesson: WrittenLesson, band: Band, variables: Mapping[str, Any]) -> Iterator[Finding]:
    for passage in passages_of(lesson):
        yield from lint_passage(passage, variables)
    yield from _screens(lesson, band)
    yield from _sentences(lesson, band)
    if not lesson.lang:
        yield from _reading_level(lesson, band)


def lint_passage(passage: Passage, variables: Mapping[str, Any]) -> Iterator[Finding]:
    """L5, L7 and L9 for one text; also used for the agreement and the help card."""
    for rule, message in (*_places(passage.text, variables), *_markup(passage.text), *_brands(passage.text)):
        yield Finding(passage.file, passage.line, rule, message)


def _places(text: str, variables: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for place in PLACE.finditer(text):
        name, default = place.group(1), place.group(2)
        if name not in variables:
            yield "L5", f"there is no district variable {name}"
        elif variables[name] is None and default is None:
            yield "L5", f"{name} has no value of its own: write {{{{{name}|what to say without one}}}}"
        elif default is not None and (not default.strip() or re.search(r"[<>*_]", default)):
            yield "L5", f"the default of {name} must be plain words"
    if re.search(r"\{\{|\}\}", PLACE.sub("", text)):
        yield "L5", "a variable is written {{name}} or {{name|default}}"


def _markup(text: str) -> Iterator[tuple[str, str]]:
    first, _, rest = text.partition("\n")
    body = rest if first.startswith("### ") else text
    for pattern, what in ((LINK, "link or address"), (HTML, "HTML"), (HEADING, "heading or picture")):
        found = pattern.search(body)
        if found:
            yield "L7", f"no {what} in the text: {body[found.start() : found.start() + 30]!r}"


def _brands(text: str) -> Iterator[tuple[str, str]]:
    for name in sorted(set(BRANDS.findall(text))):
        yield "L9", f"no brands: {name}"


# -- how much, how long, how hard ---------------------------------------------------------------------------


def _screens(lesson: WrittenLesson, band: Band) -> Iterator[Finding]:
    most, total = limits_of(lesson, band).card, 0
    for block in lesson.blocks:
        count = len(words_in(block.rendered.text))
        total += count + len(words_in(block.rendered.title))
        if count > most:
            yield Finding(
                lesson.lesson_file,
                block.line,
                "T1",
                f"this screen has {count} words; {most} at most in {band.name}",
            )
    for i, item in enumerate(lesson.items):
        for j, scene in enumerate(item.scenes):
            count = len(words_in(scene.text))
            if count > most:
                line = lesson.item_lines.line("items", i, "scenes", j)
                message = f"{item.short}: this scene has {count} words; {most} at most in {band.name}"
                yield Finding(lesson.items_file, line, "T1", message)
        if item.pool == "practice":
            total += len(words_in(item.stem)) + sum(len(words_in(text)) for text in item.texts)
    fewest, most = band.words_on_screen
    if lesson.lang:  # a part may stay in English
        fewest, most = 0, int(most * ROOM[lesson.lang])
    if not fewest <= total <= most:
        message = f"{total} words on screen (screens and practice items); {fewest} to {most} in {band.name}"
        yield Finding(lesson.lesson_file, 1, "T3", message)


def _sentences(lesson: WrittenLesson, band: Band) -> Iterator[Finding]:
    screens = [Passage(lesson.lesson_file, block.line, spoken(block)) for block in lesson.blocks]
    items = [passage for kind, passage in _item_passages(lesson) if kind != "say"]  # a spoken stem is longer
    for passage in (*screens, *items):
        yield from long_sentences(passage, limits_of(lesson, band).sentence, band)


def long_sentences(passage: Passage, most: int, band: Band) -> Iterator[Finding]:
    for sentence in sentences_of(passage.text):
        yield from _too_long(sentence, passage, most, band)


def _too_long(sentence: Sentence, passage: Passage, most: int, band: Band) -> Iterator[Finding]:
    if len(sentence.words) > most:
        count, start = len(sentence.words), sentence.text[:50]
        message = f"a sentence of {count} words; {most} at most in {band.name}: {start!r}"
        yield Finding(passage.file, passage.line, "T2", message)


def _reading_level(lesson: WrittenLesson, band: Band) -> Iterator[Finding]:
    for file, what, sentences, known in read_parts(lesson):
        yield from too_hard(file, what, sentences, known, band)


def too_hard(
    file: str, what: str, sentences: list[Sentence], known: set[str], band: Band
) -> Iterator[Finding]:
    grade = grade_of(sentences, known)
    if grade > band.fk_max + TOLERANCE:
        message = f"the {what} read at grade {grade:.1f}; {band.fk_max} is the ceiling in {band.name}"
        yield Finding(file, 1, "T4", message)


def read_parts(lesson: WrittenLesson) -> Iterator[tuple[str, str, list[Sentence], set[str]]]:
    """What is measured: file, what it is, its sentences, and words that are not to count as long.

    Screens and questions apart, so that easy questions do not hide hard cards; neither where it says too little.
    """
    screens = [s for block in lesson.blocks for s in sentences_of(block.rendered.text)]
    asked = [
        s
        for kind, each in _item_passages(lesson)
        if kind in ("stem", "feedback")
        for s in sentences_of(each.text)
    ]
    defined = {part for word in lesson.front["glossary"] for part in word.lower().split()}
    for file, what, sentences in (
        (lesson.lesson_file, "screens", screens),
        (lesson.items_file, "questions", asked),
    ):
        if sum(len(sentence.words) for sentence in sentences) >= ENOUGH_WORDS:
            yield file, what, sentences, names_in(sentences) | defined


def spoken(block: WrittenBlock) -> str:
    """Title and text as read aloud."""
    return f"{block.rendered.title}\n{block.rendered.text}"
