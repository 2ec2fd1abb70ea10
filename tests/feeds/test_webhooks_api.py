"""IT's programs manage webhooks by the interface: every verb of `flask feed`, within their district."""

import pytest
import sqlalchemy as sa

from core.database import db
from feeds.models import Feed
from people.audit_models import AuditEntry
from tests.feeds.managing import AT, manage
from tests.feeds.receiver import says, taken, verified
from tests.lti_tool.certification.test_keys import log_lines


@pytest.fixture
def added(manager, receiver):
    answer = manager.send("POST", "", {"name": "SIEM", "url": receiver.url, "after": 0})
    assert answer.status_code == 201, answer.text
    return answer


def test_a_webhook_is_added_tried_and_told(manager, added, receiver, change, deliver):
    made = added.json
    assert added.headers["Location"] == f"{AT}/{made['id']}"
    assert made["state"] == "ok" and made["events"] == ["standing.changed", "person.erased"]
    assert manager.send("POST", f"/{made['id']}/test").json == {
        "taken": True, "status": 204, "error": None, "detail": None,
    }  # fmt: skip
    change()
    deliver()
    tried, told = receiver.got
    assert verified(made["secret"], tried) and tried.event["type"] == "feed.test"
    assert verified(made["secret"], told) and told.seq == 1
    (listed,) = manager.send("GET").json["items"]
    assert (listed["told_to"], listed["behind"]) == (1, 0)
    assert "secret" not in listed and "k3y" not in str(listed), "the path of the address is a key"


def test_it_is_changed_paused_resumed_rotated_replayed_and_removed_and_each_is_audited(
    manager, added, receiver, change, deliver
):
    here = f"/{added.json['id']}"
    changed = manager.send(
        "PATCH", here, {"name": "SOC", "events": ["standing.changed"], "paused": True}
    ).json
    assert (changed["name"], changed["events"], changed["state"]) == ("SOC", ["standing.changed"], "paused")
    change()
    deliver()
    assert receiver.got == []
    assert manager.send("PATCH", here, {"paused": False}).json["state"] == "ok"
    fresh = manager.send("POST", f"{here}/secret").json
    deliver()
    assert verified(fresh["secret"], receiver.got[0]) and verified(added.json["secret"], receiver.got[0])
    assert manager.send("POST", f"{here}/replay", {"after": 0}).json["told_to"] == 0
    deliver()
    assert receiver.seqs == [1, 1] and receiver.got[0].id == receiver.got[1].id
    assert manager.send("DELETE", here).status_code == 204
    assert manager.send("GET", here).status_code == 404
    db.remove()
    entries = db.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq)).all()
    mine = [each.action for each in entries if each.actor == f"client:{manager.client_id}"]
    assert mine == [
        "feed_added", "feed_changed", "feed_paused", "feed_resumed", "feed_secret_changed", "feed_replayed",
        "feed_removed",
    ]  # fmt: skip


def test_what_it_has_not_taken_is_listed_with_the_next_try(manager, added, receiver, change, deliver):
    here = f"/{added.json['id']}"
    receiver.answer = says(503)
    ann = change()
    change(person=ann)
    deliver()
    waiting = manager.send("GET", f"{here}/undelivered", None, None).json
    first, second = waiting["items"]
    assert (first["seq"], first["tries"], first["last_error"], first["last_status"]) == (
        1,
        1,
        "answered",
        503,
    )
    assert first["next_try_at"] and (second["seq"], second["tries"], second["last_error"]) == (2, 0, None)
    assert ann.public_id not in str(waiting), "who it is about is for another scope"
    assert manager.send("GET", here).json["state"] == "failing"
    receiver.answer = taken
    assert manager.send("PATCH", here, {"paused": False}).json["state"] == "ok"
    deliver()
    assert manager.send("GET", f"{here}/undelivered").json == {"items": [], "more": False}


def test_one_event_is_told_again_and_none_before_its_turn(manager, added, receiver, change, deliver):
    here = f"/{added.json['id']}"
    change(), change()
    assert manager.send("POST", f"{here}/replay/1").status_code == 409, "it comes in its turn"
    deliver()
    assert manager.send("POST", f"{here}/replay/1").json["taken"]
    assert receiver.seqs == [1, 2, 1] and receiver.got[2].id == receiver.got[0].id
    assert manager.send("GET", here).json["told_to"] == 2
    assert manager.send("POST", f"{here}/replay/7").status_code == 404


