"""Who misses which lesson: the class turned around, for a make-up hour."""

from collections.abc import Iterable
from dataclasses import dataclass

from teaching.arranging import Choice, arranged
from teaching.class_view import ClassView, Column, Pupil


@dataclass(frozen=True, slots=True)
class Missed:
    """A lesson and everybody in the class now who has not done it, by name. `begun`: how many of them are under way."""

    column: Column
    pupils: tuple[Pupil, ...]
    begun: int


def make_up_list(view: ClassView) -> list[Missed]:
    """Lessons that somebody misses, in the order they are taught. Whoever did it with the class misses nothing."""
    return [
        missed
        for place, column in enumerate(view.columns)
        if column.is_lesson and (missed := _missed(place, column, view.pupils)).pupils
    ]


def _missed(place: int, column: Column, pupils: Iterable[Pupil]) -> Missed:
    without = [pupil for pupil in pupils if pupil.cells[place].state != "done"]
    begun = sum(pupil.cells[place].state == "part" for pupil in without)
    return Missed(column, tuple(arranged(without, Choice())), begun)
