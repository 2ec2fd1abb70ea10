"""The plan: scope_and_sequence.yaml read into frozen values. Every other file is checked against it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lessons.findings import Finding, UnreadableSource
from lessons.marked_yaml import Marked, read_yaml
from lessons.scope_schemas import ScopeSchema
from lessons.shapes import check_shape

FILE = "scope_and_sequence.yaml"
STAFF_COURSE = "ruc"


@dataclass(frozen=True)
class Band:
    """Limits of a band. `pass_mark` is a percentage; 0 where completion is enough."""

    name: str
    grades: tuple[str, ...]
    minutes_per_lesson: int
    lessons_per_year: tuple[int, int]
    fk_max: float
    words_on_screen: tuple[int, int]
    options: tuple[int, int]
    quiz_draw: int
    pool_min: int
    pass_mark: int


@dataclass(frozen=True)
class Topic:
    name: str
    core: bool
    from_grade: int


@dataclass(frozen=True)
class Clause:
    """One sentence of the procedure. `anchor` is its own words, the `occurrence`th time they stand there."""

    id: str
    who: tuple[str, ...]
    anchor: str
    occurrence: int
    features: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Planned:
    """A lesson or staff module as planned; it may not be written yet. `grade` is "" for staff."""

    id: str
    course: str
    title: str
    grade: str
    band: str
    order: int
    minutes: int
    topics: tuple[str, ...]
    cipa: tuple[str, ...]
    iste: tuple[str, ...]
    clauses: tuple[str, ...]
    objectives: tuple[str, ...]
    vocabulary: tuple[str, ...]
    sensitivity: str
    opt_out_alternative: str
    content_note: str
    pool: int
    line: int


@dataclass(frozen=True)
class CoursePlan:
    """`id` is the name in addresses ("g4"), `requirement` the key completion knows it by ("dc-g4")."""

    id: str
    requirement: str
    title: str
    grade: str
    band: str
    minutes: int
    lessons: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Scope:
    file: str
    bands: dict[str, Band]
    variables: dict[str, Any]
    topics: dict[str, Topic]
    cipa: frozenset[str]
    iste: frozenset[str]
    sensitivity: frozenset[str]
    features: frozenset[str]
    clauses: tuple[Clause, ...]
    headings: frozenset[str]
    non_normative: tuple[str, ...]
    lessons: tuple[Planned, ...]
    modules: tuple[Planned, ...]
    courses: tuple[CoursePlan, ...]
    staff_title: str
    check_minutes: float
    """Of the refresher, for one module."""
    signing_minutes: int
    attestation_clauses: tuple[str, ...]
    guest_clauses: tuple[str, ...]

    @property
    def planned(self) -> dict[str, Planned]:
        return {each.id: each for each in (*self.lessons, *self.modules)}

    @property
    def clause_ids(self) -> frozenset[str]:
        return frozenset(clause.id for clause in self.clauses)


def read_scope(folder: Path) -> tuple[Scope | None, list[Finding]]:
    """The plan in this curriculum folder, or nothing and why it can not be read."""
    file = f"{folder.name}/{FILE}"
    try:
        source = read_yaml((folder / FILE).read_text(encoding="utf-8"), file)
    except FileNotFoundError:
        return None, [Finding(file, 1, "F1", "the plan is missing")]
    except UnicodeDecodeError:
        return None, [Finding(file, 1, "F1", "not UTF-8 text")]
    except UnreadableSource as error:
        return None, [error.finding]
    values, findings = check_shape(ScopeSchema(), source)
    return (_scope(values, source), []) if not findings else (None, findings)


def _scope(values: dict[str, Any], source: Marked) -> Scope:
    staff = values["staff_course"]
    minutes = {path["id"]: path["minutes"] for path in staff["paths"]}
    return Scope(
        file=source.file,
        bands={name: _band(name, band) for name, band in values["bands"].items()},
        variables=values["district_variables"],
        topics={name: Topic(**topic) for name, topic in values["topics"].items()},
        cipa=frozenset(values["cipa_tags"]),
        iste=frozenset(values["iste_tags"]),
        sensitivity=frozenset(values["sensitivity_levels"]),
        features=frozenset(values["features"]),
        clauses=tuple(
            _clause(clause, source.line("clauses", i)) for i, clause in enumerate(values["clauses"])
        ),
        headings=frozenset(values["headings"]),
        non_normative=tuple(values["non_normative"]),
        lessons=tuple(_lesson(each, source.line("lessons", i)) for i, each in enumerate(values["lessons"])),
        modules=tuple(_modules(staff["modules"], values["bands"]["staff"], source)),
        courses=tuple(_course(each, source.line("courses", i)) for i, each in enumerate(values["courses"])),
        staff_title=staff["title"],
        check_minutes=minutes["refresher"] / len(staff["modules"]),
        signing_minutes=minutes["sign-only"],
        attestation_clauses=tuple(staff["attestation"]["clauses"]),
        guest_clauses=tuple(values["guest_course"]["clauses"]),
    )


def _band(name: str, values: dict[str, Any]) -> Band:
    return Band(name=name, **{**values, "grades": tuple(values["grades"])})


def _clause(values: dict[str, Any], line: int) -> Clause:
    who, features = tuple(values["who"]), tuple(values["features"])
    return Clause(values["id"], who, values["anchor"], values["occurrence"], features, line)


def _lesson(values: dict[str, Any], line: int) -> Planned:
    del values["scenario"]
    plain: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in values.items()
    }
    return Planned(**plain, course=course_of(values["grade"]), pool=0, line=line)


def _modules(modules: list[dict[str, Any]], band: dict[str, Any], source: Marked) -> Iterator[Planned]:
    for i, values in enumerate(modules):
        yield Planned(
            id=values["id"], course=STAFF_COURSE, title=values["title"], grade="", band="staff",
            order=values["order"], minutes=values["minutes"], topics=(), cipa=(), iste=(),
            clauses=tuple(values["clauses"]), objectives=tuple(values["objectives"]), vocabulary=(),
            sensitivity="none", opt_out_alternative="", content_note="", pool=values["pool"],
            line=source.line("staff_course", "modules", i),
        )  # fmt: skip


def _course(values: dict[str, Any], line: int) -> CoursePlan:
    lessons = tuple(values.pop("lessons"))
    requirement = values.pop("id")
    return CoursePlan(
        id=course_of(values["grade"]), requirement=requirement, lessons=lessons, line=line, **values
    )


def course_of(grade: str) -> str:
    """The course's name in addresses: "k", "g1" ... "g12" (contract.md)."""
    return "k" if grade == "K" else f"g{grade}"
