"""flask curriculum import, as a curriculum writer sees it."""

import json
from pathlib import Path

import pytest
import yaml
from flask import Flask

from tests.lessons.sample import CURRICULUM

LESSON = "g4-tricky-messages"
GIFT = """// [id:x1] [tag:objective-2] [tag:judge] [tag:NS-3]
::Scam or not::[html]A message asks Omar for his password. What does he do first? {
~He types it in quickly.#A password opens his account. He keeps it secret.
=He shows it to a teacher.#Yes. A teacher knows what to do next.
~He sends it to a friend.#That spreads the trick. He shows a teacher.
}

Which two are signs of a scam? Pick two. {
~%50%It rushes you.
~%50%It asks for a secret.
~%-50%It has a picture.
~%-50%It is very short.
####Look at what a message wants from you.
}
"""


@pytest.fixture
def run(app: Flask, tmp_path: Path):
    def running(file: Path, *more: str, lesson: str = LESSON, out: str = "drafts"):
        line = ["curriculum", "import", str(file), "--lesson", lesson, "--out", str(tmp_path / out), *more]
        return app.test_cli_runner().invoke(args=line)

    return running


@pytest.fixture
def gift(tmp_path: Path) -> Path:
    file = tmp_path / "ours.gift"
    file.write_text(GIFT, encoding="utf-8")
    return file


def test_a_gift_file_becomes_drafts_with_their_origin_and_findings(run, gift, tmp_path):
    result = run(gift)
    assert result.exit_code == 0, result.output
    folder = tmp_path / "drafts" / LESSON
    pool = yaml.safe_load((folder / "items.yaml").read_text(encoding="utf-8"))
    first, second = pool["items"]
    assert pool["lesson"] == LESSON and (first["type"], second["type"]) == ("single", "multi")
    assert (first["objective"], first["level"], first["clauses"]) == (2, "judge", ["NS-3"])
    assert [each.get("correct") for each in first["options"]] == [None, True, None]
    assert second["options"][0]["feedback"] == "Look at what a message wants from you."
    origin = yaml.safe_load((folder / "provenance.yaml").read_text(encoding="utf-8"))
    assert (origin["status"], origin["source"], origin["format"], origin["items"]) == (
        "draft",
        "ours.gift",
        "GIFT",
        2,
    )
    findings, last = result.output.splitlines()[:-1], result.output.splitlines()[-1]
    assert any(": I2 " in line and "a quiz item names the clauses" in line for line in findings)
    assert all(line.startswith(f"drafts/{LESSON}/items.yaml:") for line in findings)
    assert (
        f"2 drafts from GIFT, {len(findings)} finding" in last and "nothing is in the curriculum yet" in last
    )


def test_new_questions_are_numbered_after_those_that_the_lesson_has(run, gift, tmp_path):
    run(gift)
    written = yaml.safe_load(
        (CURRICULUM / "lessons" / "g4" / LESSON / "items.yaml").read_text(encoding="utf-8")
    )
    drafts = yaml.safe_load((tmp_path / "drafts" / LESSON / "items.yaml").read_text(encoding="utf-8"))
    there = {item["id"] for item in written["items"]}
    assert not there & {item["id"] for item in drafts["items"]}


def test_missing_feedback_is_found_and_hides_no_other_finding(run, tmp_path):
    file = tmp_path / "bare.gift"
    file.write_text("Do you share your password? {=No, I never do. ~Yes}\n", encoding="utf-8")
    rules = {line.split(": ")[1][:3].strip() for line in run(file).output.splitlines()[:-1]}
    assert {"F3", "I11", "I22", "I4"} <= rules


def test_a_program_reads_one_line_of_json(run, gift):
    result = run(gift, "--json")
    facts = json.loads(result.output)
    assert result.output.count("\n") == 1 and facts["count"] == 2 and facts["format"] == "GIFT"
    assert {"file", "line", "rule", "message"} == set(facts["findings"][0])


