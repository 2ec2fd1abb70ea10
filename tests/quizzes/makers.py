"""A small made-up lesson, so that quizzes can be tried without the real curriculum."""

from lessons.content import Lesson, Step
from lessons.items import Item, Option

FEEDBACK = "secret feedback"
"""Stands in every feedback, so that a test can look for it in a page."""


def option(item_id: str, name: str, correct: bool) -> Option:
    return Option(name, f"choice {name} of {item_id}", correct, f"{FEEDBACK} {item_id} {name}")


def item(
    item_id: str,
    *,
    key: str = "a",
    options: str = "abc",
    objective: int = 1,
    critical: bool = False,
    pool: str = "quiz",
) -> Item:
    """`key` and `options` are the ids run together: key="ac", options="abcd" is a multi item."""
    return Item(
        id=item_id,
        pool=pool,
        type="single" if len(key) == 1 else "multi",
        objective=objective,
        clauses=("NS-3",),
        level="apply",
        critical=critical,
        stem=f"What about {item_id}?",
        say="",
        options=tuple(option(item_id, name, name in key) for name in options),
    )


def step(kind: str, key: str, item_id: str | None = None, text: str = "Some words.") -> Step:
    return Step(kind, key, "", f"<p>{text}</p>", text, "", "", item_id)


def lesson(
    lesson_id: str = "g4-made-up",
    *,
    critical: str = "",
    band: str = "3-5",
    course: str = "g4",
    pass_mark: int = 75,
) -> Lesson:
    """Eight quiz items q01..q08 over two objectives; q03 and q07 are multi (key a and c of abcd)."""
    numbers = [f"q{number:02d}" for number in range(1, 9)]
    quiz = tuple(
        item(
            f"{lesson_id}.{short}",
            key="ac" if short in ("q03", "q07") else "abc"[index % 3],
            options="abcd" if short in ("q03", "q07") else "abc",
            objective=1 + index % 2,
            critical=short == critical,
        )
        for index, short in enumerate(numbers)
    )
    practice = tuple(item(f"{lesson_id}.p{n}", objective=n, pool="practice") for n in (1, 2))
    made = Lesson(
        id=lesson_id,
        course=course,
        grade="4",
        band=band,
        title="A Made-up Lesson",
        minutes=12,
        objectives=("Spot a trick in a message", "Choose who to ask"),
        glossary={},
        steps=(
            step("hook", "hook"),
            step("card", "trick"),
            step("practice", "practice-p1", f"{lesson_id}.p1"),
            step("card", "ask"),
            step("practice", "practice-p2", f"{lesson_id}.p2"),
            step("rule", "rule"),
            step("tell", "tell", text="Show someone at home one trick."),
        ),
        items=quiz + practice,
        clauses=("NS-3",),
        topics=("security",),
        sensitivity="none",
        pass_mark=pass_mark,
        draw=4,
    )
    return Lesson.from_body(made.to_body())
