"""An item as a page may ask it: words, pictures and what was answered so far; no key and no feedback.

Lessons ask practice items with it and quizzes ask theirs, so that a type is drawn in one place.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lessons.answers import is_whole, placed, walked
from lessons.items import YOUNGEST, Bin, Item, Option
from lessons.readability import scene_and_question

Words = Callable[[str], str]
"""Fills the district's facts into a text."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something to pick, move or place, or a bin. `bin`: where a card lies so far, or ""."""

    id: str
    text: str
    say: str
    art_svg: str
    emoji: str
    picked: bool = False
    bin: str = ""

    @property
    def has_picture(self) -> bool:
        return bool(self.art_svg or self.emoji)


@dataclass(frozen=True, slots=True)
class Passed:
    """A scene of a story that is behind us: what was chosen in it, and what happened then."""

    id: str
    scene: str
    chosen: str
    then: str


@dataclass(frozen=True, slots=True)
class Story:
    """A `branch` item where it stands. `scene` and `say` are "" and `ending` is not, once it has ended."""

    passed: tuple[Passed, ...]
    scene: str
    say: str
    repair: bool
    ending: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. `parts` stand as shown; of a story they are the choices in the present scene.

    answer   what was answered so far, in the shape of items.py
    whole    nothing is left to do
    lang     the language it is in, where that is not the lesson's
    told      the scene that the question is about, where the stem tells one first; `question`: what is left of it
    to_find  how many clues there are, where the page says so
    """

    item_id: str
    type: str
    stem: str
    told: str
    question: str
    say: str
    art_svg: str
    art_alt: str
    parts: tuple[Part, ...]
    bins: tuple[Part, ...]
    story: Story | None
    answer: tuple[str, ...]
    whole: bool
    to_find: int | None
    lang: str

    @property
    def pictured(self) -> bool:
        return bool(self.parts) and all(part.has_picture for part in self.parts)


def ask(item: Item, shown: Sequence[str], answer: Sequence[str], band: str, words: Words = str) -> Asked:
    """`shown`: ids of the options in the order they stand on the page; the answer of an `order` item goes before it."""
    story = _story(item, answer, words) if item.type == "branch" else None
    stem = words(item.stem)
    told, question = scene_and_question(stem)
    return Asked(
        item_id=item.id,
        type=item.type,
        stem=stem,
        told=told,
        question=question,
        say=words(item.say),
        art_svg=item.art_svg,
        art_alt=words(item.art_alt),
        parts=tuple(_parts(item, shown, answer, words)),
        bins=tuple(_part(each, words) for each in item.bins),
        story=story,
        answer=tuple(answer),
        whole=is_whole(item, answer),
        to_find=len(item.correct_ids) if item.type == "spot" and band != YOUNGEST else None,
        lang=item.lang,
    )


def _parts(item: Item, shown: Sequence[str], answer: Sequence[str], words: Words) -> list[Part]:
    if item.type == "order" and is_whole(item, answer):
        shown = answer
    if item.type == "branch":
        at = walked(item, answer).at
        shown = [each for each in shown if at and item.option(each).scene == at.id]
    lying = placed(item, answer)
    picks = set(answer) if item.type in ("single", "multi", "spot") else set()
    return [_part(item.option(each), words, each in picks, lying.get(each, "")) for each in shown]


def _part(each: Option | Bin, words: Words, picked: bool = False, lies_in: str = "") -> Part:
    return Part(each.id, words(each.text), words(each.say), each.art_svg, each.emoji, picked, lies_in)


def _story(item: Item, answer: Sequence[str], words: Words) -> Story:
    walk = walked(item, answer)
    scenes = {scene.id: scene for scene in item.scenes}
    passed = tuple(
        Passed(each.id, words(scenes[each.scene].text), words(each.text), words(each.then))
        for each in walk.made
    )
    if walk.at is None:
        return Story(passed, "", "", False, words(item.ending))
    return Story(passed, words(walk.at.text), words(walk.at.say), walk.at.repair, "")
