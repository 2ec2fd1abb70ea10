"""YAML as our authors write it: plain values, and the line each one stands on.

Less than all of YAML on purpose. Only text, whole numbers, decimals, true/false and null are read; `yes`,
`no` and dates stay text, a key may stand once, and anchors, aliases and tags are refused.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from lessons.findings import Finding, UnreadableSource

Path = tuple[str | int, ...]

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml reads the plan ten times as fast
DEEPEST = 20  # far more than any file of ours; keeps a hostile one from exhausting the stack
WHOLE_NUMBER = re.compile(r"[-+]?\d{1,9}")
DECIMAL = re.compile(r"[-+]?\d{1,9}\.\d{1,9}")


@dataclass(frozen=True)
class Marked:
    """A value read from YAML and where its parts stand: `line("items", 2, "stem")`."""

    value: Any
    file: str
    lines: dict[Path, int] = field(repr=False)

    def line(self, *path: str | int) -> int:
        """The line of that part, or of the nearest part around it that was written."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(text: str, file: str, first_line: int = 1) -> Marked:
    """Raises UnreadableSource (rule F1). `first_line` is where `text` begins in its file."""
    lines: dict[Path, int] = {}
    try:
        _refuse_the_rest_of_yaml(text, file, first_line)
        node = yaml.compose(text, Loader=LOADER)
        value = None if node is None else _value(node, (), lines, file, first_line)
    except yaml.MarkedYAMLError as error:
        # A quote or bracket that is never closed is a problem further on; its beginning is what helps.
        unclosed = error.context_mark if re.search("scanning|flow", error.context or "") else None
        mark = unclosed or error.problem_mark
        line = mark.line if mark else 0
        raise UnreadableSource(
            Finding(file, first_line + line, "F1", f"not YAML: {error.problem}")
        ) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        reason = " ".join(str(error).split()) or "nested too deeply"
        raise UnreadableSource(Finding(file, first_line, "F1", f"not YAML: {reason}")) from error
    return Marked(value, file, lines)


def _refuse_the_rest_of_yaml(text: str, file: str, first_line: int) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        line = first_line + (event.start_mark.line if event.start_mark else 0)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if getattr(event, "anchor", None) is not None:
            raise UnreadableSource(
                Finding(file, line, "F1", "write it out: anchors and aliases are not read")
            )
        if getattr(event, "tag", None) is not None:
            raise UnreadableSource(Finding(file, line, "F1", "write it plainly: tags (!...) are not read"))
        if depth > DEEPEST:
            raise UnreadableSource(Finding(file, line, "F1", "nested too deeply"))


def _value(node: yaml.Node, path: Path, lines: dict[Path, int], file: str, first_line: int) -> Any:
    lines[path] = first_line + node.start_mark.line
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key, line = _key(key_node, mapping, file, first_line)
            mapping[key] = _value(value_node, (*path, key), lines, file, first_line)
            lines[(*path, key)] = line
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_value(each, (*path, i), lines, file, first_line) for i, each in enumerate(node.value)]
    return _scalar(node)


def _key(node: yaml.Node, mapping: dict[str, Any], file: str, first_line: int) -> tuple[str, int]:
    line = first_line + node.start_mark.line
    if not isinstance(node, yaml.ScalarNode):
        raise UnreadableSource(Finding(file, line, "F1", "a key must be a word"))
    if node.value in mapping:
        raise UnreadableSource(Finding(file, line, "F1", f"{node.value!r} stands twice"))
    return str(node.value), line


def _scalar(node: Any) -> Any:
    written = str(node.value)
    if node.style:  # quoted or block text is text
        return written
    if written.lower() in ("true", "false"):
        return written.lower() == "true"
    if written in ("", "~", "null"):
        return None
    if WHOLE_NUMBER.fullmatch(written):
        return int(written)
    return float(written) if DECIMAL.fullmatch(written) else written
