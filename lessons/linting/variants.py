"""Rules V1 and V2: a staff module's items in the working days of other jobs.

A reworded item keeps every rule of its words, found in variants.yaml: I3 to I6, I9, I11, I21, I22, L5, L7, L9, T2, T4.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lessons.findings import Finding
from lessons.item_types import Fault
from lessons.item_variants import Variant
from lessons.items import Item
from lessons.linting.items import faults_in_words
from lessons.linting.pool import key_is_habitually_longest
from lessons.linting.words import (
    ENOUGH_WORDS,
    LIMITS,
    Passage,
    lint_passage,
    long_sentences,
    too_hard,
)
from lessons.readability import names_in, sentences_of
from lessons.scope import Band
from lessons.sources import WrittenLesson
from lessons.written_variants import WrittenVariants
from people.roster_models import COURSE_JOBS

REWORDED = ("single", "multi")


def lint_variants(lesson: WrittenLesson, band: Band, variables: Mapping[str, Any]) -> Iterator[Finding]:
    written = lesson.variants
    if written is None:
        return
    if band.name != "staff" or written.module != lesson.id:
        message = (
            "only staff modules have variants" if band.name != "staff" else f"module: should be {lesson.id}"
        )
        yield Finding(written.at.file, written.at.line("module"), "V1", message)
        return
    known = {item.id: item for item in lesson.items}
    seen: set[tuple[str, str]] = set()
    for i, (item_id, variant) in enumerate(written.variants):
        faults = [*_named(item_id, variant, known, seen)]
        seen.add((item_id, variant.job))
        if not faults:
            faults = [*_key(i, known[item_id], variant, written)]
        for rule, where, message in faults:
            yield Finding(written.at.file, written.at.line("variants", i, *where), rule, message)
        if not faults:
            yield from _item(i, known[item_id], variant, written, band)
            for passage in _passages(i, variant, written):
                yield from lint_passage(passage, variables)
                yield from long_sentences(passage, LIMITS[band.name].sentence, band)
    yield from _by_job(lesson, written, band)


def _named(
    item_id: str, variant: Variant, known: Mapping[str, Item], seen: set[tuple[str, str]]
) -> Iterator[Fault]:
    if item_id not in known:
        yield "V1", ("item",), f"there is no item {item_id}"
        return
    if variant.job not in COURSE_JOBS:
        yield "V1", ("role",), f"there is no role {variant.job}; there are {', '.join(COURSE_JOBS)}"
    if (item_id, variant.job) in seen:
        yield "V1", ("role",), f"{item_id} has a variant for {variant.job} already"
    item, options = known[item_id], [each.id for each in variant.options]
    if item.type not in REWORDED:
        yield "V2", ("item",), f"{item_id} is a {item.type} item; single and multi items have variants"
    for j, each in enumerate(options):
        if each not in {option.id for option in item.options}:
            yield "V2", ("options", j), f"{item_id} has no option {each}"
        if each in options[:j]:
            yield "V2", ("options", j), f"option {each} stands twice"


def _key(i: int, item: Item, variant: Variant, written: WrittenVariants) -> Iterator[Fault]:
    for j, option in enumerate(variant.options):
        right = option.id in item.correct_ids
        if written.keys.get((i, option.id), right) is not right:
            said = "right" if right else "not right"
            yield (
                "V2",
                ("options", j),
                f"option {option.id} is {said} in {item.short}; the key stays the same",
            )


def _item(i: int, item: Item, variant: Variant, written: WrittenVariants, band: Band) -> Iterator[Finding]:
    line = written.at.line("variants", i, "stem")
    for rule, _path, message in faults_in_words(item.for_job(variant.job), LIMITS[band.name].feedback, band):
        yield Finding(written.at.file, line, rule, f"{item.short} for {variant.job}: {message}")


def _passages(i: int, variant: Variant, written: WrittenVariants) -> Iterator[Passage]:
    yield Passage(written.at.file, written.at.line("variants", i, "stem"), variant.stem)
    for j, option in enumerate(variant.options):
        line = written.at.line("variants", i, "options", j)
        yield Passage(written.at.file, line, option.text)
        yield Passage(written.at.file, line, option.feedback)


def _by_job(lesson: WrittenLesson, written: WrittenVariants, band: Band) -> Iterator[Finding]:
    """The module as each job meets it: no harder to read, and the right answer not habitually the longest."""
    for job in COURSE_JOBS:
        mine = [variant for _item, variant in written.variants if variant.job == job]
        if not mine:
            continue
        pool = [item.for_job(job) for item in lesson.items if item.pool == "quiz"]
        for message in key_is_habitually_longest(pool):
            yield Finding(written.at.file, 1, "I9", f"for {job}: {message}")
        texts = (text for each in mine for text in (each.stem, *(option.feedback for option in each.options)))
        sentences = [sentence for text in texts for sentence in sentences_of(text)]
        if sum(len(sentence.words) for sentence in sentences) >= ENOUGH_WORDS:
            known = names_in(sentences)
            yield from too_hard(written.at.file, f"variants for {job}", sentences, known, band)
