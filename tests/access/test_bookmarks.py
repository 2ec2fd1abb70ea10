"""Cursors, deltas and places come back as they went out, and nobody else's opens anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.bookmarks import (
    Bookmarks,
    CompletionFilters,
    Cursor,
    Delta,
    DeltaExpired,
    Filters,
    OddCursor,
    Place,
)

SECRET = "a secret key of forty characters or more."
NUMBERS = st.integers(0, 2**62)
KEYS = st.none() | st.text(max_size=40)
FILTERS = st.builds(Filters, KEYS, KEYS)
CURSORS = st.builds(Cursor, FILTERS, NUMBERS, st.text(max_size=40), NUMBERS)
PLACES = st.builds(Place, st.builds(CompletionFilters, KEYS, KEYS, KEYS, KEYS), NUMBERS)
DISTRICTS = st.integers(1, 2**31)


@given(DISTRICTS, CURSORS)
def test_a_cursor_comes_back(district, cursor):
    ours = Bookmarks(SECRET, district)
    assert ours.read_cursor(ours.cursor(cursor)) == cursor


@given(DISTRICTS, PLACES)
def test_a_place_comes_back(district, place):
    ours = Bookmarks(SECRET, district)
    assert ours.read_place(ours.place(place)) == place


@given(DISTRICTS, FILTERS, NUMBERS, st.integers(0, 1000))
def test_a_delta_comes_back_unless_the_log_ends_before_it(district, filters, seq, more):
    ours, delta = Bookmarks(SECRET, district), Delta(filters, seq)
    assert ours.read_delta(ours.delta(delta), seq + more) == delta
    with pytest.raises(DeltaExpired):
        ours.read_delta(ours.delta(delta), seq - 1)


@given(CURSORS, PLACES)
def test_another_district_another_key_and_another_kind_open_nothing(cursor, place):
    ours = Bookmarks(SECRET, 1)
    text, placed = ours.cursor(cursor), ours.place(place)
    for reader in (Bookmarks(SECRET, 2), Bookmarks(SECRET[::-1], 1)):
        with pytest.raises(OddCursor):
            reader.read_cursor(text)
        with pytest.raises(OddCursor):
            reader.read_place(placed)
    with pytest.raises(OddCursor):
        ours.read_cursor(placed)
    with pytest.raises(OddCursor):
        ours.read_place(text)
    with pytest.raises(DeltaExpired):
        ours.read_delta(text, 2**63)


@given(CURSORS, st.data())
def test_a_letter_changed_is_noticed(cursor, data):
    text = Bookmarks(SECRET, 1).cursor(cursor)
    # The last letter of base64 holds bits that nobody reads.
    at = data.draw(st.integers(0, len(text) - 2))
    letter = data.draw(st.sampled_from("abcXYZ019-_.").filter(lambda each: each != text[at]))
    with pytest.raises(OddCursor):
        Bookmarks(SECRET, 1).read_cursor(text[:at] + letter + text[at + 1 :])


@given(st.text(max_size=200))
def test_any_text_is_refused_and_breaks_nothing(text):
    ours = Bookmarks(SECRET, 1)
    with pytest.raises(OddCursor):
        ours.read_cursor(text)
    with pytest.raises(OddCursor):
        ours.read_place(text)
    with pytest.raises(DeltaExpired):
        ours.read_delta(text, 0)
