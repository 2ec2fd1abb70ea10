"""flask mail: what may be set, that the password is seen nowhere, and a letter to try it."""

import json

import pytest
import sqlalchemy as sa
from flask import Flask

from core.database import db
from people.audit_models import AuditEntry
from reminders.models import MailSettings
from tests.reminders.conftest import COURSE
from tests.reminders.post_office import PASSWORD

NEEDED = {"--host": "localhost", "--from": "lessons@evergreen.example", "--course": COURSE}


def run(app: Flask, *words: str, typed: str = ""):
    db.remove()
    return app.test_cli_runner().invoke(args=["mail", *words], input=typed)


def set_up(app: Flask, typed: str = "", **changes: str | None):
    given = {**NEEDED, **{f"--{name.replace('_', '-')}": value for name, value in changes.items()}}
    words = [each for pair in given.items() if pair[1] is not None for each in pair]
    return run(app, "set", "--district", "evergreen", *words, typed=typed)


def test_set_and_show(app, district):
    assert set_up(app).exit_code == 0
    shown = run(app, "show", "--district", "evergreen", "--json")
    facts = json.loads(shown.output)
    assert (facts["host"], facts["port"], facts["security"]) == ("localhost", 587, "starttls")
    assert (facts["password"], facts["quiet"], facts["paused"]) == (None, "sat,sun", False)
    assert run(app, "set", "--district", "evergreen", "--security", "tls").exit_code == 0
    assert json.loads(run(app, "show", "--district", "evergreen", "--json").output)["port"] == 465


def test_the_password_is_asked_for_sealed_and_shown_to_nobody(app, district):
    done = set_up(app, typed=f"{PASSWORD}\n", user="reminders")
    assert done.exit_code == 0 and PASSWORD not in done.output
    assert PASSWORD not in run(app, "show", "--district", "evergreen").output
    at_rest = db.execute(sa.text("SELECT login, password FROM mail_settings")).one()
    assert PASSWORD not in at_rest.password and "reminders" not in at_rest.login
    assert db.scalars(sa.select(MailSettings.password)).one() == PASSWORD
    assert PASSWORD not in json.dumps(list(db.scalars(sa.select(AuditEntry.detail))))
    assert run(app, "set", "--district", "evergreen", "--user", "").exit_code == 0
    db.remove()
    assert db.scalars(sa.select(MailSettings.password)).one() is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"host": "smtp example"}, "host"),
        ({"host": "-x"}, "host"),
        ({"from": "not an address"}, "from"),
        ({"from": "a@b.example\nBcc: c@d.example"}, "from"),
        ({"reply_to": "a@b.example, c@d.example"}, "reply-to"),
        ({"course": "http://lms.example/courses/1"}, "course"),
        ({"course": "javascript:alert(1)"}, "course"),
        ({"course": "https://me:secret@lms.example/"}, "course"),
        ({"course": None}, "missing: course_url"),
    ],
)
def test_what_is_refused(app, district, changes, said):
    done = set_up(app, **changes)
    assert done.exit_code == 1 and said in done.output
    db.remove()
    assert db.scalars(sa.select(MailSettings)).all() == []


@pytest.mark.parametrize("words", [("--port", "0"), ("--security", "none"), ("--send-from", "22"), ()])
def test_what_is_no_choice(app, district, words):
    assert run(app, "set", "--district", "evergreen", *words).exit_code == 2


def test_a_letter_to_try_it(app, settings, post):
    done = run(app, "test", "--district", "evergreen", "--to", "me@evergreen.example")
    assert done.exit_code == 0, done.output
    assert post.to() == ["me@evergreen.example"]


def test_what_the_server_answered(app, settings, post):
    post.refuse["me@evergreen.example"] = "550 no such user"
    done = run(app, "test", "--district", "evergreen", "--to", "me@evergreen.example")
    assert done.exit_code == 1 and "It answered 550." in done.output
    done = run(app, "test", "--district", "evergreen", "--to", "me@home.example")
    assert done.exit_code == 1 and "none of the district's domains" in done.output
    assert post.taken == []


def test_pause_and_resume(app, settings):
    assert run(app, "pause", "--district", "evergreen").exit_code == 0
    assert settings().paused_at is not None
    assert run(app, "resume", "--district", "evergreen").exit_code == 0
    assert settings().paused_at is None


def test_nothing_of_a_district_that_is_not_set_up(app, district):
    done = run(app, "show", "--district", "evergreen")
    assert done.exit_code == 1 and "sends no mail yet" in done.output
    assert run(app, "show", "--district", "nowhere").exit_code == 1
