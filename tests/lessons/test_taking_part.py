"""Who takes a lesson, and who only looks at it."""

import pytest

from lessons.taking_part import takes_part


@pytest.mark.parametrize(
    ("role", "band", "expected"),
    [
        ("learner", "3-5", True),
        ("other", "3-5", True),
        ("teacher", "3-5", False),
        ("administrator", "3-5", False),
        ("mentor", "3-5", False),
        ("learner", "staff", True),
        ("teacher", "staff", True),
        ("administrator", "staff", True),
        ("other", "staff", True),
        ("mentor", "staff", False),
    ],
)
def test_pupils_lessons_are_for_pupils_and_the_staff_course_for_everybody_who_works_here(
    role, band, expected
):
    assert takes_part(role, band) is expected
