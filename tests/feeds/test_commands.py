"""flask feed."""

import json

import pytest
import sqlalchemy as sa

from core.database import db
from feeds.models import Feed
from people.audit_models import AuditEntry
from tests.feeds.receiver import says, verified


@pytest.fixture
def run(app, district):
    def command(*words: str):
        db.remove()
        return app.test_cli_runner().invoke(args=["feed", *words])

    return command


@pytest.fixture
def added(run, receiver):
    said = run("add", "--district", "evergreen", "--name", "hook", "--url", receiver.url, "--json")
    assert said.exit_code == 0, said.output
    return json.loads(said.output)


def test_a_feed_is_added_tested_and_listed_and_its_secret_is_shown_once(run, added, receiver):
    tested = run("test", "--district", "evergreen", str(added["feed"]), "--json")
    assert json.loads(tested.output)["status"] == 204
    (got,) = receiver.got
    assert verified(added["secret"], got) and got.event["type"] == "feed.test" and got.event["data"] == {}
    listed = run("list", "--district", "evergreen", "--json")
    (facts,) = json.loads(listed.output)["feeds"]
    assert (facts["state"], facts["cursor"], facts["behind"]) == ("ok", 0, 0)
    assert added["secret"] not in listed.output and receiver.url not in listed.output


def test_a_test_that_is_not_taken_exits_1_and_says_why(run, added, receiver):
    receiver.answer = says(404)
    said = run("test", "--district", "evergreen", str(added["feed"]))
    assert said.exit_code == 1 and "It answered 404" in said.output
    soon = run("test", "--district", "evergreen", str(added["feed"]))
    assert soon.exit_code == 1 and "a moment ago" in soon.output


def test_a_feed_is_paused_resumed_replayed_rotated_and_removed_and_each_is_audited(
    run, added, change, receiver, deliver, district
):
    number = str(added["feed"])
    here = ("--district", "evergreen", number)
    change()
    assert run("pause", *here).exit_code == 0
    deliver()
    assert receiver.got == []
    assert "paused at 0, 1 behind" in run("list", "--district", "evergreen").output
    assert run("resume", *here).exit_code == 0
    deliver()
    fresh = json.loads(run("rotate", *here, "--json").output)["secret"]
    assert run("replay", *here, "--from", "1").exit_code == 0
    deliver()
    assert receiver.seqs == [1, 1] and receiver.got[0].id == receiver.got[1].id
    assert not verified(fresh, receiver.got[0])
    assert verified(fresh, receiver.got[1]) and verified(added["secret"], receiver.got[1])
    assert run("remove", *here).exit_code == 0
    assert "no feed yet" in run("list", "--district", "evergreen").output
    actions = db.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert actions == [
        "feed_added", "feed_paused", "feed_resumed", "feed_secret_changed", "feed_replayed", "feed_removed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        (("replay", "--district", "evergreen", "{n}", "--from", "9"), "numbers 1 to 0"),
        (("pause", "--district", "elsewhere", "{n}"), "no feed"),
        (("remove", "--district", "evergreen", "999"), "no feed"),
        (("add", "--district", "evergreen", "--name", "hook", "--url", "https://x.example/"), "already"),
        (("add", "--district", "evergreen", "--name", " ", "--url", "https://x.example/"), "name"),
        (("add", "--district", "evergreen", "--name", "b", "--url", "ftp://x.example/"), "address"),
        (
            ("add", "--district", "evergreen", "--name", "b", "--url", "https://x.example/", "--from", "5"),
            "1 to 0",
        ),
    ],
)
def test_a_refusal_is_one_line_and_exit_1(run, added, elsewhere, words, refused):
    said = run(*(word.format(n=added["feed"]) for word in words))
    assert said.exit_code == 1 and refused in said.output and len(said.output.strip().splitlines()) == 1


def test_a_district_has_so_many_feeds_and_no_more(run, added, monkeypatch):
    monkeypatch.setattr("feeds.setting_up.MOST_FEEDS", 1)
    said = run("add", "--district", "evergreen", "--name", "b", "--url", "https://x.example/")
    assert said.exit_code == 1 and "1 feeds" in said.output
    assert db.scalar(sa.select(sa.func.count()).select_from(Feed)) == 1


def test_a_file_feed_is_added_and_says_where_and_what(run, tmp_path):
    here = ("add", "--district", "evergreen", "--kind", "csv", "--name", "nightly")
    said = run(*here, "--folder", str(tmp_path), "--shape", "gam", "--shape", "onesync", "--json")
    assert json.loads(said.output)["shapes"] == ["gam", "onesync"]
    number = str(json.loads(said.output)["feed"])
    for refused in (("test",), ("rotate",), ("accept",), ("replay", "--from", "1")):
        said = run(refused[0], "--district", "evergreen", number, *refused[1:])
        assert said.exit_code == 1 and "refused:" in said.output, refused
    assert run(*here).exit_code == 2, "it needs a folder"
