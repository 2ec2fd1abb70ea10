"""The tables of counts: coverage with every number for the district, and the de-identified ones with cells withheld."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from proof.figures import Cell as Counted
from proof.figures import Figure, cells_of, percent
from proof.plan import COURSE, INSTRUCTION, Plan, by_age
from proof.withholding import ALL, ENROLLED, Spot, with_totals, withheld
from proof.zipping import Cell

COVERAGE = ("school_key", "school", "grade", "cipa", "enrolled", "taught", "percent", "make_ups_open")
DEIDENTIFIED = ("school_key", "school", "grade", "cipa", "enrolled", "taught", "percent")
LESSONS = ("school_key", "school", "grade", "lesson", "title", "enrolled", "taught", "percent")
WITHHELD = "withheld"
EVERYWHERE = "All schools"
NOWHERE = "No school known"
TOTAL = "all"
"""The key of all schools, and all grades."""


@dataclass(frozen=True, slots=True)
class Line:
    """One school's grade, or a total (ALL), under one topic; counts are None where they are withheld."""

    school_key: str
    school: str
    grade: str
    topic: str
    enrolled: int | None
    taught: int | None

    @property
    def percent(self) -> int | None:
        return None if self.enrolled is None or self.taught is None else percent(self.taught, self.enrolled)


def coverage_rows(figures: Iterable[Figure]) -> Iterator[list[Cell]]:
    for each in figures:
        if each.topic != COURSE and not each.topic.startswith("lesson:"):
            yield [
                each.school_key, each.school, each.grade, each.topic, each.enrolled, each.taught, each.percent,
                each.make_ups,
            ]  # fmt: skip


def safe_lines(figures: Sequence[Figure]) -> list[Line]:
    """Every count of the figures and their totals, without those that are few and those that would give them away.

    The gaps are the same whatever of it is shown, so a pack and a public report can be laid side by side.
    """
    cells = cells_of(figures)
    names = {place.school_key: place.school for place in cells}
    table = with_totals({(place.school_key, place.grade): _counts(cell) for place, cell in cells.items()})
    gaps = withheld(table)
    return [
        line for spot in sorted(table, key=_order) for line in _lines(spot, table[spot], names, spot in gaps)
    ]


def deidentified_rows(lines: Iterable[Line]) -> Iterator[list[Cell]]:
    for each in lines:
        if not each.topic.startswith("lesson:") and each.topic != COURSE:
            yield [*_where(each), each.topic, *_numbers(each)]


def lesson_rows(lines: Iterable[Line], plan: Plan) -> Iterator[list[Cell]]:
    titles = {lesson.part: lesson for lessons in plan.lessons.values() for lesson in lessons}
    for each in lines:
        lesson = titles.get(each.topic)
        if lesson is not None:
            yield [*_where(each), lesson.id, lesson.title, *_numbers(each)]


def _where(line: Line) -> list[Cell]:
    return [
        TOTAL if line.school_key == ALL else line.school_key,
        line.school,
        TOTAL if line.grade == ALL else line.grade,
    ]


def _numbers(line: Line) -> list[Cell]:
    numbers = (line.enrolled, line.taught, line.percent)
    return [WITHHELD if number is None else number for number in numbers]


def _counts(cell: Counted) -> Mapping[str, int]:
    return {ENROLLED: cell.enrolled, **cell.taught}


def _order(spot: Spot) -> tuple[bool, str, bool, tuple[int, str]]:
    return (spot[0] == ALL, spot[0], spot[1] == ALL, by_age(spot[1]))


def _lines(spot: Spot, counts: Mapping[str, int], names: Mapping[str, str], gap: bool) -> Iterator[Line]:
    school = EVERYWHERE if spot[0] == ALL else names[spot[0]] or NOWHERE
    for topic, taught in counts.items():
        if topic == ENROLLED or (spot[1] == ALL and topic not in INSTRUCTION):
            continue
        if gap:
            yield Line(spot[0], school, spot[1], topic, None, None)
        else:
            yield Line(spot[0], school, spot[1], topic, counts[ENROLLED], taught)
