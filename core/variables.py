"""Fill `{{name|default}}` in texts, so that one curriculum serves many districts."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from core.errors import ToolError
from core.messages import N_

PLACE = re.compile(r"\{\{\s*([a-z0-9_]+(?:\.[a-z0-9_]+)*)\s*(?:\|([^{}]*))?\}\}")


class MissingVariable(ToolError):
    """The text names a fact that the district has not given and the author gave no default for."""

    status, code = 500, "missing_variable"
    next_step = N_("Tell your school's help desk: a district setting named in the message is missing.")


def fill(text: str, values: Mapping[str, Any], escape: Callable[[str], str] = str) -> str:
    """The text with every place filled from `values`, else from the default after the bar.

    `escape` is applied to values, not to defaults, which are the author's and already in the text's own form
    (pass `html.escape` for HTML). A list is written with commas; None counts as not given.
    Raises MissingVariable.
    """

    def filled(place: re.Match[str]) -> str:
        name, default = place.group(1), place.group(2)
        value = values.get(name)
        if value is not None:
            return escape(_written(value))
        if default is None:
            raise MissingVariable(
                N_("This text needs the district setting %(name)s, which is not set.", name=name)
            )
        return default.strip()

    return PLACE.sub(filled, text)


def with_defaults(text: str, defaults: Mapping[str, Any]) -> str:
    """The same text, with the default written into every place that has none and for which there is one."""

    def completed(place: re.Match[str]) -> str:
        name, default = place.group(1), place.group(2)
        if default is not None or defaults.get(name) is None:
            return place.group(0)
        return "{{" + name + "|" + _written(defaults[name]) + "}}"

    return PLACE.sub(completed, text)


def _written(value: Any) -> str:
    text = ", ".join(str(each) for each in value) if isinstance(value, (list, tuple)) else str(value)
    return " ".join(text.split())  # a stray line break must not open a new paragraph in an agreement
