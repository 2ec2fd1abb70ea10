"""The answer key of a lesson, for its teacher: every item with what is right, why, and what we say to the rest."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.messages import N_
from lessons.answers import PLACES
from lessons.content import Lesson
from lessons.items import Item, Option

TASKS = {
    "single": N_("Pick one"),
    "multi": N_("Pick all that fit"),
    "spot": N_("Find what fits"),
    "order": N_("Put in order"),
    "sort": N_("Sort"),
    "match": N_("Match"),
    "branch": N_("A story with choices"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One option. `right` says whether to pick it; `belongs` its place or bin in words, where that is the answer.

    scene   the words of the moment in which a story offers it, on its first choice there; else ""
    then    what happens in the story, or ""
    """

    text: str
    right: bool
    belongs: str
    feedback: str
    scene: str = ""
    then: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item. `type` is a key of TASKS; `ending` how a story ends, else ""."""

    short: str
    type: str
    stem: str
    objective: int
    lines: tuple[Line, ...]
    ending: str


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """Both in the order written; the quiz draws `draw` of the second."""

    practice: tuple[Entry, ...]
    quiz: tuple[Entry, ...]
    draw: int


def answer_key(lesson: Lesson, words: Callable[[str], str] = str) -> AnswerKey:
    """`words` fills in the district's facts."""

    def entries(pool: str) -> tuple[Entry, ...]:
        return tuple(_entry(item, words) for item in lesson.items if item.pool == pool)

    return AnswerKey(entries("practice"), entries("quiz"), lesson.draw)


def _entry(item: Item, words: Callable[[str], str]) -> Entry:
    return Entry(
        item.short,
        item.type,
        words(item.stem),
        item.objective,
        tuple(_lines(item, words)),
        words(item.ending),
    )


def _lines(item: Item, words: Callable[[str], str]) -> Iterator[Line]:
    bins = {each.id: each.text for each in item.bins}
    scenes = {scene.id: scene.text for scene in item.scenes}
    told: set[str] = set()
    for place, option in enumerate(item.options, start=1):
        scene = "" if option.scene in told else words(scenes.get(option.scene, ""))
        told.add(option.scene)
        yield Line(
            words(option.text),
            option.correct or item.type == "order" or item.type in PLACES,
            words(_belongs(item, option, place, bins)),
            words(option.feedback),
            scene,
            words(option.then),
        )


def _belongs(item: Item, option: Option, place: int, bins: dict[str, str]) -> str:
    if item.type == "order":
        return str(place)
    return bins.get(option.bin, "")
