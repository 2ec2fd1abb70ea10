"""The translation files: complete, in step with the source, and every word of a page is in them."""

import ast
import re
from pathlib import Path

import pytest
from jinja2 import Environment

from core.catalogs import LANGUAGES, ROOT, SOURCE, is_reviewed
from core.extraction import packages, read, untranslated, update, written

OTHERS = sorted(set(LANGUAGES) - {SOURCE})
PLACE = re.compile(r"%\((\w+)\)[sdf]|%%|%")

each_file = pytest.mark.parametrize("language", OTHERS)
each_package = pytest.mark.parametrize("package", packages(), ids=lambda path: path.name)


def places(text: str) -> list[str]:
    return sorted(found.group(0) for found in PLACE.finditer(text))


@each_file
@each_package
def test_every_marked_text_is_translated_and_no_other_is_kept(package, language):
    path = package / "translations" / f"{language}.po"
    fresh = update(package, language)
    assert list(untranslated(fresh)) == [], "run `make translations` and write what it names"
    assert path.read_bytes() == written(package, language, fresh), "run `make translations`"


@each_file
@each_package
def test_a_translation_fills_in_the_same_places(package, language):
    for message in read(package / "translations" / f"{language}.po", language):
        if not message.id:
            continue
        singular, *plural = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        # A singular may leave its number out ("one grade"), and so may its translation.
        for source, text in zip((singular, *(plural or [singular]) * len(texts)), texts, strict=False):
            assert places(text) == places(source), source
            assert re.findall(r"</?\w+", text) == re.findall(r"</?\w+", source), source
            assert text.strip() == text or source.strip() != source, source


@each_file
def test_a_text_says_the_same_in_every_package(language):
    said: dict[object, object] = {}
    for package in packages():
        for message in read(package / "translations" / f"{language}.po", language):
            if message.id:
                assert said.setdefault(message.id, message.string) == message.string, message.id


def test_nobody_has_reviewed_the_spanish_yet():
    """When somebody has, name them in the head of every file and turn this round."""
    assert not is_reviewed("es") and is_reviewed("en")


# -- nothing is forgotten ----------------------------------------------------------------------------------

WORD = re.compile(r"[A-Za-z]{2,}")
BOTH = {"Language", "/ Idioma", "Language / Idioma"}
"""Said in every language at once, for those who can not read the page they are on."""

SPOKEN_ATTRIBUTE = re.compile(r'\b(?:aria-label|alt|title|placeholder|data-label)="([^"]*)"')


def unmarked(source: str) -> list[str]:
    """Words of a template that no `_()` holds: its text, attributes that are read out, and quoted texts."""
    page, found, before = "", [], ["", ""]  # the last two names and texts
    for _line, kind, value in Environment().lex(source):
        if kind == "data":
            page += value
        elif kind.endswith("_begin"):
            page += "\x00"  # something is filled in here
        elif kind == "string" and before[1] not in ("_", "ngettext") and before[0] != "ngettext":
            text = value[1:-1]
            if re.match(r"[A-Z][a-z ]", text) or (
                " " in text.strip() and WORD.search(text) and "{" not in text
            ):
                found.append(text)
        if kind in ("name", "string"):
            before = [before[1], value]
    page = re.sub(r"<!--.*?-->|<(style|script)\b.*?</\1>", "", page, flags=re.S)
    found += [text for text in SPOKEN_ATTRIBUTE.findall(page) if WORD.search(text)]
    found += [text.strip() for text in re.split(r"<[^>]*>|\x00|&\w+;", page) if WORD.search(text)]
    return [text for text in found if text not in BOTH]


FOR_IT = {
    Path("reminders/templates/reminders/mail.html"),
    Path("reminders/views.py"),
    Path("portal/templates/portal/admin.html"),
    Path("portal/admin_views.py"),
    Path("portal/captive_views.py"),
    Path("people/idempotency.py"),
    Path("people/kept_answers.py"),
    Path("visitors/templates/visitors/desk.html"),
    Path("visitors/templates/visitors/code.html"),
    Path("visitors/desk.py"),
    Path("visitors/office_guard.py"),
    Path("visitors/office_views.py"),
}
"""Pages of the set-up and answers for programs, which speak English, in packages that else speak the reader's
language."""


@pytest.mark.parametrize(
    "template",
    [
        path.relative_to(ROOT)
        for package in packages()
        for path in sorted(package.glob("templates/**/*.html"))
        if path.relative_to(ROOT) not in FOR_IT
    ],
    ids=str,
)
def test_no_page_holds_a_word_that_is_not_marked(template):
    assert unmarked((ROOT / template).read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        path.relative_to(ROOT)
        for package in packages()
        for path in sorted(package.rglob("*.py"))
        if path.relative_to(ROOT) not in FOR_IT
    ],
    ids=str,
)
def test_no_refusal_is_said_in_unmarked_words(source):
    """`raise Something("words")` and `next_step = "words"`; what a command line says may stay English."""
    bare = []
    for node in ast.walk(ast.parse((ROOT / source).read_text())):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and is_ours(node.exc, source):
            bare += [
                ast.unparse(each) for each in node.exc.args if isinstance(each, ast.Constant | ast.JoinedStr)
            ]
        if isinstance(node, ast.Assign) and any(
            getattr(each, "id", "") == "next_step" for each in node.targets
        ):
            bare += [ast.unparse(node)] if isinstance(node.value, ast.Constant | ast.JoinedStr) else []
    assert bare == []


def is_ours(call: ast.Call, source: Path) -> bool:
    """A ToolError, by its name: those that only commands raise and Python's own are told in English."""
    name = getattr(call.func, "id", "")
    return name in tool_errors() and source.name != "cli.py"


def tool_errors() -> set[str]:
    from core.errors import Refused, ToolError

    def below(kind: type) -> set[str]:
        return {kind.__name__}.union(*(below(each) for each in kind.__subclasses__() if each is not Refused))

    return below(ToolError)
