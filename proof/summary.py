"""The summary of a pack, to be filed with Form 486: what its page (summary_page) and its PDF (summary_pdf) both say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from completion.dates import local_day
from core.language import written_date
from proof.coverage_tables import TOTAL, WITHHELD, Line
from proof.figures import Figure, percent
from proof.holding import Scene
from proof.plan import INSTRUCTION, by_age
from proof.withholding import ALL

STATES = {
    "open": "The school year is under way; these figures are of {day}.",
    "ended": "The school year is over and not frozen yet; these figures are of {day}.",
    "frozen": "The figures of this school year were frozen on {day}. What was changed since stands in amendments.csv.",
}
SUBJECT = "Education of minors about appropriate online behavior, school year {year}"
LAW = "47 U.S.C. 254(h)(5)(B)(iii), 47 CFR 54.520(c)(1)(i)."
COUNTED = (
    "A pupil counts as enrolled who was on the roster at any time of the year, at the last school and grade; and as "
    "taught a topic who was taught at least one lesson of the grade that carries it."
)
WITHHELD_WORDS = " Counts under ten are withheld, and with them what would give them away."
CONTENTS_TITLE = "What stands in this pack"
CONTENTS = {
    "coverage.csv": "by school, grade and topic: enrolled, taught, make-ups open",
    "coverage_deid.csv": "the same without counts under ten",
    "pupils.csv": "each pupil and lesson: taught when, how, in which version",
    "pupils_deid.csv": "by school, grade and lesson, without counts under ten",
    "makeup.csv": "each pupil and lesson that is still to be made up",
    "amendments.csv": "what was voided or added after the year was frozen",
    "staff.csv": "who took the course or signed, by which way and when",
    "sessions.csv": "lessons led with a whole class",
    "agreements/": "the exact texts that were signed",
    "content/": "the lessons in each version that was taught",
    "policy/": "the agreement in effect, its yearly review, and what else to file",
}
LISTED = (
    "Each file is listed in manifest.json with its SHA-256; manifest.jws is signed. Not in this pack: the adopted "
    "internet safety policy, its public notice and minutes, the filter and its monitoring."
)
TO_SIGN = ("Name and title", "Signature and date")


@dataclass(frozen=True)
class Table:
    """Words and numbers as they are shown; the first of each row is its head."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Summary:
    """`day` is the district's day of the figures, `counted` says who counts, `contents` are files and their words."""

    district: str
    year: str
    day: date
    state: str
    tables: Sequence[Table]
    counted: str
    contents: Sequence[tuple[str, str]]

    @property
    def title(self) -> str:
        return f"{self.district}, {self.year}"

    @property
    def subject(self) -> str:
        return SUBJECT.format(year=self.year)


def summary(scene: Scene, figures: Sequence[Figure], names: Iterable[str]) -> Summary:
    """With every number. `names` are the files of the pack."""
    lines = [
        Line(each.school_key, each.school, each.grade, each.topic, each.enrolled, each.taught)
        for each in figures
    ]
    return _summary(scene, _summed(lines), list(names), "")


def safe_summary(scene: Scene, lines: Sequence[Line], names: Iterable[str]) -> Summary:
    """From lines in which few are withheld."""
    return _summary(scene, [each for each in lines if each.school_key == ALL], list(names), WITHHELD_WORDS)


def _summary(scene: Scene, lines: Sequence[Line], names: Sequence[str], withheld: str) -> Summary:
    day = local_day(scene.freeze.frozen_at if scene.freeze else scene.at, scene.district.timezone)
    return Summary(
        district=scene.district.name,
        year=scene.year.name,
        day=day,
        state=STATES[scene.state].format(day=written_date(day)),
        tables=(_topics(lines), _grades(lines)),
        counted=COUNTED + withheld,
        contents=[each for each in CONTENTS.items() if any(name.startswith(each[0]) for name in names)],
    )


def _summed(lines: Iterable[Line]) -> list[Line]:
    """By grade and topic over all schools, and over all grades."""
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for each in lines:
        if each.topic in INSTRUCTION:
            for key in ((each.grade, each.topic), (ALL, each.topic)):
                enrolled, taught = sums.get(key, (0, 0))
                sums[key] = (enrolled + (each.enrolled or 0), taught + (each.taught or 0))
    return [Line(ALL, TOTAL, grade, topic, *numbers) for (grade, topic), numbers in sums.items()]


def _topics(lines: Iterable[Line]) -> Table:
    totals = {each.topic: each for each in lines if each.grade == ALL}
    rows = [(words, totals.get(tag, Line(ALL, TOTAL, ALL, tag, 0, 0))) for tag, words in INSTRUCTION.items()]
    return Table(
        "Pupils taught, by topic of the law",
        ("Topic", "Enrolled", "Taught", "Percent"),
        [(words, _told(each.enrolled), _told(each.taught), _share(each)) for words, each in rows],
    )


def _grades(lines: Iterable[Line]) -> Table:
    by_grade: dict[str, dict[str, Line]] = {}
    for each in lines:
        if each.grade != ALL and each.topic in INSTRUCTION:
            by_grade.setdefault(each.grade, {})[each.topic] = each
    rows = [
        (
            grade_name(grade),
            _told(next(iter(topics.values())).enrolled),
            *(_share(topics[tag]) for tag in INSTRUCTION),
        )
        for grade, topics in sorted(by_grade.items(), key=lambda each: by_age(each[0]))
    ]
    return Table("Pupils taught, by grade", ("Grade", "Enrolled", *INSTRUCTION.values()), rows)


def grade_name(grade: str) -> str:
    if grade == "k":
        return "Kindergarten"
    return (
        f"Grade {grade[1:]}" if grade.startswith("g") and grade[1:].isdigit() else grade or "No grade known"
    )


def _told(number: int | None) -> str:
    return WITHHELD if number is None else f"{number:,}"


def _share(line: Line) -> str:
    if line.enrolled is None or line.taught is None:
        return WITHHELD
    return f"{percent(line.taught, line.enrolled)} %"
