"""What stands in the database in English is found again and said in the reader's language."""

import pytest

from core.language import translated
from core.messages import Message
from lti_tool import memberships
from lti_tool.outcomes import (
    ANOTHER_GRADE,
    MOST_TRIES,
    NO_ACCOUNT,
    PROBLEMS,
    WORDS,
    of_breakage,
    of_refusal,
    refused,
)
from lti_tool.scores import in_words
from lti_tool.service_calls import NoToken, ServiceRefused

REFUSALS = [
    *(of_refusal(ServiceRefused(status, "no"), 0) for status in (*WORDS, 418, 500, 503)),
    of_refusal(ServiceRefused(500, "no"), MOST_TRIES),
    of_refusal(NoToken(401, "no"), 0),
    of_refusal(NoToken(401, "no"), MOST_TRIES),
    of_breakage(0),
    refused(NO_ACCOUNT),
    refused(Message(ANOTHER_GRADE, grade="92.5")),
]


@pytest.mark.parametrize("outcome", REFUSALS, ids=lambda each: each.problem[:40])
def test_every_stored_problem_is_recognised(app, outcome):
    stored = str(outcome.problem)
    assert type(stored) is str
    said = in_words(outcome.state, stored)
    assert stored in said and isinstance(said.values["why"], Message)
    with app.test_request_context(headers={"Accept-Language": "es"}):
        spanish = translated(said)
    assert stored not in spanish and ("plataforma" in spanish or "Algo falló" in spanish)


def test_all_problems_differ_so_that_none_is_taken_for_another():
    for known in (PROBLEMS, memberships.PROBLEMS):
        templates = [str(each) for each in known]
        assert len(set(templates)) >= len(templates) - 1, "422 says what 400 says"


def test_a_problem_of_an_older_version_is_shown_as_it_stands(app):
    with app.test_request_context(headers={"Accept-Language": "es"}):
        assert translated(in_words("refused", "something old")).endswith("something old")
