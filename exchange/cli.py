"""flask curriculum export and import: files for other systems, and drafts from theirs."""

from dataclasses import asdict
from pathlib import Path

import click

from core.cli import answer, as_json
from core.current import current_settings
from core.errors import Refused
from core.variables import fill
from exchange.exporting import Exported, export_links, export_questions, in_language
from exchange.formats import CARTRIDGE, FORMATS
from exchange.importing import import_file
from lessons import library
from lessons.cli import curriculum_group, folder_option


class NotWritten(Refused):
    code = "not_written"


@curriculum_group.command("export")
@click.option("--course", "course_ids", multiple=True, required=True, help="Such as g4; may be given again.")
@click.option(
    "--lesson", "lesson_ids", multiple=True, help="Only this lesson of the course; may be given again."
)
@click.option("--format", "format_name", required=True, type=click.Choice([CARTRIDGE, *FORMATS]))
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write."
)
@click.option("--lang", default="en", show_default=True, help="Language of the lessons.")
@as_json
def export(
    *,
    course_ids: tuple[str, ...],
    lesson_ids: tuple[str, ...],
    format_name: str,
    out: Path,
    lang: str,
    json: bool,
) -> None:
    """Write what is published as a file for another system. Questions come with their answers: staff only."""
    courses = [library.course(each) for each in dict.fromkeys(course_ids)]
    exported = _exported(courses, lesson_ids, format_name, lang)
    try:
        out.write_bytes(exported.data)
    except OSError as error:
        raise NotWritten(f"{out} can not be written: {error.strerror}") from error
    what = "lesson links" if format_name == CARTRIDGE else "questions"
    lines = [f"wrote {out}: {exported.count} {what}, {len(exported.data)} bytes, SHA-256 {exported.sha256}"]
    if exported.losses:
        lines.append(f"not in this file: {'; '.join(exported.losses)}")
    answer(
        json, "\n".join(lines), file=str(out), format=format_name, count=exported.count,
        bytes=len(exported.data), sha256=exported.sha256, losses=list(exported.losses),
    )  # fmt: skip


def _exported(
    courses: list[library.Course], lesson_ids: tuple[str, ...], format_name: str, lang: str
) -> Exported:
    known = [ref.id for course in courses for ref in course.lessons]
    for each in lesson_ids:
        if each not in known:
            raise click.BadParameter(f"there is no lesson {each} in this course", param_hint="--lesson")
    lessons = [
        in_language(library.lesson(each), lang) for each in known if not lesson_ids or each in lesson_ids
    ]
    if format_name == CARTRIDGE:
        if lesson_ids:
            raise click.UsageError("a cartridge links whole courses: leave --lesson out")
        settings = current_settings()
        return export_links(courses, settings.public_url, lang)
    return export_questions(lessons, FORMATS[format_name], lambda text: fill(text, {}))


@curriculum_group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--lesson", "lesson_id", required=True, help="The planned lesson that the questions are for.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new folder for the drafts.")
@folder_option
@as_json
def import_(*, file: Path, lesson_id: str, out: Path, folder: Path, json: bool) -> None:
    """Write the questions of a QTI 2.1, GIFT or CSV file as drafts, and say what the linter finds in them."""
    imported = import_file(file, lesson_id, out, folder.resolve())
    count = len(imported.findings)
    lines = [
        *map(str, imported.findings),
        f"wrote {imported.folder}/items.yaml: {imported.count} drafts from {imported.format}, "
        f"{count} finding{'s' * (count != 1)}; nothing is in the curriculum yet",
    ]
    answer(
        json, "\n".join(lines), folder=str(imported.folder), format=imported.format, count=imported.count,
        sha256=imported.sha256, findings=[asdict(finding) for finding in imported.findings],
    )  # fmt: skip
