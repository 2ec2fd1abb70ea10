"""Which pupils the table shows, and in what order."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from teaching.class_view import STATES, Pupil

SHOWS = ("all", "done", "part", "none", "refused")
SORTS = ("name", "-name", "state", "-state", "score", "-score")


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address asks for; a leading minus turns a sort around."""

    course: str | None = None
    lesson: str | None = None
    show: str = "all"
    sort: str = "name"

    def address(self) -> dict[str, str]:
        """The same as query parameters, without what goes without saying."""
        asked = {"course": self.course, "lesson": self.lesson, "show": self.show, "sort": self.sort}
        return {name: value for name, value in asked.items() if value and value not in ("all", "name")}


def arranged(pupils: Iterable[Pupil], choice: Choice) -> list[Pupil]:
    by_name = sorted((pupil for pupil in pupils if _shown(pupil, choice.show)), key=_name_key)
    what, backwards = choice.sort.removeprefix("-"), choice.sort.startswith("-")
    if what == "name":
        named = [pupil for pupil in by_name if pupil.name]
        return (named[::-1] if backwards else named) + [pupil for pupil in by_name if not pupil.name]
    if what == "state":
        return sorted(by_name, key=_state_key, reverse=backwards)
    scored = [pupil for pupil in by_name if pupil.score is not None]
    scored.sort(key=lambda pupil: pupil.score or 0, reverse=backwards)
    # Who has no score yet stands last either way: there is nothing to compare.
    return scored + [pupil for pupil in by_name if pupil.score is None]


def _shown(pupil: Pupil, show: str) -> bool:
    if show == "refused":
        return pupil.refused > 0
    return show in ("all", pupil.state)


def _name_key(pupil: Pupil) -> tuple[bool, str, int]:
    """As people look names up: without regard to case and accents; who has no name by number, at the end."""
    bare = unicodedata.normalize("NFKD", pupil.name or "")
    folded = "".join(letter for letter in bare if not unicodedata.combining(letter)).casefold()
    return not folded, folded, pupil.number


def _state_key(pupil: Pupil) -> tuple[int, int]:
    return STATES.index(pupil.state), pupil.done
