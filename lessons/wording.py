"""The words of a lesson apart from everything else, and a thing said again in other words.

A translation is kept as such words alone: what is right, which picture stands where and how a story goes on
are the source's, and so can not differ between languages.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

Worded = TypeVar("Worded", bound=Any)
TEXTS = ("stem", "say", "title", "html", "text", "feedback", "then", "ending", "art_alt")
"""The fields of a step, an item and an item's parts that are words for people."""

PARTS = ("options", "bins", "scenes")
"""The fields of an item that hold parts with ids and words of their own."""


def words_of(thing: Any) -> dict[str, Any]:
    """Plain values: {"stem": "...", "options": {"a": {"text": "...", "feedback": "..."}}}; empty ones are left out."""
    words: dict[str, Any] = {name: said for name in TEXTS if (said := getattr(thing, name, ""))}
    for name in PARTS:
        if parts := getattr(thing, name, ()):
            words[name] = {part.id: words_of(part) for part in parts}
    return words


def said_with(thing: Worded, words: Mapping[str, Any]) -> Worded:
    """The same step, item or part in words such as `words_of` gives. Raises KeyError for a part without any."""
    texts = {name: words.get(name, "") for name in TEXTS if hasattr(thing, name)}
    parts = {
        name: tuple(said_with(part, words[name][part.id]) for part in getattr(thing, name))
        for name in PARTS
        if getattr(thing, name, ())
    }
    said: Worded = replace(thing, **texts, **parts)
    return said
