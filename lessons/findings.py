"""What the linter says about a file: where, which rule, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """`file` begins with the curriculum folder's name, `line` counts from 1, `rule` is one of RULES."""

    file: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule} {self.message}"


class UnreadableSource(Exception):
    """A file does not have the form it must have; carries the one finding that says where and why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(set(findings))
