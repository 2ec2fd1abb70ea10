"""The summary of a pack as a page: it prints, and can be read aloud and enlarged, which the PDF can less well."""

from collections.abc import Iterable

from markupsafe import Markup

from proof.page_shells import page
from proof.summary import CONTENTS_TITLE, LAW, LISTED, TO_SIGN, Summary, Table

PAGE = page("summary")


def written(summary: Summary) -> bytes:
    page = PAGE.format(
        title=summary.title, district=summary.district, subject=summary.subject, law=LAW, state=summary.state,
        tables=Markup("").join(_table(each) for each in summary.tables), counted=summary.counted,
        contents_title=CONTENTS_TITLE, listed=LISTED, to_sign=_each("<span>{}</span>", TO_SIGN),
        contents=Markup("").join(Markup("<li>{}: {}</li>").format(*each) for each in summary.contents),
    )  # fmt: skip
    return str(page).encode()


def _table(table: Table) -> Markup:
    rows = [
        Markup("<tr><th scope='row'>{}</th>{}</tr>").format(head, _each("<td>{}</td>", cells))
        for head, *cells in table.rows
    ]
    return Markup("<h2>{}</h2>\n<table><thead><tr>{}</tr></thead>\n<tbody>{}</tbody></table>\n").format(
        table.title, _each('<th scope="col">{}</th>', table.heads), Markup("").join(rows)
    )


def _each(shell: str, words: Iterable[str]) -> Markup:
    return Markup("").join(Markup(shell).format(each) for each in words)  # noqa: S704  # shells of this file
