"""A made-up lesson of five steps for the player's tests, and how to publish one."""

from core.clock import now
from core.database import db
from lessons.content import Lesson, Step, hash_of
from lessons.items import Item, Option
from lessons.library import forget_release
from lessons.models import CurriculumRelease, LessonVersion

ID = "g4-made-up"
PATH = f"/lessons/g4/{ID}"
QUIZ_SECRET = "why this quiz answer is right"


def made_up_lesson(lesson_id: str = ID, *, title: str = "Made Up", cards: int = 1) -> Lesson:
    """Hook with a choice, `cards` cards, a practice step with two right answers, rule, tell."""
    steps = (
        Step("hook", "hook", "A note", "<p>Ana gets a <strong>scam</strong>.</p>", "Ana gets a scam.",
             "", "", f"{lesson_id}.h1"),
        *(Step("card", f"card-{n}", f"Card {n}", f"<p>Idea {n}.</p>", f"Idea {n}.", "", "", None)
          for n in range(1, cards + 1)),
        Step("practice", "practice-p1", "", "", "", "", "", f"{lesson_id}.p1"),
        Step("rule", "rule", "", "<p>At {{district.name|our district}} we ask.</p>", "We ask.", "", "", None),
        Step("tell", "tell", "", "<p>Say it at home.</p>", "Say it at home.", "", "", None),
    )  # fmt: skip
    made = Lesson(
        id=lesson_id, course="g4", grade="4", band="3-5", title=title, minutes=12,
        objectives=("Spot a trick",), glossary={"scam": "A trick to get your money.", "link": "Words to tap."},
        steps=steps,
        items=(item(f"{lesson_id}.h1", "b"), item(f"{lesson_id}.p1", "ad"), item(f"{lesson_id}.q01", "a", "quiz")),
        clauses=(), topics=(), sensitivity="none", pass_mark=75, draw=1,
    )  # fmt: skip
    return Lesson.from_body(made.to_body())


def item(item_id: str, right: str, pool: str = "practice") -> Item:
    """Options a to d (a to c when one is right); `right` names the correct ones."""
    said = QUIZ_SECRET if pool == "quiz" else "what we say to"
    options = tuple(
        Option(each, f"Option {each} of {item_id}", each in right, f"{said} {each}")
        for each in ("abcd" if len(right) > 1 else "abc")
    )
    kind = "multi" if len(right) > 1 else "single"
    return Item(item_id, pool, kind, 1, (), "apply", False, f"What about {item_id}?", "", options)


def publish(*lessons: Lesson) -> None:
    """Put these in force as course g4, as `flask curriculum load` would."""
    for each in lessons:
        db.add(LessonVersion(lesson_id=each.id, content_hash=each.content_hash, body=each.to_body()))
    refs = [
        {"id": each.id, "hash": each.content_hash, "title": each.title, "minutes": each.minutes}
        for each in lessons
    ]
    courses = {"g4": {"title": "Grade 4", "band": "3-5", "requirement": "dc-g4", "lessons": refs}}
    db.add(CurriculumRelease(content_hash=hash_of(courses), courses=courses, published_at=now()))
    db.commit()
    forget_release()
