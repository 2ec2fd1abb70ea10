"""What each consumer's files look like: their names, and a person's line in each. Pure.

onesync        ClassLink OneSync: a CSV source with fixed columns
rapididentity  RapidIdentity and Clever IDM: attributes for a dynamic role
gam            Google: one address a line for `gam update group ... sync member file`, a file for each access,
               and a CSV with the address and the access
"""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from access.policy import ALLOW, DENY, LIMITED
from core.spreadsheets import harmless
from feeds.listed import Listed

Line = Callable[[Listed], str | None]
"""A person's line; None where the file has nothing to say of them."""

FULL, DELTA = "full", "delta"


@dataclass(frozen=True)
class File:
    """`counted`: whether losing many lines is a reason to hold the files. The list of who is denied may well empty."""

    name: str
    head: str
    line: Line
    counted: bool = True


def csv_line(*cells: str) -> str:
    """UTF-8, LF; a cell that a spreadsheet would run begins with an apostrophe."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow([harmless(cell) for cell in cells])
    return text.getvalue()


def _day(person: Listed) -> str:
    return person.valid_until.isoformat() if person.valid_until else ""


def _onesync(person: Listed) -> str:
    return csv_line(person.sis, person.username, person.email, person.access, person.state, _day(person))


def _rapididentity(person: Listed) -> str:
    return csv_line(
        person.id, person.sis, person.username, person.email, person.access, person.state, _day(person),
        str(person.seq),
    )  # fmt: skip


def _with_access(access: str) -> Line:
    def line(person: Listed) -> str | None:
        wanted = person.access == access and person.email.isprintable()
        return f"{person.email}\n" if wanted and person.email else None

    return line


def _address(person: Listed) -> str | None:
    return csv_line(person.email, person.access) if person.email else None


ONESYNC = csv_line("sourcedId", "username", "email", "access", "state", "valid_until")
RAPIDIDENTITY = csv_line(
    "id", "sourcedId", "username", "email", "ruaAccess", "ruaState", "ruaValidUntil", "seq"
)

SHAPES: Mapping[str, Callable[[str], tuple[File, ...]]] = {
    "onesync": lambda kind: (File(f"onesync_{kind}.csv", ONESYNC, _onesync),),
    "rapididentity": lambda kind: (File(f"rapididentity_{kind}.csv", RAPIDIDENTITY, _rapididentity),),
    # A group is set from a whole list, so of these there are no differences but the CSV's.
    "gam": lambda kind: (
        File(f"gam_{kind}.csv", csv_line("email", "access"), _address),
        *(
            File(f"gam_{access}.txt", "", _with_access(access), counted=access == ALLOW)
            for access in (ALLOW, LIMITED, DENY)
            if kind == FULL
        ),
    ),
}

MOST_LOST = 0.2
FEW = 5
"""Of a file with fewer lines a fifth is nobody's outage."""


def lost_too_much(before: Mapping[str, int], after: Mapping[str, int]) -> list[str]:
    """Names of files that have less than four fifths of the lines they had; {file name: lines}, of counted files."""
    return sorted(
        name
        for name, lines in before.items()
        if lines >= FEW and name in after and after[name] < lines * (1 - MOST_LOST)
    )
