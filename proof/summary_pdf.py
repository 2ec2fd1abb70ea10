"""The summary of a pack as a PDF, for files that take nothing else.

The same summary is the same bytes: it is dated by its figures and not by the clock, has no id made by chance, and is
not compressed, since two versions of zlib may differ (the zip compresses it). Letters are those of Latin-1, in the
fonts every reader has.
"""

import io

from markupsafe import escape
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    KeepTogether,
    ListFlowable,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    TableStyle,
)
from reportlab.platypus import Table as Grid

from proof.summary import CONTENTS_TITLE, LAW, LISTED, TO_SIGN, Summary, Table

INK, RULE = HexColor(0x111111), HexColor(0x999999)
MARGIN, PADDING = 20 * mm, 6
"""The frame of a page pads what stands in it; margins are so much less."""
WIDTH = letter[0] - 2 * MARGIN
NUMBERS = 31 * mm
"""The width of each column but the first, which takes what is left."""
TEXT = ParagraphStyle("text", fontName="Helvetica", fontSize=10, leading=14, textColor=INK, spaceAfter=6)
STRONG = ParagraphStyle("strong", TEXT, fontName="Helvetica-Bold", spaceAfter=0)
TITLE = ParagraphStyle("title", STRONG, fontSize=17, leading=21, spaceAfter=4)
HEADING = ParagraphStyle("heading", STRONG, fontSize=12, leading=15, spaceBefore=14, spaceAfter=4)
CELL = ParagraphStyle("cell", TEXT, leading=12, spaceAfter=0)
ROW_HEAD = ParagraphStyle("row head", CELL, fontName="Helvetica-Bold")
HEAD = ParagraphStyle("head", ROW_HEAD, alignment=TA_RIGHT)
SMALL = ParagraphStyle("small", CELL, fontSize=8.5)
OUTLINE = {TITLE.name: 0, HEADING.name: 1}
"""The level of each heading among a reader's bookmarks."""
GRID = TableStyle(
    [
        ("FONT", (1, 1), (-1, -1), CELL.fontName, CELL.fontSize, CELL.leading),
        ("TEXTCOLOR", (0, 0), (-1, -1), INK),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("VALIGN", (0, 1), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, RULE),
        ("LINEBELOW", (0, 0), (-1, 0), 1, INK),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
    ]
)


def written(summary: Summary) -> bytes:
    """Twice: how many pages there are is known at the end, and stands at the foot of each."""
    return _Paper(summary, pages=_Paper(summary, pages=0).pages).data


class _Paper(SimpleDocTemplate):
    """Letter size, with a foot on each page and bookmarks for the headings."""

    def __init__(self, summary: Summary, *, pages: int) -> None:
        out = io.BytesIO()
        super().__init__(
            out, pagesize=letter, leftMargin=MARGIN - PADDING, rightMargin=MARGIN - PADDING,
            topMargin=MARGIN - PADDING, bottomMargin=MARGIN - PADDING,
            title=f"{summary.title}: {summary.subject}", author=summary.district, subject=LAW,
            creator="Evidence pack", lang="en", displayDocTitle=1, invariant=1, pageCompression=0,
        )  # fmt: skip
        self._summary, self._of = summary, pages
        self.build(_story(summary), onFirstPage=self._foot, onLaterPages=self._foot)
        self.data, self.pages = out.getvalue(), self.page

    def afterFlowable(self, flowable: Flowable) -> None:
        """Called by reportlab after each part, so on the page that it stands on."""
        if isinstance(flowable, Paragraph) and flowable.style.name in OUTLINE:
            words = flowable.getPlainText()
            self.canv.bookmarkPage(words)
            self.canv.addOutlineEntry(words, words, OUTLINE[flowable.style.name])

    def _foot(self, canvas: Canvas, _template: SimpleDocTemplate) -> None:
        canvas.setDateFormatter(lambda *_: f"D:{self._summary.day:%Y%m%d}000000Z")
        canvas.setFont(SMALL.fontName, SMALL.fontSize)
        canvas.setFillColor(INK)
        # A long name keeps clear of the number.
        name, *_ = simpleSplit(self._summary.title, SMALL.fontName, SMALL.fontSize, WIDTH - NUMBERS)
        canvas.drawString(MARGIN, MARGIN / 2, name)
        canvas.drawRightString(MARGIN + WIDTH, MARGIN / 2, f"Page {canvas.getPageNumber()} of {self._of}")


def _story(summary: Summary) -> list[Flowable]:
    files = [_words(f"{name}: {what}", CELL) for name, what in summary.contents]
    return [
        _words(summary.district, TITLE),
        _words(summary.subject, STRONG),
        _words(f"{LAW} {summary.state}", TEXT),
        *(part for table in summary.tables for part in _table(table)),
        Spacer(0, 6),
        _words(summary.counted, TEXT),
        KeepTogether(
            [
                _words(CONTENTS_TITLE, HEADING),
                ListFlowable(files, bulletType="bullet", start="•", leftIndent=12, spaceAfter=6),
                _words(LISTED, TEXT),
            ]
        ),
        _to_sign(),
    ]


def _table(table: Table) -> list[Flowable]:
    """Its heads stand again on each page it goes on to; the heading stays with the first rows."""
    first, *others = table.heads
    heads = [_words(first, ROW_HEAD), *(_words(each, HEAD) for each in others)]
    rows = [[_words(head, ROW_HEAD), *cells] for head, *cells in table.rows]
    widths = [WIDTH - NUMBERS * len(others), *(NUMBERS for _ in others)]
    grid = Grid([heads, *rows], colWidths=widths, repeatRows=1, style=GRID)
    return [CondPageBreak(40 * mm), _words(table.title, HEADING), grid]


def _to_sign() -> Flowable:
    """Room above each line, its words below; never alone on two pages."""
    lines = [part for words in TO_SIGN for part in (Spacer(0, 12 * mm), _line(words))]
    return KeepTogether(lines)


def _line(words: str) -> Flowable:
    style = TableStyle([("LINEABOVE", (0, 0), (-1, -1), 0.75, INK), ("LEFTPADDING", (0, 0), (-1, -1), 0)])
    return Grid([[_words(words, SMALL)]], colWidths=[WIDTH], style=style)


def _words(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(str(escape(text)), style)
