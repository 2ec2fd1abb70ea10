"""An agreement as pages show it: its sections, rendered. The text is ours, and still no HTML of it gets through."""

from dataclasses import dataclass

from markdown_it import MarkdownIt
from markupsafe import Markup

_markdown = MarkdownIt("commonmark", {"html": False}).disable(["link", "image", "autolink"])


@dataclass(frozen=True)
class Section:
    title: str
    html: Markup


def sections(body: str) -> list[Section]:
    """One section for each line of `## `; what stands before the first has no title."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for line in body.splitlines():
        if line.startswith("## "):
            found.append((line.removeprefix("## ").strip(), []))
        else:
            found[-1][1].append(line)
    return [
        # markdown-it escapes what it does not render, which is what makes Markup true here.
        Section(title, Markup(_markdown.render("\n".join(lines))))  # noqa: S704
        for title, lines in found
        if title or any(line.strip() for line in lines)
    ]
