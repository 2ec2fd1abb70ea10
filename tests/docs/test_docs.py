"""What the documentation says is there: commands, links, settings, rules, queries and quoted words."""

import ast
import re
import shlex
from dataclasses import fields

import click
import pytest
import sqlalchemy as sa

from access_agent.__main__ import _parser as agent_options
from core.database import db
from core.settings import Settings
from lessons.rules import RULES
from tests.docs.pages import FENCE, PAGES, ROOT, Fenced, fenced, table_rows

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())

SPEAKING_ROOMS = ("core", "people", "lti_tool", "lessons", "quizzes", "teaching", "completion", "admin")
LMS_PAGES = ("canvas.md", "schoology.md", "moodle.md", "blackboard.md", "brightspace.md")

OF_OTHERS = {"CLIENT_ID", "CLIENT_SECRET", "CURRENT_TIMESTAMP", "SSL_CERT_FILE", "TOKEN"}
"""Names in capitals that are no settings of ours: variables of an example, OpenSSL's own, and SQL."""


def test_the_pages_are_there():
    assert {
        *LMS_PAGES,
        "README.md",
        "deployment.md",
        "privacy.md",
        "authoring.md",
        "operations.md",
        "glossary.md",
        "lti-conformance.md",
        "CHANGELOG.md",
    } <= {page.name for page in PAGES}


# -- commands ----------------------------------------------------------------------------------------------


def command_lines(block: Fenced) -> list[list[str]]:
    """Words of each `flask ...` line; a line that ends in a backslash goes on."""
    joined = re.sub(r"\\\n\s*", " ", block.text)
    lines = [line.strip().removeprefix("$ ").removeprefix(".venv/bin/") for line in joined.splitlines()]
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("flask ")]


def find_command(app, words: list[str]) -> tuple[click.Command, list[str]]:
    """The command these words name, and the words after its name. Raises KeyError."""
    command: click.Command = app.cli
    rest = list(words)
    while isinstance(command, click.Group):
        command = command.commands[rest.pop(0)]
    return command, rest


def test_every_command_in_a_block_parses(app):
    lines = [(block.page, words) for block in fenced() for words in command_lines(block)]
    assert len(lines) >= 20
    for page, words in lines:
        try:
            command, rest = find_command(app, words)
            command.make_context(" ".join(words[:2]), rest)
        except (KeyError, IndexError, click.UsageError) as error:
            raise AssertionError(f"{page}: flask {' '.join(words)}: {error!r}") from error


def test_every_command_named_in_a_sentence_exists(app):
    named = 0
    for page in PAGES:
        for found in re.finditer(r"`flask ([a-z][^`]*)`", FENCE.sub("", page.read_text())):
            words = shlex.split(found.group(1))
            known = app.cli.commands.get(words[0])
            assert known, f"{page.name}: {found.group(0)}"
            if isinstance(known, click.Group) and len(words) > 1:
                assert words[1] in known.commands, f"{page.name}: {found.group(0)}"
            named += 1
    assert named >= 20


def test_every_option_of_ours_that_a_sentence_names_exists(app):
    groups = [command for command in app.cli.commands.values() if isinstance(command, click.Group)]
    commands = [*app.cli.commands.values(), *(each for group in groups for each in group.commands.values())]
    options = {name for command in commands for param in command.params for name in param.opts}
    options |= set(agent_options()._option_string_actions)
    programs = {"--workers", "--help", "--limit-request-line"}  # gunicorn's, and click's own
    for page in PAGES:
        for found in re.findall(r"`(--[a-z-]+)`", FENCE.sub("", page.read_text())):
            assert found in options | programs, f"{page.name}: {found}"


# -- settings ----------------------------------------------------------------------------------------------


def test_every_setting_is_described_and_every_described_setting_exists():
    ours = {field.name.upper() for field in fields(Settings)}
    described = {
        row[0].strip("`")
        for row in table_rows("deployment.md")
        if re.fullmatch(r"`[A-Z_]+`", row[0]) and len(row) == 4
    }
    assert described == ours


