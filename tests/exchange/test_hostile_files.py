"""Files of somebody who means harm, or whose program does: refused whole, with the reason, and nothing is written."""

import io
import random
import stat
import struct
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Refused
from exchange.bounds import LARGEST_FILE, LARGEST_PART, LONGEST_TEXT, MOST_FILES
from exchange.importing import questions_in
from exchange.incoming import item_of
from exchange.qti_writing import qti_package
from exchange.questions import question_set
from tests.exchange.reading import unpacked
from tests.lessons.every_type import every_type

LATIN = "<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>"
LESSON = "g4-tricky-messages"
ITEM = unpacked(qti_package([question_set(every_type(), str)], ""))["items/g4-every-type.q01.xml"].decode()
DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
LARGE = random.Random(4).randbytes(30_000) + b"x" * 870_000
"""Shrinks to a thirtieth: large, yet no bomb by itself."""
HEAD = "item,type,stem,text,correct\n"


def zipped(files: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_entry(name: str, mode: int, data: bytes = b"<a/>") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo(name)
        entry.create_system = 3
        entry.external_attr = mode << 16
        archive.writestr(entry, data)
    return out.getvalue()


def twice(name: str) -> bytes:
    out = io.BytesIO()
    with pytest.warns(UserWarning), zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, ITEM)
        archive.writestr(name, ITEM)
    return out.getvalue()


def lying(declared: int) -> bytes:
    """A bomb whose directory and header promise `declared` bytes: 3 MB of spaces stand behind them."""
    bomb = zipped({"a.xml": b" " * 3_000_000})
    real = struct.pack("<I", 3_000_000)
    assert bomb.count(real) == 2
    return bomb.replace(real, struct.pack("<I", declared))


