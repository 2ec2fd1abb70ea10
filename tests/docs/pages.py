"""The documentation as these tests read it: pages, their fenced blocks, and their tables."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
FENCE = re.compile(r"^[ ]*```(\w*)\n(.*?)^[ ]*```[ ]*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Fenced:
    """One ``` block: the page it stands on, the word behind the opening fence, and what is in it."""

    page: str
    kind: str
    text: str


def fenced() -> list[Fenced]:
    return [
        Fenced(page.name, found.group(1), found.group(2))
        for page in PAGES
        for found in FENCE.finditer(page.read_text())
    ]


def table_rows(page: str) -> list[list[str]]:
    """The cells of every table line of docs/`page`, heads and rules of tables left out."""
    lines = FENCE.sub("", (ROOT / "docs" / page).read_text()).splitlines()
    tables = [line.strip() for line in lines if line.strip().startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in tables]
    rules = {at for at, row in enumerate(cells) if all(re.fullmatch(r":?-+:?", cell) for cell in row)}
    return [row for at, row in enumerate(cells) if at not in rules and at + 1 not in rules]
