"""The summary of a pack as a PDF: it says what the page says, the same each time, on as many pages as it needs."""

import re
from dataclasses import replace
from datetime import date

import pytest

from core.database import db
from people.models import District
from proof import summary_pdf
from proof.summary import CONTENTS, COUNTED, LAW, LISTED, STATES, Summary, Table
from tests.proof.conftest import later, pdf_text

SUMMARY = Summary(
    district="Distrito Peñasco & <Ñuñoa> (O'Brien)",
    year="2026-27",
    day=date(2026, 11, 24),
    state=STATES["open"].format(day="November 24, 2026"),
    tables=(Table("By grade", ("Grade", "Enrolled"), [("Grade 4", "1,234")]),),
    counted=COUNTED,
    contents=list(CONTENTS.items()),
)


def lines(text: str) -> list[str]:
    return re.findall(r"\((.*)\) Tj", text)


@pytest.mark.parametrize("deidentified", [False, True])
def test_it_says_what_the_page_says(lived_in, deidentified):
    pack = lived_in.pack(deidentified=deidentified)
    page, paper = pack.text("summary.html"), pack.text("summary.pdf")
    told = re.findall(r"<td>(.*?)</td>", page)
    shown = lines(paper)
    assert len(told) == 3 * 3 + 4 and not [each for each in told if shown.count(each) < told.count(each)]
    assert "Grade 4" in shown and ("withheld" in shown) is deidentified
    assert "pupils_deid.csv" in paper and ("makeup.csv" in paper) is not deidentified


def test_it_says_what_it_is_to_those_who_file_it_and_those_who_listen():
    paper = pdf_text(summary_pdf.written(SUMMARY))
    assert "/Title (Distrito Peñasco & <Ñuñoa> (O'Brien), 2026-27: Education of minors" in paper
    assert "/Lang (en)" in paper and "/DisplayDocTitle true" in paper
    assert "/MediaBox [ 0 0 612 792 ]" in paper, "letter size"
    assert re.findall(r"/Title \((By grade|What stands in this pack)\)", paper), "bookmarks"
    assert {SUMMARY.district, "1,234", COUNTED, LISTED, f"{LAW} {SUMMARY.state}"} <= set(lines(paper))


def test_it_is_dated_by_its_figures_so_the_same_summary_is_the_same_bytes():
    first = summary_pdf.written(SUMMARY)
    with later(days=300):
        assert summary_pdf.written(SUMMARY) == first
    assert b"/CreationDate (D:20261124000000Z)" in first and b"/ModDate (D:20261124000000Z)" in first
    assert summary_pdf.written(replace(SUMMARY, day=date(2026, 11, 25))) != first


def test_heads_and_the_number_stand_on_each_page():
    long = Table(
        "By grade", ("Grade", "Enrolled"), [(f"Row {number}", str(number)) for number in range(1000)]
    )
    shown = lines(pdf_text(summary_pdf.written(replace(SUMMARY, tables=(long,)))))
    feet = [each for each in shown if each.startswith("Page ")]
    assert len(feet) > 20 and feet == [f"Page {page} of {len(feet)}" for page in range(1, len(feet) + 1)]
    assert [each for each in shown if each.startswith("Row ")] == [f"Row {number}" for number in range(1000)]
    assert shown.count("Enrolled") >= len(feet) - 1, "all but the last, which has the lines to sign"


@pytest.mark.parametrize("name", ["x" * 200, "Škola 東京", "&amp; <b>bold", "A\tB"])
def test_any_name_of_a_district_makes_a_pack(place, name):
    district = db.get_one(District, place.district_id)
    district.name = name
    pack = place.pack(deidentified=True)
    assert "Page 1 of 1" in pack.text("summary.pdf") and pack.manifest["district"]["name"] == name
