"""Collect the marked texts of every package into its translation files: `make translations`.

A text is marked with `_()`, `ngettext()` or `N_()`, in Python and in templates. What is new stands there untranslated
afterwards, what nobody says any more is gone. The order is that of the source, so that a translator reads pages.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from core.catalogs import LANGUAGES, ROOT, SOURCE, reviewer

KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
KINDS = {".py": "python", ".html": "jinja2.ext:babel_extract"}
NEWSTYLE = {"newstyle_gettext": "true", "silent": "false"}
NOTES = "Translators:"
"""A comment that begins so, right above a text, is copied to the translator."""

HEAD = """\
# What {package} says. Write the msgstr lines; `make translations` does the rest (docs/translating.md).
# Reviewed by: {reviewer}
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: {language}\\n"
"Plural-Forms: {plural_forms}\\n"

"""


def packages() -> list[Path]:
    """Those of ours that speak to people."""
    return sorted(path.parent for path in ROOT.glob("*/translations") if path.is_dir())


def marked(package: Path) -> Catalog:
    """Every marked text of a package, without translations."""
    found = Catalog(fuzzy=False)
    for path in sorted(package.rglob("*")):
        if path.suffix not in KINDS:
            continue
        with path.open("rb") as source:
            for line, text, comments, context in extract(
                KINDS[path.suffix], source, KEYWORDS, [NOTES], NEWSTYLE, strip_comment_tags=True
            ):
                where = (path.relative_to(ROOT).as_posix(), line)
                found.add(text, locations=[where], auto_comments=comments, context=context)
    return found


def read(path: Path, language: str) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale=language)


def untranslated(catalog: Catalog) -> Iterator[str]:
    for message in catalog:
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and not all(texts):
            yield message.id if isinstance(message.id, str) else message.id[0]


def update(package: Path, language: str) -> Catalog:
    """The package's file in this language with today's texts; what stays keeps its translation."""
    path = package / "translations" / f"{language}.po"
    kept = read(path, language) if path.exists() else Catalog(locale=language, fuzzy=False)
    kept.update(marked(package), no_fuzzy_matching=True, update_creation_date=False)
    kept.obsolete.clear()
    return kept


def written(package: Path, language: str, catalog: Catalog) -> bytes:
    """The file. Without line numbers and dates, which would change with every edit of the source."""
    path = package / "translations" / f"{language}.po"
    head = HEAD.format(
        package=package.name,
        reviewer=reviewer(path) if path.exists() else "",
        language=language,
        plural_forms=catalog.plural_forms,
    )
    body = BytesIO()
    write_po(body, catalog, width=110, omit_header=True, include_lineno=False, sort_by_file=True)
    return head.replace(": \n", ":\n").encode() + body.getvalue()


@click.command()
def main() -> None:
    """Bring every translation file up to date; say what has no translation yet."""
    for language in sorted(set(LANGUAGES) - {SOURCE}):
        for package in packages():
            catalog = update(package, language)
            (package / "translations" / f"{language}.po").write_bytes(written(package, language, catalog))
            missing = list(untranslated(catalog))
            click.echo(f"{package.name}: {len(catalog)} texts, {len(missing)} without {LANGUAGES[language]}")
            for text in missing:
                click.echo(f"    {text}")


if __name__ == "__main__":
    main()
