"""An item as compiled: one question, with everything there is to know about its answer.

Whatever its type, what a pupil picks, moves, places or chooses is an `Option`, and every option has feedback.
The type says what the options are and what an answer is; an answer is always a list of short texts:

type    options are          right when                                  answer
single  answers              the one `correct` is picked                 ["b"]
multi   answers              every `correct` and no other is picked      ["a", "d"]
spot    regions of a text    every `correct` and no other is picked      ["a", "d"]
order   steps                they stand as in `options`                  ["b", "c", "a"], all of them
sort    cards                each lies in its `bin`                      ["a.keep", "c.share"]
match   cards                each lies in its `bin`, one bin for each    ["a.c", "b.a"]
branch  choices in scenes    only `correct` (safe) ones are chosen       ["b", "d"], in the order chosen
"""

from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from typing import Any

from lessons.item_variants import Variant, variant_from_plain

YOUNGEST = "K-2"
"""The band whose pupils may not read yet."""

END = "end"
"""Where a choice leads that ends the story."""


def sparse(default: Any) -> Any:
    """A field that stands in a lesson's body only where it says something: the hash of what was published
    before there was such a field stays what it was."""
    return field(default=default, metadata={"sparse": True})


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to pick, move, place or choose. Its feedback says why, then what to do instead.

    correct   single, multi: an answer that is right; spot: a region to find; branch: a safe choice
    say       the spoken form, where the text reads badly aloud; otherwise ""
    art_svg   its picture as inline SVG, or ""; `text` is its name
    emoji     its picture as one emoji, or ""
    bin       sort, match: the id of the bin it belongs in
    scene     branch: the id of the scene it is offered in
    then      branch: what happens when it is chosen
    to        branch: the scene it leads to, or END
    """

    id: str
    text: str
    correct: bool
    feedback: str
    say: str = sparse("")
    art_svg: str = sparse("")
    emoji: str = sparse("")
    bin: str = sparse("")
    scene: str = sparse("")
    then: str = sparse("")
    to: str = sparse("")

    @property
    def has_picture(self) -> bool:
        return bool(self.art_svg or self.emoji)


@dataclass(frozen=True, slots=True)
class Bin:
    """Where cards are put: a group to sort into, or the partner of one card."""

    id: str
    text: str
    say: str = sparse("")
    art_svg: str = sparse("")
    emoji: str = sparse("")

    @property
    def has_picture(self) -> bool:
        return bool(self.art_svg or self.emoji)


@dataclass(frozen=True, slots=True)
class Scene:
    """One moment of a story. `repair`: it is reached by an unsafe choice, and a way back stands in it."""

    id: str
    text: str
    say: str = sparse("")
    repair: bool = sparse(False)


@dataclass(frozen=True, slots=True)
class Item:
    """One question: from the quiz pool, or a practice task whose answer is discussed at once.

    id         "g4-same-me.q01"; practice items end in p1, p2 ...; the hook's choice in h1
    objective  1-based place in `Lesson.objectives`
    level      recall | apply | judge
    critical   staff only: the module is not passed while this one is wrong
    say        the spoken form, where the stem reads badly aloud; otherwise ""
    art_svg    a picture over the question, hidden from screen readers, or ""; its words are in art_alt
    scenes     branch only, in the order of the story; the first is where it begins
    ending     branch only: how the story ends, whichever way one came
    lang       the language it is in, where that is not the lesson's; otherwise ""
    variants   staff only: the same in the working day of other jobs, one at most for each
    """

    id: str
    pool: str
    type: str
    objective: int
    clauses: tuple[str, ...]
    level: str
    critical: bool
    stem: str
    say: str
    options: tuple[Option, ...]
    art_svg: str = sparse("")
    art_alt: str = sparse("")
    bins: tuple[Bin, ...] = sparse(())
    scenes: tuple[Scene, ...] = sparse(())
    ending: str = sparse("")
    lang: str = sparse("")
    variants: tuple[Variant, ...] = sparse(())

    @property
    def short(self) -> str:
        """The id inside its lesson: "q01", "p1", "h1"."""
        return self.id.rpartition(".")[2]

    @property
    def correct_ids(self) -> frozenset[str]:
        return frozenset(option.id for option in self.options if option.correct)

    @property
    def texts(self) -> tuple[str, ...]:
        """What stands below the stem: scenes, bins and options."""
        return (
            *(scene.text for scene in self.scenes),
            *(each.text for each in self.bins),
            *(option.text for option in self.options),
        )

    def option(self, option_id: str) -> Option:
        """Raises KeyError."""
        for option in self.options:
            if option.id == option_id:
                return option
        raise KeyError(option_id)

    def for_job(self, job: str | None) -> "Item":
        """In the words for this job, where there are any; ids, clauses and the key are the same."""
        variant = next((each for each in self.variants if each.job == job), None)
        if variant is None:
            return self
        said = {each.id: each for each in variant.options}
        options = tuple(
            replace(option, text=said[option.id].text, feedback=said[option.id].feedback, say="")
            if option.id in said
            else option
            for option in self.options
        )
        return replace(self, stem=variant.stem, say="", options=options)

    def choices_in(self, scene_id: str) -> tuple[Option, ...]:
        return tuple(option for option in self.options if option.scene == scene_id)


def to_plain(value: Any) -> Any:
    """The value as JSON has it; empty sparse fields are left out."""
    if is_dataclass(value):
        kept = ((each, getattr(value, each.name)) for each in fields(value) if each.init)
        return {each.name: to_plain(held) for each, held in kept if not _left_out(each, held)}
    if isinstance(value, dict):
        return {key: to_plain(each) for key, each in value.items()}
    return [to_plain(each) for each in value] if isinstance(value, tuple | list) else value


def _left_out(described: Any, held: Any) -> bool:
    return "sparse" in described.metadata and described.default is not MISSING and held == described.default


def item_from_plain(body: dict[str, Any]) -> Item:
    """What `to_plain` wrote. Raises KeyError or TypeError when the body has another shape."""
    return Item(
        **{
            **body,
            "clauses": tuple(body["clauses"]),
            "options": tuple(Option(**each) for each in body["options"]),
            "bins": tuple(Bin(**each) for each in body.get("bins", ())),
            "scenes": tuple(Scene(**each) for each in body.get("scenes", ())),
            "variants": tuple(variant_from_plain(each) for each in body.get("variants", ())),
        }
    )
