"""Our small Markdown: paragraphs, bold, emphasis, lists and quotes. It becomes safe HTML and plain words.

Links, pictures, raw HTML and headings are not read at all; what looks like one stays visible text, which the
linter then refuses (L7). nh3 cleans what is left, so that nothing depends on one library being right.
"""

import html
import re
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote"}
TITLE = re.compile(r"### (.+)")

# "zero" reads paragraphs only; each thing our authors may use is switched on by name.
_markdown = MarkdownIt("zero", {"html": False}).enable(
    ["list", "blockquote", "emphasis", "newline", "escape", "entity"]
)


@dataclass(frozen=True)
class Rendered:
    """`title` is the optional `### Short title` on the first line, plain; `html` and `text` are the rest."""

    title: str
    html: str
    text: str


def render(source: str) -> Rendered:
    """Never raises; any text gives safe HTML."""
    first, _, rest = source.partition("\n")
    match = TITLE.fullmatch(first.strip())
    title, body = (match.group(1).strip(), rest) if match else ("", source)
    rendered = nh3.clean(_markdown.render(body), tags=TAGS, attributes={"ol": {"start"}}).strip()
    return Rendered(title, rendered, words_of(rendered))


def words_of(rendered: str) -> str:
    """The words of safe HTML, one line per paragraph or list entry."""
    bare = html.unescape(nh3.clean(rendered, tags=set()))
    lines = (" ".join(line.split()) for line in bare.split("\n"))
    return "\n".join(line for line in lines if line)
