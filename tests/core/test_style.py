"""The stylesheet keeps the promises it opens with."""

import re
from pathlib import Path

STYLE = Path(__file__).parents[2] / "core" / "static" / "core" / "style.css"
WITHOUT_COMMENTS = re.sub(r"/\*.*?\*/", "", STYLE.read_text(), flags=re.S)


def test_the_one_stylesheet_stays_under_20_kb():
    assert STYLE.stat().st_size < 20 * 1024


def test_every_block_that_opens_closes():
    """A stray brace swallows the rule after it, which nothing else would show."""
    depth = 0
    for line in WITHOUT_COMMENTS.splitlines():
        depth += line.count("{") - line.count("}")
        assert depth >= 0, line
    assert depth == 0


def test_colors_stand_in_the_tokens_and_nowhere_else():
    """The dimmed page behind a dialog is the one exception."""
    rules = [
        line
        for line in WITHOUT_COMMENTS.splitlines()
        if "--" not in line.split(":")[0] and "dialog::" not in line
    ]
    assert [
        line
        for line in rules
        if re.search(r"(?<!-)\b(color|background|border[a-z-]*):[^;]*#[0-9a-f]{3}", line)
    ] == []


def test_nothing_is_fetched_from_anywhere():
    assert "url(" not in WITHOUT_COMMENTS and "@import" not in WITHOUT_COMMENTS
