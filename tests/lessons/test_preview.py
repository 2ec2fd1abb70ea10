"""`flask curriculum preview` as an author runs it: a process, a page, a saved file, Ctrl-C."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

LESSON = "k-keep-safe-facts"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied = tmp_path / "curriculum"
    shutil.copytree("curriculum", copied)
    return copied


@pytest.fixture
def started(folder: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "flask", "curriculum", "preview", LESSON, "--port", "0"]
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'unused.sqlite3'}"}
    process = subprocess.Popen(
        [*command, "--folder", str(folder)], env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    address = re.match(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
    assert address
    yield process, address.group()
    if process.poll() is None:
        process.kill()
    process.wait(timeout=20)
    process.stdout.close()


def test_an_author_sees_the_lesson_with_its_keys_saves_a_file_and_ends_it(started, folder):
    process, address = started
    page = requests.get(address, timeout=20).text
    assert "No findings" in page and "Keep-Safe Facts" in page
    assert len(re.findall(r'data-item="q\d+"', page)) >= 2 and 'class="feedback good' in page
    assert requests.get(f"{address}static/lessons/preview.js", timeout=20).ok
    before = requests.get(f"{address}state", timeout=20).text
    assert f'data-state="{before}"' in page

    file = next(folder.glob(f"lessons/*/{LESSON}/lesson.md"))
    written = file.read_text()
    file.write_text(written + "\n:::nonsense\nWords.\n:::\n")
    assert requests.get(f"{address}state", timeout=20).text != before
    broken = requests.get(address, timeout=20).text
    assert re.search(rf"curriculum/lessons/k/{LESSON}/lesson\.md:\d+: \w+", broken)
    assert "the last text that had none" in broken and "Keep-Safe Facts" in broken
    file.write_text(written)
    assert "No findings" in requests.get(address, timeout=20).text

    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0


def test_a_lesson_that_is_not_written_is_refused_in_one_line(app):
    answer = app.test_cli_runner().invoke(args=["curriculum", "preview", "no-such-lesson"])
    assert answer.exit_code == 1
    assert "No folder of this name is in the curriculum: no-such-lesson" in answer.output
