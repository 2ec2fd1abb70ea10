"""A command on a database that is not there, or not up to date, says so in one line."""

import os
import subprocess
import sys

import pytest

COMMANDS = ("curriculum export --course g4 --format gift --out out.txt", "platform list", "worker --once")


def run(command, url, folder):
    settings = {"DATABASE_URL": url, "SECRET_KEY": "s" * 40, "DATA_KEY": "d" * 40, "PATH": os.environ["PATH"]}
    program = [sys.executable, "-m", "flask", "--app", f"{os.getcwd()}/wsgi.py", *command.split()]
    return subprocess.run(
        program, check=False, env=settings, cwd=folder, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_an_empty_database_is_named(command, tmp_path):
    done = run(command, f"sqlite:///{tmp_path}/empty.sqlite3", tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("refused: database is at None") and "flask db upgrade" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_database_that_does_not_answer_is_named(tmp_path):
    done = run("platform list", "postgresql+psycopg://nobody@127.0.0.1:1/nothing", tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("refused: the database can not be reached")
