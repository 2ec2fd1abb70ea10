"""Count pupils by school, grade and topic; and the one spelling of figures that is hashed and signed."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

from completion.signing import canonical
from proof.plan import Plan, by_age
from proof.pupils import Pupil


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of a year: see YearFigure."""

    school_key: str
    school: str
    grade: str
    topic: str
    enrolled: int
    taught: int

    @property
    def make_ups(self) -> int:
        """Who was enrolled and not taught."""
        return self.enrolled - self.taught

    @property
    def percent(self) -> int:
        return percent(self.taught, self.enrolled)


class Place(NamedTuple):
    school_key: str
    school: str
    grade: str


@dataclass
class Cell:
    """A school's grade: how many are enrolled, and how many of them were taught each topic."""

    enrolled: int = 0
    taught: dict[str, int] = field(default_factory=dict)


class Tally:
    """Figures, pupil by pupil: as many cells as schools have grades, however many pupils."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.cells: dict[Place, Cell] = {}

    def add(self, pupil: Pupil) -> None:
        place = Place(pupil.school_key, pupil.school, pupil.grade)
        cell = self.cells.get(place)
        if cell is None:
            cell = self.cells[place] = Cell(taught=dict.fromkeys(self._plan.topics(pupil.grade), 0))
        cell.enrolled += 1
        for topic in self._plan.met(pupil.grade, pupil.shown):
            cell.taught[topic] += 1

    def figures(self) -> list[Figure]:
        """By school, grade from the youngest up, and topic in the order of the plan."""
        places = sorted(self.cells.items(), key=lambda each: (each[0].school_key, by_age(each[0].grade)))
        return [
            Figure(*place, topic, cell.enrolled, taught)
            for place, cell in places
            for topic, taught in cell.taught.items()
        ]


def cells_of(figures: Iterable[Figure]) -> Mapping[Place, Cell]:
    """The other way round, for figures that were kept."""
    cells: dict[Place, Cell] = {}
    for each in figures:
        cell = cells.setdefault(Place(each.school_key, each.school, each.grade), Cell(enrolled=each.enrolled))
        cell.taught[each.topic] = each.taught
    return cells


def percent(taught: int, enrolled: int) -> int:
    """Never 100 before the last one, and never 0 after the first."""
    if not enrolled or not taught:
        return 0
    return min(max(100 * taught // enrolled, 1), 100)


def written(figures: Iterable[Figure], *, district: str, year: str) -> bytes:
    """Canonical JSON: the same figures have the same bytes, in whatever order a database gives them back."""
    ordered = sorted(figures, key=lambda each: (each.school_key, each.grade, each.topic))
    return canonical({"district": district, "year": year, "figures": [asdict(each) for each in ordered]})
