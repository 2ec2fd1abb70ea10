"""The help card: who to tell, what to say, whom to call. Anyone may read it, signed in or not.

It is read from the curriculum folder, not from the database: it must stand when nothing else does.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from core.variables import fill, with_defaults
from lessons.blocks import parse_document
from lessons.markup import render
from lessons.scope import read_scope
from people.district_facts import facts_of
from people.models import District

CURRICULUM = Path(__file__).parent.parent / "curriculum"
HEADING = re.compile(r"<p><strong>([^<]+)</strong></p>")


@dataclass(frozen=True, slots=True)
class HelpCard:
    """`html` is safe and complete."""

    title: str
    html: str


def help_card(audience: str, district: District | None) -> HelpCard:
    """For `pupil` or `staff`, with the district's own contacts where there is one and it has given them."""
    card = _cards()[audience]
    facts: Mapping[str, Any] = facts_of(district) if district else {}
    return HelpCard(card.title, fill(card.html, facts, escape=escape))


@cache
def _cards() -> dict[str, HelpCard]:
    scope, _findings = read_scope(CURRICULUM)
    defaults = scope.variables if scope else {}
    document = parse_document(
        (CURRICULUM / "help" / "help.md").read_text(encoding="utf-8"), "curriculum/help/help.md"
    )
    return {block.kind: _card(with_defaults(block.body, defaults)) for block in document.blocks}


def _card(source: str) -> HelpCard:
    written = render(source)
    # A paragraph that is all bold is a heading; our Markdown has no other way to say so.
    return HelpCard(written.title, HEADING.sub(r"<h2>\1</h2>", written.html))
