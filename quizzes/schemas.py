"""What a browser may send us about a quiz."""

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate
from werkzeug.datastructures import MultiDict

from core.messages import N_
from lessons.forms import answer_in
from quizzes.attempts import OddAnswer


class AnswerSchema(Schema):
    """picks: an answer in the shape of the item's type. Nothing else is looked at."""

    class Meta:
        unknown = EXCLUDE

    picks = fields.List(
        fields.Str(validate=validate.Length(1, 40)), required=True, validate=validate.Length(max=26)
    )


def read_picks(sent: object) -> list[str]:
    """An answer out of a JSON body or a form. Raises OddAnswer."""
    if isinstance(sent, MultiDict):
        sent = {"picks": answer_in(sent)}
    try:
        picks: list[str] = AnswerSchema().load(sent)["picks"]  # type: ignore[arg-type]
    except (ValidationError, TypeError) as error:
        raise OddAnswer(N_("We could not read that answer."), field="picks") from error
    return picks
