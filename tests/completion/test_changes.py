"""What changed between two texts: nothing is lost on either side, and it reads in whole phrases."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from completion.changes import ADDED, REMOVED, SAME, Run, changed_sections, word_runs

WORDS = st.lists(
    st.sampled_from(["never", "share", "your", "password", "a", "device", "\n", "-"]), max_size=30
)


@given(WORDS, WORDS)
def test_both_texts_stand_in_the_runs_to_the_byte(old, new):
    was, now = " ".join(old), " ".join(new)
    runs = list(word_runs(was, now))
    assert "".join(run.words for run in runs if run.kind != ADDED) == was
    assert "".join(run.words for run in runs if run.kind != REMOVED) == now
    assert all(run.words for run in runs)
    assert all(one.kind != two.kind for one, two in itertools.pairwise(runs))


@given(WORDS)
def test_a_text_has_not_changed_against_itself(words):
    text = " ".join(words)
    assert all(run.kind == SAME for run in word_runs(text, text))


def test_neighbouring_changed_words_read_as_one_phrase():
    runs = list(word_runs("Never lend your old key to them.", "Never lend a new badge to them."))
    assert runs == [
        Run(SAME, "Never lend "),
        Run(REMOVED, "your old key"),
        Run(ADDED, "a new badge"),
        Run(SAME, " to them."),
    ]


def test_sections_are_the_same_changed_new_or_gone_in_the_order_of_the_new_text():
    old = "# T\n\nVersion 1\n\n## A\n\nOne.\n\n## B\n\nTwo.\n\n## C\n\nThree.\n"
    new = "# T\n\nVersion 2\n\n## A\n\nOne.\n\n## C\n\nThree more.\n\n## D\n\nFour.\n"
    found = [(each.title, each.kind) for each in changed_sections(old, new)]
    assert found == [("", "changed"), ("A", SAME), ("B", REMOVED), ("C", "changed"), ("D", ADDED)]


def test_a_title_that_stands_twice_hides_nothing():
    old, new = "## A\n\none\n\n## A\n\ntwo\n", "## A\n\none\n\n## A\n\nthree\n"
    found = changed_sections(old, new)
    assert [(each.title, each.kind) for each in found] == [("", SAME), ("A", SAME), ("A", "changed")]
