"""What a browser may send us about a quiz."""

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate
from werkzeug.datastructures import MultiDict

from core.messages import N_
from quizzes.attempts import OddAnswer


class AnswerSchema(Schema):
    """picks: option ids. Nothing else is looked at."""

    class Meta:
        unknown = EXCLUDE

    picks = fields.List(
        fields.Str(validate=validate.Length(1, 40)), required=True, validate=validate.Length(max=20)
    )


def read_picks(sent: object) -> list[str]:
    """Option ids out of a JSON body or a form. Raises OddAnswer."""
    if isinstance(sent, MultiDict):
        sent = {"picks": sent.getlist("pick")}
    try:
        picks: list[str] = AnswerSchema().load(sent)["picks"]  # type: ignore[arg-type]
    except (ValidationError, TypeError) as error:
        raise OddAnswer(N_("We could not read that answer."), field="picks") from error
    return picks
