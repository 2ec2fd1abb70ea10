"""Lessons made of the guide's own examples: every type as practice, and again as a quiz."""

from dataclasses import replace
from functools import cache

from lessons.content import Lesson, Step
from lessons.item_schemas import ItemsSchema
from lessons.items import Item
from lessons.marked_yaml import read_yaml
from lessons.readability import scene_and_question
from lessons.shapes import check_shape
from lessons.written_items import hidden_ids, read_item
from tests.docs.pages import fenced

MULTI = """
  - id: g4-tricky-messages.q20
    pool: quiz
    type: multi
    objective: 1
    clauses: [NS-3]
    level: apply
    stem: "Which two messages are scams? Pick two."
    options:
      - {id: a, text: "Type your password to win.", correct: true, feedback: "Yes. It wants a secret."}
      - {id: b, text: "Chess club is in room 4.", feedback: "It asks for nothing. Ask the club's leader."}
      - {id: c, text: "Pay now or lose your game.", correct: true, feedback: "Yes. It rushes you and wants money."}
      - {id: d, text: "New books are on the shelf.", feedback: "It asks for nothing. Go and have a look."}
"""
SINGLE = """
  - id: g4-tricky-messages.q21
    pool: quiz
    type: single
    objective: 2
    clauses: [NS-3]
    level: apply
    stem: "A message at {{district.short|our school}} asks Omar for his password. What does he do?"
    options:
      - {id: a, text: "He shows it to his teacher.", correct: true, feedback: "Yes. His teacher can warn other people."}
      - {id: b, text: "He sends it to his friend.", feedback: "A friend can not make it safe. Show a teacher."}
      - {id: c, text: "He writes back in a hurry.", feedback: "The rush is part of the trick. Show a teacher."}
"""


@cache
def every_type(band: str = "3-5", *, lesson_id: str = "g4-every-type", draw: int | None = None) -> Lesson:
    """The examples of grades 3 to 5 (or of K-2) in the order of the guide; ids p1.. and q01.., objectives 1 and 2."""
    young = band == "K-2"
    texts = [block.text for block in fenced() if block.page == "authoring.md" and "  - id: " in block.text]
    examples = [text for text in texts if text.startswith("  - id:") and ("id: k-" in text) is young]
    if not young:
        examples += [MULTI, SINGLE]
    quiz = [
        _item(text, f"{lesson_id}.q{n:02}", "quiz", 1 + n % 2) for n, text in enumerate(examples, start=1)
    ]
    practice = [
        _item(text, f"{lesson_id}.p{n}", "practice", 1 + n % 2) for n, text in enumerate(examples, start=1)
    ]
    made = Lesson(
        id=lesson_id, course="k" if young else "g4", grade="K" if young else "4", band=band,
        title="Every Type", minutes=8, objectives=("Spot a trick", "Choose what to do"), glossary={},
        steps=(
            Step("hook", "hook", "A note", "<p>Bo sees a note.</p>", "Bo sees a note.", "", "", None),
            *(Step("practice", f"practice-{each.short}", "", "", "", "", "", each.id) for each in practice),
            Step("card", "card", "Ask first", "<p>Ask first. Then tap.</p>", "Ask first. Then tap.", "", "", None),
            Step("tell", "tell", "", "<p>Say it at home.</p>", "Say it at home.", "", "", None),
        ),
        items=(*quiz, *practice), clauses=("NS-3",), topics=("security",), sensitivity="none",
        pass_mark=0 if young else 75, draw=draw or len(quiz),
    )  # fmt: skip
    return Lesson.from_body(made.to_body())


def item_of_type(kind: str, band: str = "3-5") -> Item:
    return next(item for item in every_type(band).quiz_items if item.type == kind)


def right_answer(item: Item) -> list[str]:
    """The whole key of an item, in the shape of its type."""
    if item.type == "order":
        return [option.id for option in item.options]
    if item.type in ("sort", "match"):
        return [f"{card.id}.{card.bin}" for card in item.options]
    if item.type == "branch":
        path, scene = [], item.scenes[0].id
        while scene != "end":
            choice = next(each for each in item.choices_in(scene) if each.correct)
            path.append(choice.id)
            scene = choice.to
        return path
    return sorted(item.correct_ids)


def _item(text: str, item_id: str, pool: str, objective: int) -> Item:
    values, findings = check_shape(ItemsSchema(), read_yaml(f"lesson: x\nitems:\n{text}", "example"))
    assert not findings
    read = read_item(values["items"][0], {})
    return hidden_ids(replace(read, id=item_id, pool=pool, objective=objective))


def asked_in(item: Item, page: str) -> bool:
    """Whether the page tells the item's scene and asks its question; what the district fills in is left out."""
    parts = [part for text in scene_and_question(item.stem) for part in text.split("{{")[0:1]]
    return all(part.replace("'", "&#39;") in page for part in parts)
