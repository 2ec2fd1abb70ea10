"""Where a launch leads on our own host."""

import pytest

from lti_tool.targets import custom_of, path_named_by


@pytest.mark.parametrize(
    "path", ["/lessons/g4", "/lessons/k/k-my-grown-up", "/lessons/ruc/ruc-7-social-media"]
)
def test_what_a_link_says_besides_its_address_leads_back_to_it(path):
    custom = custom_of(path)
    assert path_named_by(custom) == path
    assert all(key == key.lower() and isinstance(value, str) for key, value in custom.items())


def test_half_of_it_is_enough():
    assert path_named_by({"lesson_id": "g4-same-me"}) == "/lessons/g4/g4-same-me"


@pytest.mark.parametrize(
    "odd",
    [{}, {"lesson_id": "../admin"}, {"lesson_id": "g4-same-me/steps/1"}, {"course_id": "//evil.example"},
     {"course_id": "g4", "lesson_id": "a b"}, {"lesson_id": "G4-SAME-ME"}, {"course_id": "x" * 81}],
)  # fmt: skip
def test_what_is_no_lessons_name_leads_nowhere(odd):
    assert path_named_by(odd) is None
