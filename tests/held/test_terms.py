"""Terms: as written, as compared, as counted; and the bounds within which a district may choose."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from core.database import db
from held.kinds import KINDS
from held.schedule import NoSuchKind, OutOfBounds, set_term, terms_of
from held.terms import OddTerm, Term, is_shorter, read_term
from people.audit import COMMAND
from people.audit_models import AuditEntry

PACIFIC = "America/Los_Angeles"

terms = st.one_of(
    st.builds(Term, st.integers(0, 9999), st.just("d")), st.builds(Term, st.integers(0, 60), st.just("y"))
)
instants = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1)).map(
    lambda naive: naive.replace(tzinfo=UTC)
)


@given(terms)
def test_a_term_reads_as_it_is_written(term):
    assert read_term(str(term)) == term


@pytest.mark.parametrize("text", ["", "90", "d", "-1d", "1.5y", "01d", "90 days", "101y", "99999d", "6Y"])
def test_what_is_no_term_is_refused(text):
    with pytest.raises(OddTerm):
        read_term(text)


@given(terms, terms, instants)
def test_what_is_not_shorter_is_never_over_before(one, other, instant):
    """So a floor holds from whatever day a term is counted."""
    if not is_shorter(one, other):
        assert one.after(instant, PACIFIC).date() >= other.after(instant, PACIFIC).date()


@pytest.mark.parametrize(
    ("term", "start", "end"),
    [
        ("90d", "2027-09-01T00:00-07:00", "2027-11-30T00:00-08:00"),
        ("1y", "2027-09-01T00:00-07:00", "2028-09-01T00:00-07:00"),
        ("1y", "2028-02-29T12:00-08:00", "2029-03-01T12:00-08:00"),
        ("0d", "2027-09-01T00:00-07:00", "2027-09-01T00:00-07:00"),
    ],
)
def test_a_term_is_counted_as_a_wall_clock_shows_it(term, start, end):
    assert read_term(term).after(datetime.fromisoformat(start), PACIFIC) == datetime.fromisoformat(end)


def test_every_default_lies_within_its_own_bounds():
    for kind in KINDS.values():
        assert not is_shorter(kind.default, kind.least) and not is_shorter(kind.most, kind.default)


def test_a_district_chooses_within_bounds_and_the_choice_is_audited(district):
    assert str(terms_of(district.id)["staff_evidence"]) == "6y"
    assert [str(each) for each in set_term(district, "staff_evidence", "7y", COMMAND)] == ["6y", "7y"]
    assert str(terms_of(district.id)["staff_evidence"]) == "7y"
    set_term(district, "staff_evidence", "7y", COMMAND)
    entries = db.scalars(sa.select(AuditEntry)).all()
    assert [(each.action, each.subject, each.detail) for each in entries] == [
        ("retention_set", "retention:staff_evidence", {"before": "6y", "after": "7y"})
    ]


@pytest.mark.parametrize(
    ("kind", "term"),
    [
        ("staff_evidence", "2y"),
        ("staff_evidence", "1095d"),
        ("quiz_answers", "2y"),
        ("pupil_records", "89d"),
        ("pupil_records", "7y"),
        ("deliveries", "9y"),
        ("disclosures", "5y"),
        ("bundles", "0d"),
    ],
)
def test_what_the_law_does_not_allow_is_refused(district, kind, term):
    with pytest.raises(OutOfBounds):
        set_term(district, kind, term, COMMAND)
    assert terms_of(district.id)[kind] == KINDS[kind].default


def test_an_unknown_kind_is_refused(district):
    with pytest.raises(NoSuchKind):
        set_term(district, "audit", "1y", COMMAND)
