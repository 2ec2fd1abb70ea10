"""A file of questions becomes a folder of drafts. Nothing of it enters the curriculum by itself."""

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from core.errors import Refused
from exchange.bounds import LARGEST_FILE, MOST_QUESTIONS, FileRefused, text_of
from exchange.csv_reading import csv_questions
from exchange.drafts import items_yaml, lint_drafts, numbered
from exchange.gift_reading import gift_questions
from exchange.incoming import Incoming, item_of, short
from exchange.qti_reading import qti_questions
from exchange.zip_reading import xml_files
from lessons.findings import Finding
from lessons.linting.checking import check_lesson
from lessons.scope import STAFF_COURSE, Planned, Scope, read_scope

ZIP = b"PK"


class CanNotImport(Refused):
    code = "can_not_import"


@dataclass(frozen=True, slots=True)
class Imported:
    """`folder` holds items.yaml and provenance.yaml; `findings` is what the linter says of the drafts."""

    folder: Path
    format: str
    count: int
    sha256: str
    findings: list[Finding]


def import_file(file: Path, lesson_id: str, out: Path, curriculum: Path) -> Imported:
    """Read `file`, write `out`/<lesson id>, lint it. Raises CanNotImport, FileRefused; then nothing was written."""
    scope, planned = _plan(curriculum, lesson_id)
    _free(out, curriculum)
    data = _read(file)
    format, questions = questions_in(data, file.name)
    if not 1 <= len(questions) <= MOST_QUESTIONS:
        raise FileRefused(f"{len(questions)} questions in {file.name}; 1 to {MOST_QUESTIONS} can be taken")
    items = numbered([item_of(each) for each in questions], lesson_id, _taken(curriculum, scope, planned))
    sha256 = hashlib.sha256(data).hexdigest()
    about = [
        f"status: draft. From {short(file.name)} ({format}), SHA-256 {sha256}.",
        "Where the file did not say, objective is 1 and level is apply: look at both.",
    ]
    text = items_yaml(lesson_id, items, about)
    findings = lint_drafts(text, f"{out.name}/{lesson_id}", planned, scope)
    provenance = (
        f'status: draft\nlesson: {lesson_id}\nsource: "{_name(file)}"\nformat: {format}\n'
        f"sha256: {sha256}\nitems: {len(items)}\nfindings: {len(findings)}\n"
    )
    _write(out, lesson_id, {"items.yaml": text, "provenance.yaml": provenance})
    return Imported(out / lesson_id, format, len(items), sha256, findings)


def questions_in(data: bytes, name: str) -> tuple[str, list[Incoming]]:
    """The format and the questions, by what the file is and not by what it is called, but for CSV and GIFT,
    which are both plain text. Raises FileRefused."""
    if data.startswith(ZIP):
        return "QTI 2.1", qti_questions(xml_files(data).items())
    if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return "QTI 2.1", qti_questions([(name, data)])
    text = text_of(data, name)
    if "\x00" in text:
        raise FileRefused(f"{name} is no text: it has NUL characters")
    if name.lower().endswith(".csv"):
        return "CSV", csv_questions(text)
    if name.lower().endswith((".gift", ".txt")):
        return "GIFT", gift_questions(text)
    raise FileRefused(f"{name} is neither a zip nor XML, and its name ends in none of .csv, .gift, .txt")


def _plan(curriculum: Path, lesson_id: str) -> tuple[Scope, Planned]:
    scope, _findings = read_scope(curriculum)
    if scope is None:
        raise CanNotImport("the plan can not be read; see flask curriculum check")
    if lesson_id not in scope.planned:
        raise CanNotImport(f"there is no lesson {lesson_id} in the plan")
    return scope, scope.planned[lesson_id]


def _free(out: Path, curriculum: Path) -> None:
    if out.resolve().is_relative_to(curriculum.resolve()):
        raise CanNotImport("drafts are written outside the curriculum: name another folder")
    if out.exists() or out.is_symlink():
        raise CanNotImport(f"{out} is there already: name a folder that is not")


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise CanNotImport(f"{file} can not be read: {error.strerror}") from error
    if len(data) > LARGEST_FILE:
        raise FileRefused(f"{file.name} is larger than {LARGEST_FILE // 1_000_000} MB")
    return data


def _taken(curriculum: Path, scope: Scope, planned: Planned) -> list[str]:
    """Ids that the lesson has already, where it is written."""
    place = "staff" if planned.course == STAFF_COURSE else f"lessons/{planned.course}"
    lesson, _findings = check_lesson(curriculum / place / planned.id, curriculum, scope)
    return [item.id for item in lesson.items] if lesson else []


def _name(file: Path) -> str:
    return short(file.name).replace("\\", "/").replace('"', "'")


def _write(out: Path, lesson_id: str, texts: dict[str, str]) -> None:
    """All or nothing: the folder takes its name when it is whole."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=".drafts-", dir=out.parent))
        try:
            new.chmod(0o755)
            (new / lesson_id).mkdir()
            for name, text in texts.items():
                (new / lesson_id / name).write_text(text, encoding="utf-8", newline="\n")
            new.rename(out)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
    except OSError as error:
        raise CanNotImport(f"{out} can not be written: {error.strerror}") from error