def test_messages_of_refused_settings_are_the_real_ones():
    source = "".join((ROOT / path).read_text() for path in ("core/settings.py", "people/lost_keys.py"))
    rows = [
        row for row in table_rows("deployment.md") if len(row) == 4 and re.fullmatch(r"`[A-Z_]+`", row[0])
    ]
    for row in rows:
        for name, words in re.findall(r"`([A-Z_]+): ([^`]+)`", row[3]):
            assert row[0] == f"`{name}`"
            assert words in source, words


@pages
def test_no_page_names_a_setting_that_does_not_exist(page):
    ours = {field.name.upper() for field in fields(Settings)}
    named = set(re.findall(r"\b[A-Z]{2,}(?:_[A-Z]+)+\b", page.read_text()))
    assert named - ours - OF_OTHERS == set()


# -- links and addresses -----------------------------------------------------------------------------------


def anchors(text: str) -> set[str]:
    """The names under which headings can be linked to."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pages
def test_every_relative_link_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", page.read_text())):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file.read_text()), target


def test_the_index_names_every_page():
    index = (ROOT / "docs" / "README.md").read_text()
    assert [page.name for page in PAGES if page.parent.name == "docs" and f"({page.name})" not in index] == [
        "README.md"
    ]


@pages
def test_no_registry_and_no_path_of_somebodys_machine(page):
    text = page.read_text()
    for never in (
        "pypi",
        "pythonhosted",
        "npmjs",
        "/work/",
        "/tmp/",
        "/root/",
        "/home/",
        "/Users/",
        "../shared",
        "ghcr.io",
        "docker.io",
    ):
        assert never not in text, never


# -- what the tool really says, holds and answers ----------------------------------------------------------


def spoken() -> str:
    """Every text in the code of the rooms that speak to people, one after the other."""
    texts = []
    for room in SPEAKING_ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            tree = ast.parse(file.read_text())
            texts += [
                node.value
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            ]
    return "\n".join(texts)


@pytest.mark.parametrize("name", LMS_PAGES)
def test_symptoms_are_quoted_word_for_word(name):
    """“…” and what stands in brackets is filled in by the code, so the words between are looked for."""
    said = spoken()
    quoted = [row[0] for row in table_rows(name) if row[0].startswith('"')]
    assert len(quoted) >= 8
    for quote in quoted:
        words = quote.rpartition('"')[0].strip('"')
        for fragment in re.split(r"…", words):
            assert fragment.strip() in said, f"{name}: {fragment!r} is said nowhere"


def test_problems_of_rosters_are_quoted_word_for_word():
    said = spoken()
    quoted = [row[0] for row in table_rows("operations.md") if row[0].startswith("Your LMS")]
    assert len(quoted) == 5
    assert [words for words in quoted if words not in said] == []


def test_the_rules_of_the_linter_are_all_in_the_guide():
    told = {row[0]: row[1] for row in table_rows("authoring.md") if re.fullmatch(r"[A-Z]+\d+", row[0])}
    assert told == RULES


def test_every_query_runs(app, clean):
    """Statements that write are rolled back. On SQLite and on PostgreSQL."""
    statements = [part.strip() for block in fenced() if block.kind == "sql" for part in block.text.split(";")]
    statements = [each for each in statements if each]
    assert len(statements) >= 8
    for statement in statements:
        db.connection().exec_driver_sql(
            statement.replace("%", "%%") if db.get_bind().dialect.name == "postgresql" else statement
        )
    db.rollback()


def test_a_query_that_is_wrong_would_be_noticed(app, clean):
    with pytest.raises(sa.exc.DBAPIError):
        db.connection().exec_driver_sql("SELECT no_such_column FROM score_delivery")
    db.rollback()