def test_nothing_enters_the_curriculum(app, run, gift):
    out = CURRICULUM / "lessons" / "g4" / "drafts-of-a-test"
    result = app.test_cli_runner().invoke(
        args=["curriculum", "import", str(gift), "--lesson", LESSON, "--out", str(out)]
    )
    assert result.exit_code == 1 and "drafts are written outside the curriculum" in result.output
    assert not out.exists()


def test_a_folder_that_is_there_is_not_touched(run, gift, tmp_path):
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "mine.txt").write_text("mine")
    result = run(gift)
    assert result.exit_code == 1 and "is there already" in result.output
    assert [each.name for each in (tmp_path / "drafts").iterdir()] == ["mine.txt"]


def test_a_lesson_that_nobody_planned_is_refused(run, gift, tmp_path):
    result = run(gift, lesson="g4-no-such")
    assert result.exit_code == 1 and "there is no lesson g4-no-such in the plan" in result.output
    assert not (tmp_path / "drafts").exists()


def test_a_planned_lesson_that_is_not_written_yet_takes_drafts(run, gift):
    result = run(gift, lesson="g5-rumor-relay")
    assert result.exit_code == 0, result.output
    assert "2 drafts from GIFT" in result.output


@pytest.mark.parametrize("format_name", ["qti", "gift", "csv"])
def test_what_we_export_we_import(app, curriculum, run, tmp_path, format_name):
    file = tmp_path / {"qti": "x.zip", "gift": "x.gift", "csv": "x.csv"}[format_name]
    line = [
        "curriculum",
        "export",
        "--course",
        "g4",
        "--lesson",
        LESSON,
        "--format",
        format_name,
        "--out",
        str(file),
    ]
    exported = app.test_cli_runner().invoke(args=line)
    assert exported.exit_code == 0 and "SHA-256 " in exported.output
    result = run(file)
    assert result.exit_code == 0, result.output
    drafts = yaml.safe_load((tmp_path / "drafts" / LESSON / "items.yaml").read_text(encoding="utf-8"))
    written = yaml.safe_load(
        (CURRICULUM / "lessons" / "g4" / LESSON / "items.yaml").read_text(encoding="utf-8")
    )
    ours = {item["id"]: item["stem"] for item in written["items"]}
    assert len(drafts["items"]) >= 8
    assert all(ours[item["id"]] == item["stem"] for item in drafts["items"])


def test_export_says_what_is_not_in_the_file_and_refuses_what_it_can_not_write(app, curriculum, tmp_path):
    run = app.test_cli_runner().invoke
    line = ["curriculum", "export", "--course", "k", "--format", "gift", "--out"]
    result = run(args=[*line, str(tmp_path / "k.gift")])
    assert "not in this file: pictures are left out" in result.output and result.output.count("\n") == 2
    assert run(args=[*line, str(tmp_path / "nowhere" / "k.gift")]).exit_code == 1
    spanish = run(args=[*line, str(tmp_path / "k.gift"), "--lang", "xx"])
    assert spanish.exit_code == 1 and "is not there in xx" in spanish.output
    assert run(args=[*line, str(tmp_path / "k"), "--lesson", "g4-same-me"]).exit_code == 2
    links = ["curriculum", "export", "--course", "k", "--course", "g4", "--format", "cc", "--json", "--out"]
    facts = json.loads(run(args=[*links, str(tmp_path / "both.imscc")]).output)
    assert facts["count"] == 11 and len(facts["sha256"]) == 64


def test_a_lesson_that_is_there_in_spanish_is_exported_in_spanish(app, curriculum, tmp_path):
    line = ["curriculum", "export", "--course", "g4", "--lesson", LESSON, "--format", "gift", "--out"]
    for lang in ("en", "es"):
        result = app.test_cli_runner().invoke(args=[*line, str(tmp_path / lang), "--lang", lang])
        assert result.exit_code == 0, result.output
    english, spanish = ((tmp_path / lang).read_text(encoding="utf-8") for lang in ("en", "es"))
    assert "¿" in spanish and "¿" not in english and "(es, " in spanish
    assert english.count("[id:") == spanish.count("[id:")
