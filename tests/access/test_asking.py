"""Many people in one question, events, and the whole list as a stream."""

import json

import pytest

from core.database import db
from tests.access.conftest import names_of
from tests.access.test_api import read_all, sign


def test_each_value_is_answered_in_its_place(hire, work, it, year):
    ann, bob = hire(2)
    sign(ann, year)
    work()
    asked = [names_of(bob)["sis"], "S999999", names_of(ann)["sis"], names_of(bob)["sis"]]
    items = it.ask("sis", asked).json["items"]
    assert [each["value"] for each in items] == asked
    assert [each["standing"] and each["standing"]["id"] for each in items] == [
        bob.public_id, None, ann.public_id, bob.public_id,
    ]  # fmt: skip
    assert items[2]["standing"] == it.standings(f"/sis:{names_of(ann)['sis']}").json


@pytest.mark.parametrize("scheme", ["email", "username"])
def test_names_compare_as_they_do_one_by_one(hire, work, it, scheme):
    (dee,) = hire()
    work()
    loud = names_of(dee)[scheme].upper()
    assert it.ask(scheme, [loud]).json["items"][0]["standing"]["id"] == dee.public_id
    foreign = it.ask("email", ["x@gmail.example", "\x00", "\ud800"]).json["items"]
    assert [each["standing"] for each in foreign] == [None, None, None]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"values": ["1"]}, "scheme"),
        ({"scheme": "ssn", "values": ["1"]}, "scheme"),
        ({"scheme": "sis", "values": []}, "values"),
        ({"scheme": "sis", "values": ["x"] * 1001}, "values"),
        ({"scheme": "sis", "values": ["x", 7]}, "values"),
        ({"scheme": "sis", "values": ["x" * 321]}, "values"),
        ({"scheme": "sis", "values": ["x"], "limit": 1}, "limit"),
    ],
)
def test_a_wrong_question_names_its_field_and_repeats_no_name(it, body, field):
    answer = it.post("/api/v1/standings/query", body)
    assert answer.status_code == 422 and answer.json["field"] == field
    assert "xxx" not in answer.text


def test_another_district_finds_nobody(hire, work, elsewhere, make_program):
    (dee,) = hire()
    work()
    outsider = make_program(elsewhere)
    outsider.sign_in()
    for scheme, name in {**names_of(dee), "id": dee.public_id}.items():
        assert outsider.ask(scheme, [name]).json["items"] == [{"value": name, "standing": None}]


def test_a_question_in_another_form_is_refused(it):
    headers = {"Authorization": f"Bearer {it.token}"}
    broken = it.http.post(
        "/api/v1/standings/query", data="{", headers=headers, content_type="application/json"
    )
    assert broken.status_code == 400 and broken.mimetype == "application/problem+json"


def test_events_are_replayed_from_any_number(hire, work, it, year):
    (ann, *_) = hire(3)
    work()
    sign(ann, year)
    work()
    first = it.get("/api/v1/events", limit=3).json
    assert [each["data"]["seq"] for each in first["items"]] == [1, 2, 3] and first["more"]
    last = it.get("/api/v1/events", after=first["after"]).json
    assert last["items"][0]["data"] | {"seq": 4} == {
        "person": ann.public_id, "requirement": "rua", "state": "complete", "access": "allow",
        "previous_state": "assigned", "previous_access": "limited", "seq": 4,
    }  # fmt: skip
    assert (last["after"], last["more"]) == (4, False)
    assert it.get("/api/v1/events", after=4).json == {"items": [], "after": 4, "more": False}


@pytest.mark.parametrize(("after", "status"), [(5, 410), (-1, 422), (2**63, 422), ("x", 422)])
def test_a_number_that_is_none_of_the_log(it, after, status):
    answer = it.get("/api/v1/events", after=after)
    assert answer.status_code == status and answer.json["field"] == "after"


def test_events_of_another_district_are_not_told(hire, work, elsewhere, make_program):
    hire(2)
    work()
    outsider = make_program(elsewhere)
    outsider.sign_in()
    assert outsider.get("/api/v1/events").json == {"items": [], "after": 0, "more": False}


def test_the_list_as_a_stream_is_the_list(hire, work, it, monkeypatch):
    from access import streaming

    monkeypatch.setattr(streaming, "PAGE", 3)
    hire(7)
    work()
    items, _delta = read_all(it)
    streamed = it.get("/api/v1/standings", headers={"Accept": "application/x-ndjson"}, requirement="rua")
    assert streamed.mimetype == "application/x-ndjson"
    *lines, last = [json.loads(line) for line in streamed.text.splitlines()]
    assert lines == items
    db.remove()
    assert it.standings("/changes", delta=last["delta"]).json["items"] == []
    assert it.standings(accept="x").json["field"] == "accept"


def test_what_changes_while_a_stream_is_read_stands_in_the_changes(hire, work, it, year, monkeypatch):
    from access import streaming

    monkeypatch.setattr(streaming, "PAGE", 2)
    people = hire(4)
    work()
    streamed = it.http.get(
        "/api/v1/standings",
        headers={"Authorization": f"Bearer {it.token}", "Accept": "application/x-ndjson"},
        buffered=False,
    )
    chunks = iter(streamed.response)
    next(chunks)
    sign(people[0], year)  # told already
    work()
    last = json.loads(
        "".join(each if isinstance(each, str) else each.decode() for each in chunks).splitlines()[-1]
    )
    (changed,) = it.standings("/changes", delta=last["delta"]).json["items"]
    assert (changed["id"], changed["state"]) == (people[0].public_id, "complete")
