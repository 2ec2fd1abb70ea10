"""The summary of a pack: a page that prints, to be filed with Form 486. HTML, for no PDF is the same bytes twice."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from completion.dates import local_day
from core.language import written_date
from proof.coverage_tables import TOTAL, Line
from proof.figures import Figure, percent
from proof.holding import Scene
from proof.page_shells import page
from proof.plan import INSTRUCTION, by_age
from proof.withholding import ALL

STATES = {
    "open": "The school year is under way; these figures are of {day}.",
    "ended": "The school year is over and not frozen yet; these figures are of {day}.",
    "frozen": "The figures of this school year were frozen on {day}. What was changed since stands in amendments.csv.",
}
PAGE = page("summary")
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
WITHHELD_WORDS = " Counts under ten are withheld, and with them what would give them away."


def summary(scene: Scene, figures: Sequence[Figure], names: Iterable[str]) -> str:
    """With every number. `names` are the files of the pack."""
    lines = [
        Line(each.school_key, each.school, each.grade, each.topic, each.enrolled, each.taught)
        for each in figures
    ]
    return _page(scene, _summed(lines), names, "")


def safe_summary(scene: Scene, lines: Sequence[Line], names: Iterable[str]) -> str:
    """From lines in which few are withheld."""
    return _page(scene, [each for each in lines if each.school_key == ALL], names, WITHHELD_WORDS)


def _page(scene: Scene, lines: Sequence[Line], names: Iterable[str], withheld: str) -> str:
    at = scene.freeze.frozen_at if scene.freeze else scene.at
    day = written_date(local_day(at, scene.district.timezone))
    there = [(key, words) for key, words in CONTENTS.items() if any(name.startswith(key) for name in names)]
    page = PAGE.format(
        title=f"{scene.district.name}, {scene.year.name}", district=scene.district.name, year=scene.year.name,
        state=STATES[scene.state].format(day=day), topics=_topics(lines), grades=_grades(lines),
        heads=Markup("").join(Markup('<th scope="col">{}</th>').format(words) for words in INSTRUCTION.values()),
        contents=Markup("").join(Markup("<li>{}: {}</li>").format(key, words) for key, words in there),
        withheld=withheld,
    )  # fmt: skip
    return str(page)


def _summed(lines: Iterable[Line]) -> list[Line]:
    """By grade and topic over all schools, and over all grades."""
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for each in lines:
        if each.topic in INSTRUCTION:
            for key in ((each.grade, each.topic), (ALL, each.topic)):
                enrolled, taught = sums.get(key, (0, 0))
                sums[key] = (enrolled + (each.enrolled or 0), taught + (each.taught or 0))
    return [Line(ALL, TOTAL, grade, topic, *numbers) for (grade, topic), numbers in sums.items()]


def _topics(lines: Iterable[Line]) -> Markup:
    totals = {each.topic: each for each in lines if each.grade == ALL}
    rows = [(words, totals.get(tag, Line(ALL, TOTAL, ALL, tag, 0, 0))) for tag, words in INSTRUCTION.items()]
    return Markup("").join(
        Markup("<tr><th scope='row'>{}</th><td>{}</td><td>{}</td><td>{}</td></tr>").format(
            words, _told(each.enrolled), _told(each.taught), _share(each)
        )
        for words, each in rows
    )


def _grades(lines: Iterable[Line]) -> Markup:
    by_grade: dict[str, dict[str, Line]] = {}
    for each in lines:
        if each.grade != ALL and each.topic in INSTRUCTION:
            by_grade.setdefault(each.grade, {})[each.topic] = each
    row = Markup("<tr><th scope='row'>{}</th><td>{}</td>{}</tr>")
    return Markup("").join(
        row.format(
            grade_name(grade),
            _told(next(iter(topics.values())).enrolled),
            Markup("").join(Markup("<td>{}</td>").format(_share(topics[tag])) for tag in INSTRUCTION),
        )
        for grade, topics in sorted(by_grade.items(), key=lambda each: by_age(each[0]))
    )


def grade_name(grade: str) -> str:
    if grade == "k":
        return "Kindergarten"
    return (
        f"Grade {grade[1:]}" if grade.startswith("g") and grade[1:].isdigit() else grade or "No grade known"
    )


def _told(number: int | None) -> str:
    return "withheld" if number is None else f"{number:,}"


def _share(line: Line) -> str:
    if line.enrolled is None or line.taught is None:
        return "withheld"
    return f"{percent(line.taught, line.enrolled)} %"