def encrypted() -> bytes:
    data = bytearray(zipped({"a.xml": ITEM}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def item(interaction: str) -> str:
    return (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="x">'
        f"<itemBody><{interaction}/></itemBody></assessmentItem>"
    )


def nested(levels: int) -> str:
    return "<a>" * levels + "</a>" * levels


def gift_of(count: int) -> str:
    return "".join(f"Question {n}? {{=Right ~Wrong}}\n\n" for n in range(count))


HOSTILE = {
    "a bomb of one file": ("x.zip", zipped({"a.xml": b" " * 900_000}), "more than 100 times its size"),
    "a bomb of one large file": ("x.zip", zipped({"a.xml": b" " * 20_000_000}), "unpacks to more than 1 MB"),
    "a bomb that lies about its size": ("x.zip", lying(9_000), "the zip is broken"),
    "a bomb of many files": ("x.zip", zipped({f"{n}.bin": LARGE for n in range(25)}), "more than 20 MB"),
    "many files": ("x.zip", zipped({f"{n}.xml": "<a/>" for n in range(MOST_FILES + 1)}), "more than 500 files"),
    "a path upwards": ("x.zip", zipped({"items/../../a.xml": ITEM}), "leads out of its folder"),
    "a path upwards for Windows": ("x.zip", zipped({"items\\..\\..\\a.xml": ITEM}), "leads out of its folder"),
    "an absolute name": ("x.zip", zipped({"/etc/a.xml": ITEM}), "leads out of its folder"),
    "a drive": ("x.zip", zipped({"C:a.xml": ITEM}), "leads out of its folder"),
    "a link": ("x.zip", with_entry("a.xml", stat.S_IFLNK | 0o777, b"/etc/passwd"), "a link or a device"),
    "a device": ("x.zip", with_entry("a.xml", stat.S_IFCHR | 0o666), "a link or a device"),
    "two files of one name": ("x.zip", twice("a.xml"), "two files of one name"),
    "an encrypted zip": ("x.zip", encrypted(), "encrypted"),
    "a strange packing": ("x.zip", zipped({"a.xml": ITEM}, zipfile.ZIP_LZMA), "in a way that is not read"),
    "half a zip": ("x.zip", zipped({"a.xml": ITEM})[:-30], "the zip is broken"),
    "no zip at all": ("x.zip", b"PK\x03\x04 and then nothing", "the zip is broken"),
    "a zip without questions": ("x.zip", zipped({"picture.png": b"png"}), "0 questions"),
    "entities that explode": ("x.xml", DOCTYPE + ITEM, "a document type or entities"),
    "an entity from outside": ("x.xml", EXTERNAL + ITEM, "a document type or entities"),
    "a document type alone": ("x.xml", '<!DOCTYPE x SYSTEM "http://x.example/x.dtd">' + ITEM, "a document type"),
    "a document type in a zip": ("x.zip", zipped({"a.xml": DOCTYPE + "<a/>"}), "a document type or entities"),
    "broken XML": ("x.xml", ITEM[:-20], "not well-formed XML"),
    "XML of another encoding": ("x.xml", '<?xml version="1.0" encoding="UTF-7"?><a/>', "says that it is UTF-7"),
    "XML that is Latin-1": ("x.xml", LATIN.encode("latin-1"), "not UTF-8"),
    "XML that is UTF-16": ("x.xml", ITEM.encode("utf-16"), "x.xml"),
    "deep XML": ("x.xml", nested(100_000), "more than 40 deep"),
    "wide XML": ("x.xml", f"<a>{'<b/>' * 30_000}</a>", "more than 20000 elements"),
    "large XML": ("x.xml", f"<a>{' ' * LARGEST_PART}</a>", "larger than 1 MB"),
    "a large file": ("x.gift", "x" * (LARGEST_FILE + 1), "larger than 5 MB"),
    "HTML": ("x.xml", "<html><body/></html>", "is no QTI: it begins with <html>"),
    "QTI 1.2": ("x.xml", "<questestinterop/>", "QTI 1.2; export it as QTI 2.1"),
    "QTI 3": ("x.xml", '<qti-assessment-item xmlns="x"/>', "QTI 3; export it as QTI 2.1"),
    "QTI of no version": ("x.xml", '<assessmentItem xmlns="x"/>', "no QTI 2.1 item"),
    "an unknown interaction": ("x.xml", item("hotspotInteraction"), "no place here for hotspotInteraction"),
    "an essay": ("x.xml", item("extendedTextInteraction"), "no place here for extendedTextInteraction"),
    "no interaction": ("x.xml", item("p"), "0 interactions in one item"),
    "no key": ("x.xml", ITEM.replace("correctResponse", "other").replace("mapEntry", "more"), "which answer is right"),
    "a key of nothing": ("x.xml", ITEM.replace("<value>", "<value>zz"), "names a choice that it does not have"),
    "Latin-1 text": ("x.gift", "¿Qué? {=Sí ~No}".encode("latin-1"), "not UTF-8 text"),
    "NUL characters": ("x.gift", "What\x00? {=a ~b}", "NUL characters"),
    "control characters": ("x.gift", "What\x07? {=a ~b}", "control characters"),
    "an open brace": ("x.gift", "What? {=a ~b", "a brace is missing"),
    "a GIFT essay": ("x.gift", "::Mine::What? {}", "Mine: there is no place here for an essay"),
    "a GIFT number": ("x.gift", "What? {#3}", "no place here for a number"),
    "a GIFT true or false": ("x.gift", "It is so. {TRUE}", "no place here for true or false"),
    "a GIFT short answer": ("x.gift", "What? {=a =b}", "no place here for a short answer"),
    "a GIFT missing word": ("x.gift", "What {=a ~b} is it?", "no place here for a missing word"),
    "a GIFT description": ("x.gift", "Read this.", "no place here for a description"),
    "GIFT without a right answer": ("x.gift", "What? {~a ~b}", "which answer is right"),
    "a huge stem": ("x.gift", f"{'x' * (LONGEST_TEXT + 1)} {{=a ~b}}", "2001 characters; 2000 can be taken"),
    "many options": ("x.gift", f"What? {{=a {'~b' * 30}}}", "31 options; 2 to 26"),
    "one option": ("x.csv", HEAD + "a,single,What?,x,yes\n", "1 options; 2 to 26"),
    "ten thousand questions": ("x.gift", gift_of(10_000), "10000 questions in x.gift; 1 to 99"),
    "ten thousand rows": (
        "x.csv",
        HEAD + "".join(f"q{n},single,What?,x,yes\nq{n},single,What?,y,\n" for n in range(10_000)),
        "10000 questions in x.csv",
    ),
    "a huge field": ("x.csv", HEAD + f'a,single,"{"x" * 200_000}",x,yes\n', "line 2 is not CSV"),
    "an unclosed quote": ("x.csv", HEAD + 'a,single,"What?,x,yes\n', "is not CSV"),
    "too few cells": ("x.csv", HEAD + "a,single,What?\n", "line 2 is not CSV with 5 columns"),
    "no head": ("x.csv", "a,b\n1,2\n", "missing: stem, text, correct"),
    "a CSV type of its own": ("x.csv", HEAD + "a,hotspot,What?,x,yes\na,hotspot,What?,y,\n", "'hotspot'"),
    "an odd correct": ("x.csv", HEAD + "a,single,What?,x,maybe\na,single,What?,y,\n", "not 'maybe'"),
    "a place that is none": ("x.csv", HEAD + "a,order,What?,x,²\na,order,What?,y,1\n", "the place of a step"),
    "an empty file": ("x.gift", "", "0 questions"),
    "a file of another kind": ("x.docx", "What?", "neither a zip nor XML"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_it_is_refused_whole_with_its_reason(app: Flask, tmp_path: Path, kind: str):
    name, data, reason = HOSTILE[kind]
    file, out = tmp_path / name, tmp_path / "drafts"
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    result = app.test_cli_runner().invoke(
        args=["curriculum", "import", str(file), "--lesson", LESSON, "--out", str(out)]
    )
    assert result.exit_code == 1, result.output
    assert result.output.startswith("refused: ") and result.output.count("\n") == 1
    assert reason in result.output
    assert [each.name for each in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    "kind", [each for each in HOSTILE if "bomb" in each or "deep" in each or "ten" in each]
)
def test_refusing_costs_little_memory_and_time(kind: str):
    name, data, _reason = HOSTILE[kind]
    began = time.process_time()
    tracemalloc.start()
    try:
        raw = data if isinstance(data, bytes) else data.encode()
        _format, questions = questions_in(raw, name)
        assert len(questions) == 10_000
    except Refused:
        pass
    finally:
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 60_000_000
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    "text",
    [
        " " * 400_000 + "{",
        "::" + ":" * 400_000,
        "\\" * 400_001,
        "What? {" + "=" * 400_000 + "}",
        "What? {=" + "#" * 400_000 + "}",
        "What? {~" + "%" * 400_000 + "}",
        "{" * 400_000,
    ],
    ids=["spaces", "colons", "backslashes", "equals", "hashes", "percents", "braces"],
)
def test_gift_takes_no_longer_for_text_made_to_confuse_it(text: str):
    began = time.process_time()
    with pytest.raises(Refused):
        for each in questions_in(text.encode(), "x.gift")[1]:
            item_of(each)
    assert time.process_time() - began < 5


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(st.sampled_from('{}=~#:\\%->/[]$ \n\tTa1"<&,'), max_size=60),
    name=st.sampled_from(["x.gift", "x.csv", "x.xml"]),
)
def test_whatever_stands_in_a_file_it_is_read_or_refused(text: str, name: str):
    for data in (text.encode(), (HEAD + text).encode(), ITEM.replace("Stop", text).encode()):
        try:
            for each in questions_in(data, name)[1]:
                item_of(each)
        except Refused as refused:
            assert refused.message and "\n" not in refused.message


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, 3_000), bits=st.integers(1, 255))
def test_a_zip_with_a_flipped_byte_is_read_or_refused(at: int, bits: int):
    data = bytearray(zipped({"imsmanifest.xml": "<manifest/>", "a.xml": ITEM}))
    data[at % len(data)] ^= bits
    try:
        for each in questions_in(bytes(data), "x.zip")[1]:
            item_of(each)
    except Refused as refused:
        assert refused.message and "\n" not in refused.message


def test_formula_cells_come_in_as_the_text_they_are():
    rows = HEAD + "a,single,'=1+1?,=HYPERLINK(1),yes\na,single,'=1+1?,@SUM(A1),\n"
    _, (incoming,) = questions_in(rows.encode(), "x.csv")
    assert incoming.stem == "=1+1?"
    assert [each.text for each in incoming.answers] == ["=HYPERLINK(1)", "@SUM(A1)"]


def test_a_file_without_an_end_is_read_no_further_than_it_may_be(app: Flask, tmp_path: Path):
    line = ["curriculum", "import", "/dev/zero", "--lesson", LESSON, "--out", str(tmp_path / "drafts")]
    result = app.test_cli_runner().invoke(args=line)
    assert result.exit_code == 1 and "larger than 5 MB" in result.output
