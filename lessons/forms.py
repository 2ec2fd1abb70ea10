"""What the form of an item sends (templates/lessons/_asking.html), lessons' practice and quizzes alike."""

from werkzeug.datastructures import MultiDict

from lessons.answers import moved

FIELD = "pick"
"""Every input of an answer is called `pick`, or `pick-` and a card's letter where each card has radio buttons."""


def answer_in(form: MultiDict[str, str]) -> list[str]:
    """The answer as the page stood, after the move that was pressed, if one was."""
    said = [
        value
        for name, value in form.items(multi=True)
        if value and (name == FIELD or name.startswith(f"{FIELD}-"))
    ]
    return moved(said, form.get("move", ""))
