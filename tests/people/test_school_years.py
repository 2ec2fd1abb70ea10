"""School years: district data, half-open, across summer time."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from core.database import db
from people.models import District, SchoolYear
from people.school_years import boundaries, current_school_year, ensure_school_year, open_school_years


@pytest.mark.parametrize(
    ("at", "name", "starts", "ends"),
    [
        ("2026-11-23T00:00+00:00", "2026-27", "2026-09-01T07:00+00:00", "2027-09-01T07:00+00:00"),
        ("2026-09-01T06:59+00:00", "2025-26", "2025-09-01T07:00+00:00", "2026-09-01T07:00+00:00"),
        ("2026-09-01T07:00+00:00", "2026-27", "2026-09-01T07:00+00:00", "2027-09-01T07:00+00:00"),
    ],
)
def test_a_year_begins_at_local_midnight(at, name, starts, ends):
    found = boundaries(datetime.fromisoformat(at), "America/Los_Angeles", 9, 1)
    assert found[0] == name
    assert [each.astimezone(UTC).isoformat(timespec="minutes") for each in found[1:]] == [starts, ends]


@given(
    at=st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),
    timezone=st.sampled_from(["America/Los_Angeles", "Pacific/Honolulu", "America/New_York", "Pacific/Guam"]),
    month=st.integers(1, 12),
)
def test_every_instant_is_in_exactly_one_year(at, timezone, month):
    _, starts, ends = boundaries(at, timezone, month, 1)
    assert starts <= at < ends
    _, _, previous_ends = boundaries(starts - timedelta(seconds=1), timezone, month, 1)
    assert previous_ends == starts


def test_asking_twice_makes_one_year(district):
    assert (
        ensure_school_year(district).id
        == ensure_school_year(district).id
        == current_school_year(district.id).id
    )


def test_at_the_turn_each_district_opens_its_year_by_itself(district):
    """A host of many: whoever launches in one waits for none of the others."""
    others = [
        District(slug="fir", name="Fir", timezone="Pacific/Honolulu", email_domains=[], year_starts_month=7),
        District(slug="oak", name="Oak", timezone="America/New_York", email_domains=[]),
    ]
    db.add_all(others)
    ensure_school_year(district)
    db.commit()
    everybody = {each.id for each in (district, *others)}
    ends = []

    def note(connection) -> None:
        ends.append(connection)

    sa.event.listen(db.get_bind(), "commit", note)
    try:
        assert open_school_years() == 2
        assert len(ends) == 2
        assert open_school_years() == 0, "nothing is left to open"
    finally:
        sa.event.remove(db.get_bind(), "commit", note)
    assert set(db.scalars(sa.select(SchoolYear.district_id))) == everybody
