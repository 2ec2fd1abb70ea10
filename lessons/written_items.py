"""From items.yaml to items: each type's own words (steps, cards, regions, scenes) become options.

Ids stay as written here; compiling hides what they would give away (`hidden_ids`).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lessons.art import clean
from lessons.items import Bin, Item, Option, Scene
from lessons.marked_yaml import Path

LISTS = {"spot": "regions", "order": "steps", "sort": "cards", "match": "pairs"}
"""What a type calls its options in the file; everybody else calls them options."""


def read_item(values: dict[str, Any], art: Mapping[str, str]) -> Item:
    """`values` as the item's schema read them, `art` the lesson's SVG files by name."""
    kind = values["type"]
    return Item(
        **{
            name: values[name]
            for name in ("id", "pool", "type", "objective", "level", "critical", "stem", "say")
        },
        clauses=tuple(values["clauses"]),
        options=tuple(_options(kind, values, art)),
        art_svg=clean(art.get(values.get("art", ""), "")),
        art_alt=values.get("alt", ""),
        bins=tuple(_bins(kind, values, art)),
        scenes=tuple(_scene(each) for each in values.get("scenes", ())),
        ending=values.get("ending", ""),
    )


def paths_of(item: Item) -> list[Path]:
    """Where each option stands inside its item in the file: ("options", 0), or ("scenes", 1, "choices", 0)."""
    if item.type != "branch":
        return [(LISTS.get(item.type, "options"), at) for at in range(len(item.options))]
    return [
        ("scenes", at, "choices", number)
        for at, scene in enumerate(item.scenes)
        for number in range(len(item.choices_in(scene.id)))
    ]


def hidden_ids(item: Item) -> Item:
    """The item with ids that do not tell which step comes first, or which card has which partner.

    Where the letters of the file are the key, they are dealt out again by a hash, the same on every machine.
    """
    if item.type == "order":
        dealt = _dealt(item.id, [option.id for option in item.options])
        return replace(item, options=tuple(replace(each, id=dealt[each.id]) for each in item.options))
    if item.type == "match":
        dealt = _dealt(item.id, [each.id for each in item.bins])
        bins = sorted((replace(each, id=dealt[each.id]) for each in item.bins), key=lambda each: each.id)
        cards = (replace(each, bin=dealt[each.bin]) for each in item.options)
        return replace(item, options=tuple(cards), bins=tuple(bins))
    return item


def _dealt(item_id: str, ids: list[str]) -> dict[str, str]:
    shuffled = sorted(ids, key=lambda each: hashlib.sha256(f"{item_id} {each}".encode()).digest())
    return dict(zip(shuffled, ids, strict=True))


def _options(kind: str, values: dict[str, Any], art: Mapping[str, str]) -> list[Option]:
    if kind == "branch":
        return [
            Option(
                **_part(each, art), correct=each["safe"], scene=scene["id"], then=each["then"], to=each["to"]
            )
            for scene in values["scenes"]
            for each in scene["choices"]
        ]
    written = values[LISTS.get(kind, "options")]
    if kind == "order":
        return [Option(**_part(each, art), correct=False) for each in written]
    if kind == "sort":
        return [Option(**_part(each, art), correct=False, bin=each["bin"]) for each in written]
    if kind == "match":
        return [Option(**_part(each, art), correct=False, bin=each["id"]) for each in written]
    key = "clue" if kind == "spot" else "correct"
    return [Option(**_part(each, art), correct=each[key]) for each in written]


def _bins(kind: str, values: dict[str, Any], art: Mapping[str, str]) -> list[Bin]:
    if kind == "match":
        return [Bin(id=each["id"], **_pictured(each["partner"], art)) for each in values["pairs"]]
    return [Bin(id=each["id"], **_pictured(each, art)) for each in values.get("bins", ())]


def _scene(values: dict[str, Any]) -> Scene:
    return Scene(values["id"], values["text"], values["say"], values["repair"])


def _part(values: dict[str, Any], art: Mapping[str, str]) -> dict[str, Any]:
    return {"id": values["id"], "feedback": values["feedback"], **_pictured(values, art)}


def _pictured(values: dict[str, Any], art: Mapping[str, str]) -> dict[str, Any]:
    drawn = clean(art.get(values.get("art", ""), ""))
    return {
        "text": values["text"],
        "say": values["say"],
        "art_svg": drawn,
        "emoji": values.get("emoji", ""),
    }
