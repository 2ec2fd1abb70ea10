import pytest

from access.policy import access_for


@pytest.mark.parametrize(
    ("state", "reason", "audience", "mapping", "access"),
    [
        ("complete", "course", "staff", {}, "allow"),
        ("expiring", "agreement", "staff", {}, "allow"),
        ("not_due", "not_open_yet", "staff", {}, "allow"),
        ("not_applicable", "other_audience", "staff", {}, "deny"),
        ("assigned", "returning", "staff", {}, "allow"),
        ("assigned", "first_year", "staff", {}, "allow"),
        ("assigned", "newcomer", "staff", {}, "limited"),
        ("in_progress", "newcomer", "staff", {}, "limited"),
        ("overdue", "newcomer", "staff", {}, "limited"),
        ("overdue", "returning", "staff", {}, "allow"),
        ("assigned", "lapsed", "staff", {}, "limited"),
        ("expired", "never_completed", "staff", {}, "limited"),
        ("expired", "ran_out", "staff", {}, "limited"),
        ("assigned", "newcomer", "pupil", {}, "allow"),
        ("expired", "never_completed", "pupil", {}, "allow"),
        ("expired", "never_completed", "pupil", {"expired": "limited"}, "limited"),
        ("expired", "ran_out", "staff", {"expired": "deny"}, "deny"),
        ("assigned", "newcomer", "staff", {"assigned.newcomer": "allow"}, "allow"),
        ("assigned", "newcomer", "staff", {"assigned": "allow"}, "allow"),
        ("overdue", "returning", "staff", {"overdue": "limited"}, "limited"),
        ("overdue", "returning", "unknown", {}, "allow"),
        ("a_state_to_come", "", "staff", {}, "limited"),
    ],
)
def test_what_a_state_means(
    state: str, reason: str, audience: str, mapping: dict[str, str], access: str
) -> None:
    assert access_for(state, reason, audience, mapping) == access
