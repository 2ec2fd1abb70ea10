"""POST /radius/v1/standing: what is answered, to whom, and by how many reads."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from access.models import Standing
from access.radius_roles import LATEST, SOONEST, Role, attributes, name_of, role_of, seconds_of
from core.database import db
from people import api_clients
from people.models import ApiClient
from tests.radius.conftest import ROLES, set_roles

AT = datetime(2026, 11, 26, 18, tzinfo=UTC)


def ask(program, body=None, **said):
    db.remove()
    return program.http.post(
        "/radius/v1/standing", json=said if body is None else body, headers=program.basic()
    )


def told(answer) -> dict[str, object]:
    """{attribute: value} of an answer; each value says that FreeRADIUS must not expand it."""
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/json"
    assert all(each["do_xlat"] is False and each["op"] == ":=" for each in answer.json.values())
    return {name: each["value"][0] for name, each in answer.json.items()}


NETWORK = {
    "reply:Termination-Action": "RADIUS-Request",
    "reply:Tunnel-Type": "VLAN",
    "reply:Tunnel-Medium-Type": "IEEE-802",
}


def test_who_may_is_on_the_network_of_their_audience(gate, stand):
    stand("jdoe", "allow")
    stand("ana", "allow", audience="pupil")
    assert told(ask(gate, username="jdoe", nas="ap-3")) == NETWORK | {
        "reply:Tunnel-Private-Group-Id": "100",
        "reply:Filter-Id": "staff-full",
        "reply:Session-Timeout": 28800,
        "control:Tmp-String-9": "staff",
    }
    assert told(ask(gate, username="ana"))["reply:Tunnel-Private-Group-Id"] == "200"


def test_who_is_limited_is_in_the_walled_garden_with_the_text_as_it_stands(gate, stand):
    stand("newhire", "limited")
    answer = told(ask(gate, username="newhire"))
    assert (answer["reply:Tunnel-Private-Group-Id"], answer["reply:Session-Timeout"]) == ("900", 600)
    assert answer["reply:Reply-Message"] == ROLES["limited"]["message"]


def test_who_is_denied_is_rejected_in_the_answer_and_not_by_its_status(gate, stand):
    stand("revoked", "deny", state="revoked", reason="revoked")
    assert told(ask(gate, username="revoked")) == {
        "control:Auth-Type": "Reject",
        "reply:Reply-Message": "Ask the help desk",
        "control:Tmp-String-9": "denied",
    }


@pytest.mark.parametrize(
    "name",
    [
        "nobody",
        "anonymous@evergreen.example",
        "host/PC-12.evergreen.example",
        "a\u0000b",
        "\ud800",
        "%{User-Name}",
    ],
)
def test_nobody_we_know_is_on_the_restricted_network(gate, name):
    assert told(ask(gate, username=name))["control:Tmp-String-9"] == "unknown"


def test_who_is_asked_for_nothing_is_restricted_too(gate, stand):
    stand("sub", None)
    assert told(ask(gate, username="sub"))["control:Tmp-String-9"] == "unknown"


def test_who_may_but_has_no_network_of_their_own_is_restricted(gate, stand):
    stand("visitor", "allow", audience="guest")
    assert told(ask(gate, username="visitor"))["reply:Tunnel-Private-Group-Id"] == "999"


@pytest.mark.parametrize(
    "said",
    ["jdoe", "JDoe", " jdoe ", "EVERGREEN\\jdoe", "j.doe@evergreen.example", "J.Doe@Evergreen.Example"],
)
def test_people_are_found_as_their_devices_name_them(gate, stand, said):
    stand("jdoe", "allow", email="j.doe@evergreen.example")
    assert told(ask(gate, username=said))["control:Tmp-String-9"] == "staff"


def test_an_address_of_another_domain_is_nobody(gate, stand):
    stand(None, "allow", email="j.doe@mail.example")
    assert told(ask(gate, username="j.doe@mail.example"))["control:Tmp-String-9"] == "unknown"


def test_a_user_name_goes_before_somebody_elses_address(gate, stand):
    stand("shared@evergreen.example", "limited")
    stand("other", "allow", email="shared@evergreen.example")
    assert told(ask(gate, username="shared@evergreen.example"))["control:Tmp-String-9"] == "limited"


def test_a_user_name_without_a_standing_does_not_borrow_one(gate, stand):
    stand("shared@evergreen.example", None)
    stand("other", "allow", email="shared@evergreen.example")
    assert told(ask(gate, username="shared@evergreen.example"))["control:Tmp-String-9"] == "unknown"


def test_of_several_requirements_the_strictest_counts(gate, stand):
    person = stand("coach", "allow")
    stand(None, "limited", person=person, requirement="guest-rua", audience="guest")
    assert told(ask(gate, username="coach"))["control:Tmp-String-9"] == "limited"
    stand(None, "deny", person=person, requirement="third", state="revoked", reason="revoked")
    assert told(ask(gate, username="coach"))["control:Tmp-String-9"] == "denied"


def test_a_requirement_of_another_audience_denies_nobody(gate, stand):
    """Who was a pupil and teaches now."""
    other = {"state": "not_applicable", "reason": "other_audience"}
    person = stand("graduate", "deny", requirement="dc-12", audience="pupil", **other)
    assert told(ask(gate, username="graduate"))["control:Tmp-String-9"] == "denied"
    stand(None, "allow", person=person)
    assert told(ask(gate, username="graduate"))["control:Tmp-String-9"] == "staff"


def test_who_has_left_is_denied_whatever_else_they_have(gate, stand):
    person = stand("left", "deny", state="not_applicable", reason="separated")
    stand(None, "allow", person=person, requirement="other")
    assert told(ask(gate, username="left"))["control:Tmp-String-9"] == "denied"


@pytest.mark.parametrize(
    ("left", "seconds"),
    [
        (None, 28800),
        (timedelta(days=9), 28800),
        (timedelta(hours=2), 7200),
        (timedelta(seconds=3), 60),
        (timedelta(days=-1), 60),
    ],
)
def test_a_session_ends_when_the_clock_changes_the_answer(gate, stand, left, seconds):
    with time_machine.travel(AT, tick=False):
        stand("jdoe", "allow", next_change_at=left and AT + left)
        assert told(ask(gate, username="jdoe"))["reply:Session-Timeout"] == seconds


@given(
    access=st.sampled_from([None, "allow", "limited", "deny", "what comes later"]),
    audience=st.sampled_from([None, "staff", "pupil", "guest", "unknown"]),
    there=st.sets(st.sampled_from(["staff", "pupil", "guest", "denied"])),
    left=st.none() | st.integers(-100_000, 10_000_000),
    seconds=st.integers(SOONEST, LATEST),
)
def test_no_facts_make_an_accept_without_a_network_or_a_longer_session(
    access, audience, there, left, seconds
):
    """And only `allow` reaches the network of an audience, and only its own."""
    roles = {
        name: Role(vlan=name, seconds=seconds).row() for name in {*there, "limited", "unknown"} - {"denied"}
    }
    name, role = role_of(name_of(access, audience), roles)
    length = seconds_of(role, None if left is None else AT + timedelta(seconds=left), AT)
    body = attributes(name, role, length)
    assert ('"Reject"' in body) == (access == "deny")
    if access != "deny":
        assert (
            f'"reply:Tunnel-Private-Group-Id": {{"op": ":=", "do_xlat": false, "value": ["{name}"]}}' in body
        )
        assert SOONEST <= length <= seconds
        assert left is None or length <= max(left, SOONEST)
    if name in ("staff", "pupil", "guest"):
        assert access == "allow" and name == audience


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", ["jdoe", "newhire", "revoked", "nobody", "j@evergreen.example"])
def test_every_answer_is_one_indexed_read(gate, stand, count_queries, method, name):
    person = stand("jdoe", "allow", email="j@evergreen.example")
    stand(None, "allow", person=person, requirement="second")
    stand("newhire", "limited")
    stand("revoked", "deny")
    ask(gate, username="jdoe")  # learns which district this client is of
    db.remove()
    said = {"json": {"username": name}} if method == "post" else {"query_string": {"username": name}}
    with count_queries() as statements:
        answer = getattr(gate.http, method)("/radius/v1/standing", headers=gate.basic(), **said)
    assert answer.status_code == 200
    (statement,) = statements
    if db.get_bind().dialect.name == "sqlite":
        # What is looked at must not grow with the district: each table by a unique key of one row or one person.
        with db.get_bind().connect() as connection:
            plan = connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", ("1",) * statement.count("?")
            )
            looked_at = " ".join(step[3] for step in plan)
        assert "SCAN" not in looked_at
        for key in (
            "client_id=?",
            "district_id=? AND scheme=? AND issuer=? AND fingerprint=?",
            "(person_id=?",
        ):
            assert key in looked_at, looked_at


def test_asking_waits_for_no_writer_and_writes_nothing(gate, stand, app):
    """On SQLite a POST usually takes the write lock; this one must answer while an import runs."""
    stand("jdoe", "allow")
    db.remove()
    with db.get_bind().begin() as writer:  # BEGIN IMMEDIATE on SQLite
        writer.execute(sa.update(ApiClient).values(name="busy"))
        assert told(ask(gate, username="jdoe"))["control:Tmp-String-9"] == "staff"
        writer.rollback()


def test_logs_name_nobody(gate, stand, district):
    stand("jdoe", "allow")
    from structlog.contextvars import get_contextvars

    with capture_logs(), gate.http:
        ask(gate, username="EVERGREEN\\jdoe", nas="library-ap-3")
        said = get_contextvars()
    assert said["role"] == "staff"
    assert len(said["person"]) == 16
    assert "jdoe" not in str(said) and "library" not in str(said)
    with gate.http:
        ask(gate, username="JDOE")
        assert get_contextvars()["person"] == said["person"], "one person is one word in the log"


@pytest.mark.parametrize(
    "body",
    [
        {"username": "jdoe", "password": "correct horse"},
        {"username": "jdoe", "User-Password": "correct horse"},
        {"nas": "ap-3"},
        {"username": ""},
        {"username": 7},
        {"username": "j" * 254},
        ["jdoe"],
    ],
)
def test_an_odd_question_is_refused_and_never_repeated(gate, stand, body):
    stand("jdoe", "allow")
    answer = ask(gate, body)
    assert (answer.status_code, answer.json["field"]) == (422, "username")
    assert "horse" not in answer.text and "jdoe" not in answer.text


def test_what_is_no_json_is_refused(gate):
    db.remove()
    answer = gate.http.post(
        "/radius/v1/standing", data=b"{broken", content_type="application/json", headers=gate.basic()
    )
    assert answer.status_code == 422


def test_strangers_are_refused(client, gate, stand, district, make_program):
    stand("jdoe", "allow")
    said = {"json": {"username": "jdoe"}}
    nobody = client.post("/radius/v1/standing", **said)
    assert nobody.status_code == 401
    assert nobody.headers["WWW-Authenticate"].startswith('Basic realm="radius"')
    wrong = client.post("/radius/v1/standing", auth=(gate.client_id, "guess"), **said)
    unheard_of = client.post("/radius/v1/standing", auth=("c_x", "guess"), **said)
    odd = client.post("/radius/v1/standing", auth=("c\u0000x", "guess"), **said)
    assert [wrong.status_code, unheard_of.status_code, odd.status_code] == [401, 401, 401]
    assert wrong.json["detail"] == unheard_of.json["detail"]
    bearer = client.post("/radius/v1/standing", headers={"Authorization": "Bearer x"}, **said)
    assert bearer.status_code == 401
    reader = make_program(district, ("standing.read",))
    assert ask(reader, username="jdoe").status_code == 403


def test_a_revoked_client_asks_no_more(gate, stand):
    stand("jdoe", "allow")
    assert ask(gate, username="jdoe").status_code == 200
    api_clients.revoke(gate.client_id)
    db.commit()
    assert ask(gate, username="jdoe").status_code == 401


def test_another_district_hears_nothing_of_ours(gate, stand, elsewhere, make_program):
    stand("jdoe", "allow", email="j@evergreen.example")
    set_roles(elsewhere)
    theirs = make_program(elsewhere, ("standing.decide",))
    for name in ("jdoe", "j@evergreen.example"):
        assert told(ask(theirs, username=name))["control:Tmp-String-9"] == "unknown"


@pytest.mark.parametrize("roles", [None, {}, {"staff": ROLES["staff"], "limited": ROLES["limited"]}])
def test_nobody_is_let_in_before_the_district_has_said_where_to(district, stand, make_program, roles):
    stand("jdoe", "allow")
    if roles is not None:
        set_roles(district, roles)
    answer = ask(make_program(district, ("standing.decide",)), username="jdoe")
    assert (answer.status_code, answer.json["type"]) == (503, "/problems/radius_not_set_up")


def test_the_answer_follows_the_standing_at_once(gate, stand):
    person = stand("jdoe", "limited")
    assert told(ask(gate, username="jdoe"))["control:Tmp-String-9"] == "limited"
    db.execute(sa.update(Standing).where(Standing.person_id == person.id).values(access="allow"))
    db.commit()
    assert told(ask(gate, username="jdoe"))["control:Tmp-String-9"] == "staff"
