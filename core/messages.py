"""Texts for people, written in English where they are needed and said in the reader's language at the edge.

This module knows nothing of the web, so that rules and tables may word what they find; core.language translates.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any


class Message(str):
    """English, and how it was made: logs, programs and commands read the text, a page translates the template.

    Made by `N_("Wait %(minutes)s minutes.", minutes=5)`; a value may be a Message itself. The template must stand in
    the call literally, or `make translations` does not find it.
    """

    __slots__ = ("template", "values")

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> "Message":
        made = super().__new__(cls, str(template) % values if values else template)
        made.template, made.values = str(template), values
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return (_made_again, (self.template, self.values))


def N_(template: str, /, **values: Any) -> str:
    """Mark a text for translation where no page is made yet."""
    return Message(template, **values)


def _made_again(template: str, values: dict[str, Any]) -> Message:
    return Message(template, **values)


def recognise(text: str, templates: Iterable[str]) -> str:
    """A text that was stored in English, as the Message it once was; as it stands if none of `templates` made it."""
    for template in templates:
        if found := _pattern(str(template)).fullmatch(text):
            return Message(str(template), **found.groupdict())
    return text


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"%\((\w+)\)s", template)
    if len(parts) > 1:  # filling in has made one of each %%
        parts[::2] = [part.replace("%%", "%") for part in parts[::2]]
    written = [re.escape(part) if n % 2 == 0 else f"(?P<{part}>.+?)" for n, part in enumerate(parts)]
    return re.compile("".join(written))
