"""Who is at the other end of a tab."""

from people.school_years import boundaries
from datetime import UTC, datetime


def test_a_year_is_named_by_its_two_halves():
    name, starts, ends = boundaries(datetime(2026, 11, 23, tzinfo=UTC), "America/Los_Angeles", 9, 1)
    assert name == "2026-27"
    assert starts.astimezone(UTC) == datetime(2026, 9, 1, 7, tzinfo=UTC)
    assert ends.astimezone(UTC) == datetime(2027, 9, 1, 7, tzinfo=UTC)


def test_healthz(client, signed_in):
    b = signed_in()
    assert b.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
