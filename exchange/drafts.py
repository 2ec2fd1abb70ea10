"""Drafts: questions of others written as our authors write, and what the linter says of them."""

import copy
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import yaml

from exchange.bounds import FileRefused
from lessons.findings import Finding, in_order
from lessons.item_schemas import ItemsSchema
from lessons.items import Item, Option
from lessons.linting.items import lint_items
from lessons.linting.words import lint_words
from lessons.marked_yaml import Marked, read_yaml
from lessons.scope import Planned, Scope
from lessons.shapes import check_shape
from lessons.sources import WrittenLesson
from lessons.written_items import LISTS, read_item

UNWRITTEN = "-"
"""Stands for a feedback that is missing while the other rules are looked at."""


def numbered(items: Sequence[Item], lesson_id: str, taken: Iterable[str]) -> list[Item]:
    """The items under ids of this lesson: their own where it is one, else the next that is free.

    Raises FileRefused when the numbers run out.
    """
    own = re.compile(re.escape(lesson_id) + r"\.q\d\d")
    kept = {item.id for item in items if own.fullmatch(item.id)}
    used = kept | set(taken)
    free = (each for each in (f"{lesson_id}.q{n:02}" for n in range(1, 100)) if each not in used)
    named: dict[str, Item] = {}
    for item in items:
        keeps = item.id in kept and item.id not in named
        item_id = item.id if keeps else next(free, None)
        if item_id is None:
            raise FileRefused(f"{lesson_id} has no number left below q99")
        named[item_id] = replace(item, id=item_id)
    return list(named.values())


def items_yaml(lesson_id: str, items: Sequence[Item], about: Sequence[str]) -> str:
    """items.yaml as docs/authoring.md describes it; `about` stands above it as comments."""
    lines = [*(f"# {line}" for line in about), f"lesson: {lesson_id}", "items:"]
    for item in items:
        lines += [
            f"  - id: {item.id}",
            "    pool: quiz",
            f"    type: {item.type}",
            f"    objective: {item.objective}",
            f"    clauses: [{', '.join(item.clauses)}]",
            f"    level: {item.level}",
            *(["    critical: true"] if item.critical else []),
            f"    stem: {_quoted(item.stem)}",
            *_bins(item),
            f"    {LISTS.get(item.type, 'options')}:",
            *(f"      - {{{', '.join(_option(item, option))}}}" for option in item.options),
        ]
    return "\n".join(lines) + "\n"


def lint_drafts(text: str, path: str, planned: Planned, scope: Scope) -> list[Finding]:
    """What `flask curriculum check` would say of these items, apart from the rules about the pool as a whole.

    `path` ends in the lesson's id. Where feedback is missing, the other rules are looked at all the same.
    """
    file = f"{path}/items.yaml"
    marked = read_yaml(text, file)
    pool, findings = check_shape(ItemsSchema(), marked)
    if findings:
        pool, beyond = check_shape(ItemsSchema(), replace(marked, value=_with_feedback(marked.value)))
        if beyond:
            return in_order(findings)
    written = WrittenLesson(
        path=path,
        front={"glossary": dict.fromkeys(planned.vocabulary, "")},
        front_lines=Marked({}, file, {}),
        blocks=(),
        items=tuple(read_item(each, {}) for each in pool["items"]),
        items_of=planned.id,
        item_lines=marked,
    )
    band = scope.bands[planned.band]
    found = [*lint_items(written, planned, band), *lint_words(written, band, scope.variables)]
    return in_order([*findings, *(each for each in found if each.file == file)])


def _with_feedback(written: dict[str, Any]) -> dict[str, Any]:
    value = copy.deepcopy(written)
    for item in value["items"]:
        for part in item[LISTS.get(item["type"], "options")]:
            part["feedback"] = part["feedback"] or UNWRITTEN
    return value


def _bins(item: Item) -> list[str]:
    if item.type != "sort":
        return []
    return ["    bins:", *(f"      - {{id: {each.id}, text: {_quoted(each.text)}}}" for each in item.bins)]


def _option(item: Item, option: Option) -> list[str]:
    words = [f"id: {option.id}", f"text: {_quoted(option.text)}"]
    if option.correct:
        words.append("clue: true" if item.type == "spot" else "correct: true")
    if item.type == "sort":
        words.append(f"bin: {option.bin}")
    if item.type == "match":
        partner = next(each.text for each in item.bins if each.id == option.bin)
        words.append(f"partner: {{text: {_quoted(partner)}}}")
    return [*words, f"feedback: {_quoted(option.feedback)}"]


def _quoted(text: str) -> str:
    """Text in double quotes on one line, with YAML's own escapes."""
    dumped: str = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=1_000_000)
    return dumped.rstrip("\n")
