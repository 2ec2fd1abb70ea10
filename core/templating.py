"""Templates, compiled once for each language we speak.

A page is mostly texts that are the same for everybody who reads one language. Looked up at each request they cost
more than the rest of the page, so `_("Start")` becomes plain text when the template is compiled, and each language
has a compiled template of its own. A text that takes values is looked up when it is shown.
"""

from collections.abc import Iterator, MutableMapping
from typing import Any

from flask import Flask
from jinja2 import BaseLoader, Environment, Template
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from core.language import _, language

MARKED = ("name", "lparen", "string", "rparen")
"""The tokens of `_("Start")`."""


class WordsInPlace(Extension):
    """Puts the words of the language spoken while a template is compiled in the place of their marks."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        waiting: list[Token] = []
        for token in stream:
            if token.type == "name" or token.type != MARKED[len(waiting)]:
                yield from waiting
                waiting = []
            if waiting or (token.type == "name" and token.value == "_"):
                waiting.append(token)
            else:
                yield token
            if len(waiting) == len(MARKED):
                yield from _in_place(waiting[2])
                waiting = []
        yield from waiting


def _in_place(text: Token) -> Iterator[Token]:
    """`("Empezar"|safe)`, which is what newstyle gettext returns: safe, and %% says %."""
    said = _(text.value) % {}
    for kind, value in (("lparen", "("), ("string", said), ("pipe", "|"), ("name", "safe"), ("rparen", ")")):
        yield Token(text.lineno, kind, value)


class PerLanguage(BaseLoader):
    """Keeps what another loader loads, one for each language."""

    def __init__(self, loader: BaseLoader) -> None:
        self._loader = loader
        self._kept: dict[tuple[str, str], Template] = {}

    def load(
        self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        key = (language(), name)
        template = self._kept.get(key)
        if template is None or (environment.auto_reload and not template.is_up_to_date):
            # The plain dict, not the layers Jinja puts over it, which are copied key by key for each part of a page.
            self._kept[key] = template = self._loader.load(environment, name, environment.globals)
        return template

    def list_templates(self) -> list[str]:
        return self._loader.list_templates()


def set_up_templates(app: Flask) -> None:
    """Before anything asks for `app.jinja_env`."""
    app.jinja_options = {**app.jinja_options, "cache_size": 0}  # PerLanguage keeps them
    app.jinja_env.add_extension(WordsInPlace)
    assert app.jinja_env.loader is not None  # Flask's, of the application and every package
    app.jinja_env.loader = PerLanguage(app.jinja_env.loader)
