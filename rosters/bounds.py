"""How large a roster may be, and how it is refused: whole, with every reason that fits on a screen."""

from dataclasses import dataclass, field

from core.errors import Refused
from core.spreadsheets import harmless

LARGEST_FILE = 200_000_000
"""Bytes of the file as it comes."""
LARGEST_PART = 500_000_000
"""Bytes of one file of the zip, unpacked. It is read as a stream, so this costs time, not memory."""
HIGHEST_RATIO = 100
"""Unpacked to packed; a roster shrinks to a tenth or twentieth."""
MOST_FILES = 50
"""Files in the zip; OneRoster knows some twenty."""
MOST_ROWS = 500_000
"""Rows of one file: no district has more people."""
LONGEST_LINE = 20_000
"""Bytes of one line. What OneRoster lists of a person fits many times."""
LONGEST_FIELD = 2_000
"""Characters of one field."""
MOST_SHOWN = 100
"""Errors that are shown; the others are counted."""
LONGEST_ECHO = 40
"""Characters of somebody's cell that an error repeats."""


@dataclass(frozen=True)
class RowError:
    """What is wrong with one row. `line` is 1 for the head of the file, 0 where it is about the file as a whole."""

    file: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.words}" if self.line else f"{self.file}: {self.words}"


@dataclass
class Errors:
    """Errors as they are found: the first hundred kept, all counted."""

    shown: list[RowError] = field(default_factory=list)
    count: int = 0

    def add(self, file: str, line: int, words: str) -> None:
        self.count += 1
        if len(self.shown) < MOST_SHOWN:
            self.shown.append(RowError(file, line, words))


class RosterRefused(Refused):
    """The file can not be taken, and nothing of it was. `errors` names the rows, at most MOST_SHOWN of them."""

    code = "roster_refused"

    def __init__(self, message: str, errors: Errors | None = None) -> None:
        self.errors = errors or Errors()
        lines = [message, *(f"  {each}" for each in self.errors.shown)]
        more = self.errors.count - len(self.errors.shown)
        if more > 0:
            lines.append(f"  and {more} more")
        super().__init__("\n".join(lines))


def echo(cell: str) -> str:
    """Enough of a cell to find it by, on one line, and never one that a spreadsheet would run."""
    plain = "".join(each if each.isprintable() else " " for each in cell[:LONGEST_ECHO])
    return f'"{harmless(plain)}{"..." if len(cell) > LONGEST_ECHO else ""}"'
