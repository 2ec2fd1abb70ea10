"""Rules by chance: how far an office sees, what a share says, and what a chart draws."""

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from oversight.charts import Bar, Point, Stack, bars, lines, stacks
from oversight.coverage import Share
from oversight.sight import NOBODY, sight_by
from people.office_models import OFFICES

held = st.frozensets(
    st.one_of(
        st.tuples(st.sampled_from([each for each in OFFICES if each != "school"]), st.none()),
        st.tuples(st.just("school"), st.integers(1, 5)),
    )
)
words = st.text(st.characters(exclude_categories=("C",)), min_size=1, max_size=60)
numbers = st.integers(0, 10_000)


@given(held)
def test_only_the_district_and_schools_see_pupils(offices):
    names = {office for office, _ in offices}
    sight = sight_by(set(offices))
    own = frozenset(building for _, building in offices if building is not None)
    assert sight.pupils == (None if "district" in names else own)
    assert sight.staff == (None if names & {"district", "hr"} else own)
    assert sight.access == bool(names & {"district", "it"})
    assert sight.anything == bool(names - {"privacy"})


@given(held, held)
def test_another_office_never_takes_sight_away(some, more):
    def reaches(wide, narrow):
        return wide is None or (narrow is not None and narrow <= wide)

    few, many = sight_by(set(some)), sight_by(set(some | more))
    assert reaches(many.pupils, few.pupils) and reaches(many.staff, few.staff)
    assert many.access >= few.access
    assert sight_by(set()).pupils == NOBODY


@given(numbers, numbers)
def test_a_share_says_all_only_of_all_and_none_only_of_none(enrolled, missing):
    share = Share(enrolled + missing, enrolled)
    assert 0 <= share.percent <= 100
    assert (share.percent == 100) == (missing == 0 and enrolled > 0)
    assert (share.percent == 0) == (enrolled == 0)


def drawn(chart):
    """The SVG, read as XML: whatever a label holds, it stays text."""
    return ElementTree.fromstring(str(chart))


@given(words, st.lists(st.tuples(words, numbers, numbers), max_size=6))
def test_bars_stay_on_their_tracks_and_say_their_labels(title, rows):
    chart = drawn(bars("b", title, "what it says", [Bar(label, a, a + b, "said") for label, a, b in rows]))
    assert chart.find("title").text == title and chart.get("aria-labelledby") == "b-title b-desc"
    for rect in chart.iter("rect"):
        assert 0 <= float(rect.get("width").rstrip("%")) <= 100
    assert len(chart.findall("text")) == 2 * len(rows)


@given(st.lists(st.lists(numbers, min_size=3, max_size=3), max_size=6))
def test_the_parts_of_a_stack_fill_it_side_by_side(rows):
    series = ("done", "part", "late")
    chart = drawn(stacks("s", "t", "d", series, [Stack("row", tuple(row), "said") for row in rows]))
    by_line: dict[str, list[tuple[float, float]]] = {}
    for rect in chart.findall("rect"):
        if rect.get("class") != "track":
            place = float(rect.get("x").rstrip("%")), float(rect.get("width").rstrip("%"))
            by_line.setdefault(rect.get("y"), []).append(place)
    assert len(by_line) == sum(any(row) for row in rows)
    for parts in by_line.values():
        assert abs(sum(width for _, width in parts) - 100) < 0.01
        ends = [begin + width for begin, width in parts]
        assert all(abs(end - begin) < 0.01 for end, (begin, _) in zip(ends, parts[1:], strict=False))


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 100), st.integers(0, 100)), max_size=30))
def test_a_line_stays_inside_its_plot(points):
    chart = drawn(lines("l", "t", "d", ("part", "late"), [Point(at, (a, b)) for at, a, b in sorted(points)]))
    for run in chart.findall("line[@x1]"):
        for name in ("x1", "x2"):
            assert 0 <= float(re.sub(r"[^\d.]", "", run.get(name))) <= 100
        for name in ("y1", "y2"):
            assert 1 <= float(run.get(name).removesuffix("em")) <= 12
