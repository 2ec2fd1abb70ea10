"""flask curriculum: check what is written, and publish it."""

import sys
from dataclasses import asdict
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from core.cli import answer, as_json
from core.database import transaction
from lessons.curriculum import FOLDER, publish_folder
from lessons.linting.checking import check_folder
from lessons.preview import Preview, folder_of, serve

curriculum_group = AppGroup("curriculum", help="Lessons, items and agreements as written in curriculum/.")

folder_option = click.option(
    "--folder", default=FOLDER, show_default="curriculum", help="Another curriculum folder.",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)  # fmt: skip


@curriculum_group.command("check")
@folder_option
@as_json
def check(folder: Path, json: bool) -> None:
    """Lint all content. Prints file:line: RULE message for each finding, and exits 1 when there is any."""
    checked = check_folder(folder.resolve())
    count = len(checked.findings)
    outcome = f"{count} finding{'s' * (count != 1)}" if count else "no findings"
    lines = [*map(str, checked.findings), f"{len(checked.lessons)} lessons, {checked.items} items, {outcome}"]
    answer(
        json,
        "\n".join(lines),
        lessons=len(checked.lessons),
        items=checked.items,
        planned=checked.planned,
        findings=[asdict(finding) for finding in checked.findings],
    )
    if checked.findings:
        sys.exit(1)


@curriculum_group.command("load")
@folder_option
@as_json
def load(folder: Path, json: bool) -> None:
    """Publish what is written. Refused while check finds anything; loading the same again changes nothing."""
    with transaction():
        published = publish_folder(folder.resolve())
    words = f"published {', '.join(published.courses)}: {len(published.new_lessons)} lessons new or changed"
    if not published.new_release:
        words = "nothing to publish: this curriculum is in force already"
    answer(
        json,
        words,
        release=published.content_hash,
        courses=list(published.courses),
        new_lessons=list(published.new_lessons),
        new_release=published.new_release,
    )


@curriculum_group.command("preview")
@click.argument("lesson_id")
@click.option("--port", default=8090, show_default=True, help="0 takes a free one.")
@folder_option
def preview(lesson_id: str, port: int, folder: Path) -> None:
    """Show one lesson from its files, with every key and what check says; it follows each save. Ctrl-C ends it."""
    curriculum = folder.resolve()
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the server's threads need it itself
    serve(app, Preview(folder_of(lesson_id, curriculum), curriculum), port)
