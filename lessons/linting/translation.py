"""Rules X2 to X5, and those of the source that hold in any language, for a translation that has its source's shape."""

from collections.abc import Iterator

from core.variables import PLACE
from lessons.content import Lesson, hash_of
from lessons.findings import Finding
from lessons.linting.items import lint_words_of_items
from lessons.linting.pool import lint_lengths
from lessons.linting.words import ROOM, Passage, lint_words, passages_of, read_parts
from lessons.readability import inflesz, words_in
from lessons.scope import Band, Planned, Scope
from lessons.sources import WrittenLesson
from lessons.translations import WrittenTranslation
from lessons.wording import words_of

EASY = {"K-2": 86.0, "3-5": 76.0, "6-8": 66.0, "9-12": 55.0, "staff": 50.0}
"""INFLESZ a band needs at least: Szigriszt Pazos gives 86 for ages 6 to 10, 76 for 11, 66 for 12, 51 for adults."""

NUMBERS = {"es": {2: "dos", 3: "tres", 4: "cuatro"}}
LONGEST_DEFINITION = 15  # words in English (rule L6)


def version_of_words(source: Lesson) -> str:
    """Twelve hex digits that change when any word of the English lesson does, and with nothing else."""
    words = {
        "title": source.title,
        "objectives": source.objectives,
        "glossary": source.glossary,
        "steps": {step.key: words_of(step) for step in source.steps},
        "items": {item.id: words_of(item) for item in source.items},
    }
    return hash_of(words)[:12]


def lint_translation(
    made: WrittenTranslation, written: WrittenLesson, source: Lesson, planned: Planned, scope: Scope
) -> Iterator[Finding]:
    """`written` and `source` are the English lesson, without findings of its own and as compiled."""
    lesson, band = made.lesson, scope.bands[planned.band]
    yield from _out_of_date(made, source)
    yield from _plan(made, planned)
    yield from _against_the_source(made, written)
    yield from _glossary(lesson)
    yield from _numbers(lesson)
    yield from _reading_level(lesson, band)
    yield from lint_words(lesson, band, scope.variables)
    yield from lint_words_of_items(lesson, band)
    yield from lint_lengths(lesson)


def _out_of_date(made: WrittenTranslation, source: Lesson) -> Iterator[Finding]:
    now = version_of_words(source)
    if made.front["of"] != now:
        message = f"the source has changed since: bring the words up to date, then write of: {now}"
        yield Finding(made.lesson.lesson_file, made.lesson.front_lines.line("of"), "X4", message)


def _plan(made: WrittenTranslation, planned: Planned) -> Iterator[Finding]:
    """Title and objectives are the plan's, so their translation stands in the front matter."""
    file, lines, front = made.lesson.lesson_file, made.lesson.front_lines, made.front
    if len(front["objectives"]) != len(planned.objectives):
        message = f"{len(front['objectives'])} objectives; the plan has {len(planned.objectives)}"
        yield Finding(file, lines.line("objectives"), "X1", message)
        return
    for path, english, said in (
        (("title",), planned.title, front["title"]),
        *(
            (("objectives", at), *pair)
            for at, pair in enumerate(zip(planned.objectives, front["objectives"], strict=True))
        ),
    ):
        if _same(english, said) and said not in front["same"]:
            yield Finding(file, lines.line(*path), "X2", f"this is the English: {said[:50]!r}")


def _against_the_source(made: WrittenTranslation, written: WrittenLesson) -> Iterator[Finding]:
    for english, said in zip(passages_of(written), passages_of(made.lesson), strict=True):
        if english.text and said.text:
            yield from _passage(english, said, made.front["same"])


def _passage(english: Passage, said: Passage, same: list[str]) -> Iterator[Finding]:
    if _same(english.text, said.text) and said.text not in same:
        message = (
            f"this is the English: {said.text[:50]!r}; where names read alike, list the text under same:"
        )
        yield Finding(said.file, said.line, "X2", message)
    wanted, got = _places(english.text), _places(said.text)
    if wanted != got:
        listed = ", ".join(sorted(wanted)) or "none"
        yield Finding(said.file, said.line, "X3", f"district variables here: {listed} in the source")


def _same(english: str, said: str) -> bool:
    return english.strip().lower() == said.strip().lower()


def _places(text: str) -> set[str]:
    return {place.group(1) for place in PLACE.finditer(text)}


def _glossary(lesson: WrittenLesson) -> Iterator[Finding]:
    """L6: the words stand in the lesson, or nobody could open their meaning; unless the block with them is English."""
    line = lesson.front_lines.line("glossary")
    said = " ".join(f"{block.rendered.title} {block.rendered.text}" for block in lesson.blocks).lower()
    some_stay = any("stays" in block.attributes for block in lesson.blocks)
    most = int(LONGEST_DEFINITION * ROOM[lesson.lang])
    for word, meaning in lesson.front["glossary"].items():
        if word.lower() not in said and not some_stay:
            yield Finding(lesson.lesson_file, line, "L6", f"{word!r} is defined but the lesson never uses it")
        if len(words_in(meaning)) > most:
            yield Finding(lesson.lesson_file, line, "L6", f"{word!r} is defined in more than {most} words")


def _numbers(lesson: WrittenLesson) -> Iterator[Finding]:
    for i, item in enumerate(lesson.items):
        word = NUMBERS[lesson.lang].get(len(item.correct_ids))
        if item.type == "multi" and item.stem and word and word not in words_in(item.stem.lower()):
            line = lesson.item_lines.line("items", i, "stem")
            yield Finding(lesson.items_file, line, "I5", f"{item.short}: say how many to pick: {word}")


def _reading_level(lesson: WrittenLesson, band: Band) -> Iterator[Finding]:
    for file, what, sentences, known in read_parts(lesson):
        ease = inflesz(sentences, known)
        if ease < EASY[band.name]:
            message = f"the {what} are at {ease:.1f} on the INFLESZ scale; {EASY[band.name]:g} or more in {band.name}"
            yield Finding(file, 1, "X5", message)
