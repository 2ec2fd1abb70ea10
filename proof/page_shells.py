"""The pages in a pack: written out as files, so they carry their own style and need nothing of the running tool.

They are filled by format and not by the template engine of the web pages, which a worker's threads do not have.
"""

from pathlib import Path

from markupsafe import Markup

FOLDER = Path(__file__).parent / "pages"


def page(name: str) -> Markup:
    """With {places} for `format`, which escapes what is put into them. .htm, for it is no template."""
    return Markup((FOLDER / f"{name}.htm").read_text(encoding="utf-8"))  # noqa: S704  # our own file