def test_it_is_told_only_what_it_wants(manager, added, receiver, change, deliver):
    here = f"/{added.json['id']}"
    manager.send("PATCH", here, {"events": ["roster.imported"]})
    change()
    deliver()
    assert receiver.got == []
    assert manager.send("GET", here).json["behind"] == 0, "what it does not want holds it up no more"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "x", "url": "ftp://hooks.example.org/"}, "url"),
        ({"name": "x", "url": "https://user:word@hooks.example.org/"}, "url"),
        ({"name": "x"}, "url"),
        ({"name": "", "url": "https://hooks.example.org/"}, "name"),
        ({"name": "x", "url": "https://hooks.example.org/", "events": ["everything"]}, "events"),
        ({"name": "x", "url": "https://hooks.example.org/", "colour": "red"}, "colour"),
    ],
)
def test_what_is_odd_is_refused_by_its_name(manager, body, field):
    answer = manager.send("POST", "", body)
    assert (answer.status_code, answer.json["field"]) == (422, field)
    assert db.scalar(sa.select(sa.func.count(Feed.id))) == 0


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/", "https://10.0.0.8/x", "https://[::1]/", "http://1.1.1.1/"]
)
def test_an_address_that_points_inward_is_refused_when_it_is_added_and_when_it_is_changed(
    app, manager, added, url, monkeypatch
):
    from core.http import allow_private_network

    allow_private_network(False)
    monkeypatch.setattr("feeds.api._plain_allowed", lambda: False)
    try:
        assert manager.send("POST", "", {"name": "inward", "url": url}).json["field"] == "url"
        refused = manager.send("PATCH", f"/{added.json['id']}", {"url": url, "name": "changed"})
        assert (refused.status_code, refused.json["type"]) == (422, "/problems/odd_address")
    finally:
        allow_private_network(True)
    assert manager.send("GET", f"/{added.json['id']}").json["name"] == "SIEM", "nothing of it was changed"


def test_the_webhooks_of_another_district_are_not_there_and_that_is_logged(
    app,
    manager,
    added,
    elsewhere,
    make_program,
):
    outsider = manage(app, make_program(elsewhere, ("webhook.manage",)))
    here = f"/{added.json['id']}"
    assert outsider.send("GET").json == {"items": []}
    with log_lines() as lines:
        for method, path, body in (
            ("GET", here, None), ("PATCH", here, {"paused": True}), ("DELETE", here, None),
            ("POST", f"{here}/secret", None), ("POST", f"{here}/test", None), ("GET", f"{here}/undelivered", None),
            ("POST", f"{here}/replay", {"after": 0}), ("POST", f"{here}/replay/1", None),
        ):  # fmt: skip
            answer = outsider.send(method, path, body)
            assert (answer.status_code, answer.json["type"]) == (404, "/problems/no_such_feed"), (
                method,
                path,
            )
    logged = "\n".join(lines)
    assert f"webhook:{added.json['id']}" in logged and outsider.client_id in logged
    assert manager.send("GET", here).json["state"] == "ok"


def test_a_file_feed_is_no_webhook(manager, district, tmp_path):
    from feeds import setting_up
    from people.audit import COMMAND

    feed = setting_up.add_files(district, "nightly", str(tmp_path), ("gam",), COMMAND)
    db.commit()
    assert manager.send("GET").json == {"items": []}
    assert manager.send("DELETE", f"/{feed.id}").status_code == 404


def test_only_a_token_of_the_scope_gets_in(app, district, make_program, manager, later):
    reader = manage(app, make_program(district, ("standing.read", "audit.read")))
    assert reader.send("GET").status_code == 403
    both = manage(app, make_program(district, ("standing.read", "webhook.manage")))
    both.sign_in(scope="standing.read")
    assert both.send("POST", "", {"name": "x", "url": "https://hooks.example.org/"}).status_code == 403
    manager.token = manager.token[:-1] + "x"
    assert manager.send("GET").status_code == 401
    manager.sign_in()
    with later(hours=1):
        assert manager.send("DELETE", "/1").status_code == 401, "it has expired"


def test_the_district_has_no_more_than_twenty(manager, receiver, monkeypatch):
    monkeypatch.setattr("feeds.setting_up.MOST_FEEDS", 1)
    assert manager.send("POST", "", {"name": "a", "url": receiver.url}).status_code == 201
    again = manager.send("POST", "", {"name": "b", "url": receiver.url})
    assert again.status_code == 409 and "remove one first" in again.json["detail"]
