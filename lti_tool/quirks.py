"""Where platforms leave the specification, one function each, named for what it does. By family as launched."""

from pylti1p3.grade import Grade

CANVAS_SUBMISSION = "https://canvas.instructure.com/lti/submission"


def finish_score(grade: Grade, family: str | None, first: bool, teachers_grade_stands: bool) -> Grade:
    """What this family of platforms needs in a score besides the standard fields."""
    if family == "canvas":
        return _one_submission_and_the_teachers_word(grade, first, teachers_grade_stands)
    if family == "moodle":
        return _keep_a_comment(grade)
    return grade


def _one_submission_and_the_teachers_word(grade: Grade, first: bool, teachers_grade_stands: bool) -> Grade:
    # Canvas counts every score as a new submission unless told otherwise, and a better score is no new one;
    # prioritize_non_tool_grade keeps a grade the teacher typed in.
    return grade.set_extra_claims(
        {CANVAS_SUBMISSION: {"new_submission": first, "prioritize_non_tool_grade": teachers_grade_stands}}
    )


def _keep_a_comment(grade: Grade) -> Grade:
    # Moodle wipes the earlier comment when a score comes without one. Nothing about the answers goes in.
    return grade.set_comment("Best score in this lesson so far.")
