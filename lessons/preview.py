"""One lesson straight from its files, for who writes it: every step and item with its key, and what the linter says.

It serves this machine only, needs no database, and the page looks once a second whether a file was saved.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, render_template
from werkzeug import Request, Response
from werkzeug.serving import make_server

from core.errors import NotFound
from core.messages import N_
from core.variables import fill
from lessons.asking import Asked, ask
from lessons.content import Lesson
from lessons.findings import Finding, in_order
from lessons.items import Item
from lessons.linting.checking import check_lesson
from lessons.practice import shown_in
from lessons.scope import read_scope
from lessons.sources import lesson_folders

HOST = "127.0.0.1"


class NoSuchFolder(NotFound):
    code = "no_such_folder"


@dataclass
class Preview:
    """A lesson being written. While it has faults, `lesson` is the last text that had none."""

    folder: Path
    curriculum: Path
    lesson: Lesson | None = None
    findings: list[Finding] = field(default_factory=list)

    def read(self) -> None:
        scope, findings = read_scope(self.curriculum)
        if scope is not None:
            lesson, faults = check_lesson(self.folder, self.curriculum, scope)
            findings = findings + faults
            self.lesson = lesson or self.lesson
        self.findings = in_order(findings)

    def state(self) -> str:
        """Another text whenever a file was saved, added or removed."""
        files = [self.curriculum / "scope_and_sequence.yaml", *sorted(self.folder.rglob("*"))]
        seen = [f"{each}:{each.stat().st_mtime_ns}" for each in files if each.is_file()]
        return hashlib.sha256("\n".join(seen).encode()).hexdigest()


def folder_of(lesson_id: str, curriculum: Path) -> Path:
    """Where a lesson is written. Raises NoSuchFolder."""
    for folder in lesson_folders(curriculum):
        if folder.name == lesson_id:
            return folder
    raise NoSuchFolder(N_("No folder of this name is in the curriculum: %(lesson)s", lesson=lesson_id))


def serve(app: Flask, preview: Preview, port: int) -> None:
    """Until Ctrl-C. Port 0 takes a free one; the address is printed."""

    @Request.application
    def answer(request: Request) -> Response:
        if request.path == "/state":
            return Response(preview.state(), mimetype="text/plain")
        if request.path != "/":
            return Response("not found", status=404)
        state = preview.state()
        preview.read()
        with app.test_request_context(
            headers={"Accept-Language": request.headers.get("Accept-Language", "en")}
        ):
            return Response(_page(preview, state), mimetype="text/html")

    def page_or_file(environ, start_response):  # type: ignore[no-untyped-def]
        ours = app.wsgi_app if environ["PATH_INFO"].startswith("/static/") else answer
        return ours(environ, start_response)

    server = make_server(HOST, port, page_or_file, threaded=True)
    print(f"http://{HOST}:{server.server_port}/ (Ctrl-C ends it)", flush=True)  # noqa: T201
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


def _page(preview: Preview, state: str) -> str:
    lesson = preview.lesson
    items = lesson.items if lesson else ()
    return render_template(
        "lessons/preview.html",
        filled=_filled,
        page_name="preview", band=lesson.band if lesson else "staff", lesson=lesson, state=state,
        folder=preview.folder.name, findings=preview.findings,
        asked={item.id: _asked(item, lesson.band) for item in items} if lesson else {},
        quiz=lesson.quiz_items if lesson else (),
    )  # fmt: skip


def _asked(item: Item, band: str) -> Asked:
    return ask(item, shown_in(item), (), band, _filled)


def _filled(text: str) -> str:
    """With the plan's defaults: no district reads this."""
    return fill(text, {})
