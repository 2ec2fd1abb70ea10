"""The translations as people keep them: `<package>/translations/<language>.po`, read once per process.

They are compiled in memory, so a clean clone needs no step by hand and no compiled file can be out of date.
"""

import re
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

ROOT = Path(__file__).parents[1]

SOURCE = "en"
"""The language the texts are written in; it needs no file."""

LANGUAGES = {"en": "English", "es": "Español"}
"""{tag: its own name}. A language is here when all of its files are complete; a test says which texts are missing."""

_REVIEWER = re.compile(r"^# Reviewed by: *(.*)$", re.M)


def files(language: str) -> list[Path]:
    return sorted(ROOT.glob(f"*/translations/{language}.po"))


@cache
def catalog(language: str) -> NullTranslations:
    """Every package's texts in one language; English answers with the text it is asked for."""
    if language == SOURCE:
        return NullTranslations()
    together = Translations()
    for path in files(language):
        compiled = BytesIO()
        with path.open("rb") as source:
            write_mo(compiled, read_po(source, locale=language))
        compiled.seek(0)
        part = Translations(compiled)
        together.merge(part)
        together.plural = part.plural  # merge() forgets it
    return together


@cache
def is_reviewed(language: str) -> bool:
    """Whether somebody who speaks the language stands by it: each file names them in its head."""
    if language == SOURCE:
        return True
    return all(reviewer(path) for path in files(language))


def reviewer(path: Path) -> str:
    """Who has read a file and answers for it; "" while nobody has."""
    found = _REVIEWER.search(path.read_text("utf-8"))
    return found.group(1).strip() if found else ""
