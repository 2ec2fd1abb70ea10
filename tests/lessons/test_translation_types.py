"""Every type of item is translated by the same rules: all real lessons, in a Spanish made by program."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from lessons.compile import compile_lesson, compile_translation, with_translations
from lessons.sources import lesson_folders, read_lesson
from lessons.translations import LISTS, WORDS, read_translation
from tests.lessons.sample import CURRICULUM, real_scope

FOLDERS = [each for each in lesson_folders(CURRICULUM) if each.parent.name != "g4"]


def in_program_spanish(value: Any) -> Any:
    """Only words, keys and ids are left of an item, and each text begins with "ES"."""
    if isinstance(value, list):
        return [in_program_spanish(each) for each in value]
    nested = {name: in_program_spanish(value[name]) for name in ("partner", *LISTS) if name in value}
    words = {name: f"ES {value[name]}" for name in WORDS if name in value}
    return {**{name: value[name] for name in ("id",) if name in value}, **words, **nested}


def front_of(written: Any, planned: Any) -> dict[str, Any]:
    return {
        "id": written.id, "lang": "es", "status": "machine", "reviewers": [], "of": "x", "title": "ES",
        "objectives": [f"ES {each}" for each in planned.objectives],
        "glossary": {word: {"word": f"ES {word}", "meaning": f"ES {said}"}
                     for word, said in written.front["glossary"].items()},
    }  # fmt: skip


def block_of(block: Any) -> str:
    said = {name: value for name, value in block.attributes.items() if name in ("key", "item")}
    if block.kind != "practice":
        said.pop("item", None)
    if "alt" in block.attributes:
        said["alt"] = f"ES {block.attributes['alt']}"
    attributes = yaml.safe_dump(said, default_flow_style=True, allow_unicode=True, width=10_000).strip()
    return f":::{block.kind} {attributes}\n{block.source}\n:::\n"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda each: each.name)
def test_a_translation_of_any_type_has_the_keys_of_its_source(tmp_path: Path, folder: Path):
    scope = real_scope()
    written, _ = read_lesson(folder, CURRICULUM)
    planned = scope.planned[folder.name]
    front = yaml.safe_dump(front_of(written, planned), allow_unicode=True)
    blocks = "".join(block_of(block) for block in written.blocks)
    (tmp_path / "lesson.es.md").write_text(f"---\n{front}---\n{blocks}", encoding="utf-8")
    pool = {"lesson": written.id, "items": in_program_spanish(written.item_lines.value["items"])}
    (tmp_path / "items.es.yaml").write_text(yaml.safe_dump(pool, allow_unicode=True), encoding="utf-8")

    made, findings = read_translation(written, tmp_path, "es")
    assert not findings
    source = compile_lesson(written, planned, scope.bands[planned.band], scope.variables)
    spanish = with_translations(source, (compile_translation(made, scope.variables),)).in_language("es")

    assert [step.key for step in spanish.steps] == [step.key for step in source.steps]
    for english, said in zip(source.items, spanish.items, strict=True):
        assert all(text.startswith("ES ") for text in (said.stem, *said.texts)), said.id
        for part in ("options", "bins", "scenes"):
            assert [without_words(each) for each in getattr(said, part)] == [
                without_words(each) for each in getattr(english, part)
            ], said.id


def without_words(part: Any) -> Any:
    names = {"text", "say", "feedback", "then"} & set(part.__dataclass_fields__)
    return replace(part, **dict.fromkeys(names, ""))
