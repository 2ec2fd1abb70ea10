"""Rules R1 to R8, R12 and R13: the plan against itself."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from lessons.findings import Finding
from lessons.scope import Planned, Scope

MEASURABLE = frozenset(
    """Analyze Apply Arrange Assess Audit Build Carry Check Choose Classify Compare Complete Compose Create
    Decide Demonstrate Describe Design Detect Distinguish Draft Edit Evaluate Explain Find Give Identify Infer
    Interpret Judge Label List Mark Match Name Order Place Plan Point Predict Prioritize Put Rank Recognize
    Remove Request Resolve Respond Revise Say Separate Sequence Set Show Sort Spot State Summarize Tell
    Trace Use Verify Weigh
    Read""".split()  # noqa: SIM905
)
ALL_GRADES = ("K", *map(str, range(1, 13)))
INSTRUCTION = ("CIPA-OB", "CIPA-SN", "CIPA-CB")
"""What 47 CFR 54.520(c)(1)(i) asks schools to teach."""
TAG_OF_TOPIC = {"social": "CIPA-SN", "cyberbullying": "CIPA-CB", "behavior": "CIPA-OB"}
NO_EXPLOITATION_BELOW = 6

Fault = tuple[str, int, str]
"""Rule, line in the plan, what is wrong."""


def lint_scope(scope: Scope) -> Iterator[Finding]:
    for rule in (_unique, _references, _fields, _grades, _core, _bands, _tags, _courses, _exploitation):
        for code, line, message in rule(scope):
            yield Finding(scope.file, line, code, message)


def _number(grade: str) -> int:
    return 0 if grade == "K" else int(grade)


def by_grade(scope: Scope) -> dict[str, list[Planned]]:
    grades = defaultdict(list)
    for lesson in scope.lessons:
        grades[lesson.grade].append(lesson)
    return dict(grades)


def _unique(scope: Scope) -> Iterator[Fault]:
    both = (*scope.lessons, *scope.modules)
    for what, named in (
        ("id", [(each.id, each.line) for each in both]),
        ("title", [(each.title.lower(), each.line) for each in both]),
        ("clause", [(each.id, each.line) for each in scope.clauses]),
        ("course", [(each.id, each.line) for each in scope.courses]),
    ):
        seen = Counter(name for name, _ in named)
        for name, line in named:
            if seen[name] > 1:
                yield "R1", line, f"the {what} {name!r} stands {seen[name]} times"


def _references(scope: Scope) -> Iterator[Fault]:
    for each in (*scope.lessons, *scope.modules):
        yield from _unknown(each.topics, scope.topics, each, "topic")
        yield from _unknown(each.cipa, scope.cipa, each, "CIPA tag")
        yield from _unknown(each.iste, scope.iste, each, "ISTE tag")
        yield from _unknown(each.clauses, scope.clause_ids, each, "clause")
    for clause_id in (*scope.attestation_clauses, *scope.guest_clauses):
        if clause_id not in scope.clause_ids:
            yield "R2", 1, f"the agreements name an unknown clause {clause_id}"
    for clause in scope.clauses:
        for feature in clause.features:
            if feature not in scope.features:
                yield "R2", clause.line, f"{clause.id}: unknown feature {feature}"
    for lesson in scope.lessons:
        band = scope.bands[lesson.band]
        if lesson.grade not in band.grades or lesson.minutes != band.minutes_per_lesson:
            yield (
                "R2",
                lesson.line,
                f"{lesson.id}: grade {lesson.grade} and {lesson.minutes} minutes do not fit band {band.name}",
            )


def _unknown(names: Iterable[str], known: Iterable[str], lesson: Planned, what: str) -> Iterator[Fault]:
    for name in names:
        if name not in known:
            yield "R2", lesson.line, f"{lesson.id}: unknown {what} {name}"


def _fields(scope: Scope) -> Iterator[Fault]:
    for lesson in scope.lessons:
        if not 3 <= len(lesson.vocabulary) <= 6:
            yield "R3", lesson.line, f"{lesson.id}: {len(lesson.vocabulary)} vocabulary words; three to six"
        if lesson.sensitivity not in scope.sensitivity:
            yield "R3", lesson.line, f"{lesson.id}: unknown sensitivity {lesson.sensitivity}"
        if lesson.sensitivity == "high" and not lesson.opt_out_alternative:
            yield "R7", lesson.line, f"{lesson.id}: a high-sensitivity lesson names its alternative"
        if (lesson.sensitivity == "none") == bool(lesson.content_note):
            yield "R15", lesson.line, f"{lesson.id}: a content note stands with a sensitivity, and only there"
    for each in scope.lessons:
        if not 2 <= len(each.objectives) <= 4:
            yield "R3", each.line, f"{each.id}: {len(each.objectives)} objectives; two to four"
        for objective in each.objectives:
            if objective.split()[0] not in MEASURABLE:
                yield "R3", each.line, f"{each.id}: open with a measurable verb, not {objective.split()[0]!r}"


def _grades(scope: Scope) -> Iterator[Fault]:
    grades = by_grade(scope)
    for grade in ALL_GRADES:
        lessons = grades.get(grade, [])
        if not lessons:
            yield "R4", 1, f"grade {grade} has no lessons"
            continue
        fewest, most = scope.bands[lessons[0].band].lessons_per_year
        if not fewest <= len(lessons) <= most:
            yield "R4", lessons[0].line, f"grade {grade} has {len(lessons)} lessons; {fewest} to {most}"
        if sorted(lesson.order for lesson in lessons) != list(range(1, len(lessons) + 1)):
            yield "R4", lessons[0].line, f"grade {grade}: order must count 1 to {len(lessons)}"


def _core(scope: Scope) -> Iterator[Fault]:
    wanted = [*(name for name, topic in scope.topics.items() if topic.core), *INSTRUCTION]
    for grade, lessons in by_grade(scope).items():
        mild = [lesson for lesson in lessons if lesson.sensitivity != "high"]
        for rule, kept, how in (("R5", lessons, ""), ("R7", mild, " without its high-sensitivity lessons")):
            taught = {name for lesson in kept for name in (*lesson.topics, *lesson.cipa)}
            for name in wanted:
                if name not in taught:
                    yield rule, lessons[0].line, f"grade {grade} lacks {name}{how}"


def _bands(scope: Scope) -> Iterator[Fault]:
    for band in scope.bands.values():
        if not band.grades:  # staff
            continue
        taught = {topic for lesson in scope.lessons if lesson.band == band.name for topic in lesson.topics}
        highest = max(map(_number, band.grades))
        for name, topic in scope.topics.items():
            if topic.from_grade <= highest and name not in taught:
                yield "R6", 1, f"band {band.name} lacks the topic {name}"


def _tags(scope: Scope) -> Iterator[Fault]:
    for lesson in scope.lessons:
        for topic, tag in TAG_OF_TOPIC.items():
            if topic in lesson.topics and tag not in lesson.cipa:
                yield "R8", lesson.line, f"{lesson.id}: topic {topic} without {tag}"
        if "CIPA-CB" in lesson.cipa and "cyberbullying" not in lesson.topics:
            yield "R8", lesson.line, f"{lesson.id}: CIPA-CB without the topic cyberbullying"


def _courses(scope: Scope) -> Iterator[Fault]:
    grades = by_grade(scope)
    for course in scope.courses:
        lessons = sorted(grades.get(course.grade, []), key=lambda lesson: lesson.order)
        if tuple(lesson.id for lesson in lessons) != course.lessons:
            yield (
                "R12",
                course.line,
                f"{course.requirement}: its lessons are not grade {course.grade}'s in their order",
            )
        elif sum(lesson.minutes for lesson in lessons) != course.minutes:
            yield (
                "R12",
                course.line,
                f"{course.requirement}: its lessons do not take {course.minutes} minutes",
            )


def _exploitation(scope: Scope) -> Iterator[Fault]:
    for lesson in scope.lessons:
        if "exploitation" in lesson.topics and _number(lesson.grade) < NO_EXPLOITATION_BELOW:
            yield "R13", lesson.line, f"{lesson.id}: not before grade {NO_EXPLOITATION_BELOW}"
