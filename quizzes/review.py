"""A quiz looked at again, once it is handed in: what was right, why, and which card to read."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from core.language import said_in
from core.messages import N_
from lessons.answers import PLACES, fitting, placed, walked
from lessons.content import Lesson
from lessons.items import Item
from quizzes.draw import Drawn
from quizzes.marking import ALL, NOTHING, mark

CAN_NOW = N_("You can now %(objective)s.")
OFFER_LESSON_BEFORE = 3
"""Before this attempt the lesson itself is offered first."""


@dataclass(frozen=True)
class ReviewedChoice:
    """One option looked at again.

    correct   it was right to pick it; of a step or card: it stands where it belongs
    feedback  "" for what was neither picked nor right: nobody asked about it
    put       order: the place it was given, "3"; sort, match: the words of the bin it was put in; "" for nowhere
    belongs   the same for where it belongs
    then      branch: what happened
    """

    text: str
    picked: bool
    correct: bool
    feedback: str
    put: str = ""
    belongs: str = ""
    then: str = ""


@dataclass(frozen=True)
class ReviewedQuestion:
    """verdict: `right`, `partly` or `missed`; card: 1-based step of the lesson to read again.

    `lang` is the language it is in, where that is not the lesson's.
    `choices` are as they were drawn, but steps of an `order` in their right order, and of a story those on the path.
    """

    number: int
    type: str
    stem: str
    lang: str
    verdict: str
    answered: bool
    critical: bool
    choices: tuple[ReviewedChoice, ...]
    card: int


def review(
    draw: Sequence[Drawn],
    lesson: Lesson,
    answers: Mapping[str, Sequence[str]],
    words: Callable[[str], str] = str,
) -> list[ReviewedQuestion]:
    """Every question in the order it was asked. `words` fills in the district's facts."""
    return [_reviewed(number, drawn, lesson, answers, words) for number, drawn in enumerate(draw, start=1)]


def card_for(lesson: Lesson, item: Item) -> int:
    """The step (from 1) that teaches what this item asks.

    It is the card before the first practice of the item's objective. Where the lesson practices it nowhere, it is
    the card that shares the most words with the objective and the item.
    """
    last_card = 1
    for number, step in enumerate(lesson.steps, start=1):
        if step.kind == "card":
            last_card = number
        elif (
            step.kind == "practice" and step.item_id and lesson.item(step.item_id).objective == item.objective
        ):
            return last_card
    return _nearest_card(lesson, item)


def can_now(lesson: Lesson) -> str:
    """One sentence for the moment of passing, in the lesson's language, made from its first objective."""
    first = lesson.objectives[0].rstrip(".")
    return said_in(lesson.lang, CAN_NOW) % {"objective": first[0].lower() + first[1:]}


def _nearest_card(lesson: Lesson, item: Item) -> int:
    asked = _words(lesson.objectives[item.objective - 1], item.stem, *item.texts)
    cards = [number for number, step in enumerate(lesson.steps, start=1) if step.kind == "card"]
    return max(cards, key=lambda number: len(asked & _words(lesson.steps[number - 1].text)))


def _words(*texts: str) -> set[str]:
    """Those of four letters or more; shorter ones are about nothing."""
    return set(re.findall(r"[^\W\d_]{4,}", " ".join(texts).lower()))


def _reviewed(
    number: int,
    drawn: Drawn,
    lesson: Lesson,
    answers: Mapping[str, Sequence[str]],
    words: Callable[[str], str],
) -> ReviewedQuestion:
    item = lesson.item(drawn["item"])
    answer = answers.get(item.id, ())
    return ReviewedQuestion(
        number=number,
        type=item.type,
        stem=words(item.stem),
        lang=item.lang,
        verdict=_verdict(item, answer),
        answered=bool(answer),
        critical=item.critical,
        choices=tuple(_in_words(each, words) for each in _choices(item, drawn["options"], answer)),
        card=card_for(lesson, item),
    )


def _verdict(item: Item, answer: Sequence[str]) -> str:
    points = mark(item, answer)
    if points == ALL:
        return "right"
    return "missed" if points == NOTHING else "partly"


def _choices(item: Item, shown: Sequence[str], answer: Sequence[str]) -> Iterator[ReviewedChoice]:
    if item.type == "order":
        yield from _steps(item, answer)
    elif item.type in PLACES:
        yield from _cards(item, shown, answer)
    elif item.type == "branch":
        for each in walked(item, answer).made:
            yield ReviewedChoice(each.text, True, each.correct, each.feedback, then=each.then)
    else:
        for each in map(item.option, shown):
            picked = each.id in answer
            feedback = each.feedback if picked or each.correct else ""
            yield ReviewedChoice(each.text, picked, each.correct, feedback)


def _steps(item: Item, answer: Sequence[str]) -> Iterator[ReviewedChoice]:
    given = {step: str(place) for place, step in enumerate(fitting(item, answer), start=1)}
    for place, step in enumerate(item.options, start=1):
        put = given.get(step.id, "")
        yield ReviewedChoice(step.text, bool(put), put == str(place), step.feedback, put, str(place))


def _cards(item: Item, shown: Sequence[str], answer: Sequence[str]) -> Iterator[ReviewedChoice]:
    bins = {each.id: each.text for each in item.bins}
    lying = placed(item, answer)
    for card in map(item.option, shown):
        put = lying.get(card.id, "")
        yield ReviewedChoice(
            card.text, bool(put), put == card.bin, card.feedback, bins.get(put, ""), bins[card.bin]
        )


def _in_words(choice: ReviewedChoice, words: Callable[[str], str]) -> ReviewedChoice:
    said = (choice.text, choice.feedback, choice.put, choice.belongs, choice.then)
    text, feedback, put, belongs, then = map(words, said)
    return replace(choice, text=text, feedback=feedback, put=put, belongs=belongs, then=then)
