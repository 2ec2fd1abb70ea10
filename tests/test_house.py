"""What holds for the whole house: every page says who may enter, and only settings read the environment."""

import ast
import re
from pathlib import Path

import pytest

ROOMS = (
    "core",
    "people",
    "lti_tool",
    "completion",
    "lessons",
    "access",
    "rosters",
    "quizzes",
    "exchange",
    "teaching",
    "admin",
    "oversight",
    "held",
    "feeds",
    "privacy",
    "personnel",
    "proof",
    "reminders",
    "portal",
    "visitors",
    "rulebook",
    "reports",
)
SOURCES = sorted(path for room in ROOMS for path in Path(room).rglob("*.py"))
PUBLIC = {"health", "static"}
"""Liveness, readiness, metrics, style: for anyone."""


def test_every_blueprint_says_who_may_enter(app):
    silent = [
        name
        for name, blueprint in app.blueprints.items()
        if name not in PUBLIC and not blueprint.before_request_funcs.get(None)
    ]
    assert silent == [], "register a guard with blueprint.before_request(...)"


def test_an_outsider_sees_no_page_of_a_signed_in_room(app, client):
    """Knocks on every address that takes GET, with made-up values: nobody gets in, and nothing breaks."""
    open_rooms = {"health", "lti", "canvas_config", "static", "api_docs", "oauth", "evidence"}
    knocked = 0
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint.split(".")[0] in open_rooms:
            continue
        path = re.sub(r"<int:\w+>", "1", rule.rule)
        path = re.sub(r"<[^>]+>", "made-up", path)
        answer = client.get(path)
        if (
            rule.endpoint in ("lessons.help",)
            or rule.endpoint.startswith(("public.", "notice."))
            or rule.endpoint.startswith("api")
        ):
            assert answer.status_code < 500, path
            continue
        assert answer.status_code in (401, 403, 404), (path, answer.status_code)
        knocked += 1
    assert knocked >= 10


@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_only_settings_reads_the_environment(source):
    if source.name in ("settings.py", "metrics.py"):
        return
    assert "os.environ" not in source.read_text()


@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_no_verb_commits(source):
    """The edge commits: core.web, core.database.transaction, and the launch's one refusal that leaves a trace."""
    if source.as_posix() in ("core/web.py", "core/database.py", "lti_tool/views.py"):
        return
    calls = [
        node
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert calls == []


@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_files_are_small_enough_to_be_one_thing(source):
    assert len(source.read_text().splitlines()) <= 300
