"""The pull interface, as a district's script would use it."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from access.models import Standing
from completion import ledger, requirements
from core.clock import now
from core.database import db
from people.directory import link_identity
from people.models import Person
from people.school_years import current_school_year
from tests.access.conftest import names_of


def sign(person, year) -> None:
    ledger.record_evidence(
        person, "attestation:rua", year, kind="agreement", version="rua-2026.1", source="attestation 1"
    )
    db.commit()


def read_all(program, **query):
    """Every page of the list: (items, delta)."""
    items, cursor = [], {}
    while True:
        page = program.standings(**query, **cursor).json
        items += page["items"]
        if page["next"] is None:
            return items, page["delta"]
        assert page["delta"] is None
        cursor = {"cursor": page["next"]}


def test_an_item_says_all_of_access_1_3(hire, work, year, district, make_program):
    with time_machine.travel(datetime(2026, 11, 24, 18, tzinfo=UTC), tick=False):
        (dee,) = hire()
        sign(dee, year)
        work()
        it = make_program(district)
        it.sign_in()
        (item,) = it.standings().json["items"]
    evidence = item.pop("evidence")
    assert evidence.startswith("ev_")
    assert item == {
        "id": dee.public_id,
        "ids": names_of(dee),
        "audience": "staff",
        "requirement": "rua",
        "period": "2026-27",
        "state": "complete",
        "access": "allow",
        "would_be": "allow",
        "reason": "agreement",
        "completed_at": "2026-11-24T18:00:00Z",
        "valid_until": "2027-08-31",
        "due_at": None,
        "grace_until": None,
        "next_change_at": "2027-08-01T07:00:00Z",
        "policy_version": "rua-2026.1",
        "seq": 1,
    }


def test_pages_visit_everybody_once(hire, work, it):
    people = hire(7)
    work()
    items, _delta = read_all(it, limit=3)
    assert sorted(item["id"] for item in items) == sorted(person.public_id for person in people)


def test_nothing_is_lost_between_the_list_and_its_changes(hire, work, it, year):
    people = hire(5)
    work()
    first = it.standings(limit=2).json
    sign(people[0], year)  # on the page already read
    work()
    newcomer = hire(1)[0]
    work()
    seen = {item["id"]: item for item in first["items"]}
    page = first
    while page["next"]:
        page = it.standings(limit=2, cursor=page["next"]).json
        seen |= {item["id"]: item for item in page["items"]}
    changed = it.standings("/changes", delta=page["delta"]).json
    seen |= {item["id"]: item for item in changed["items"]}
    assert changed["more"] is False
    assert seen[people[0].public_id]["state"] == "complete"
    assert newcomer.public_id in seen and len(seen) == 6


def test_changes_come_in_order_and_once_a_person(hire, work, it, year):
    people = hire(3)
    work()
    _items, delta = read_all(it)
    for person in (people[2], people[0]):
        sign(person, year)
        work()
    ledger.record_evidence(people[2], "lesson:m7", year, kind="course", version="v1", source="attempt 1")
    first = it.standings("/changes", delta=delta, limit=1).json
    assert [item["id"] for item in first["items"]] == [people[2].public_id] and first["more"] is True
    second = it.standings("/changes", delta=first["delta"], limit=1).json
    assert [item["id"] for item in second["items"]] == [people[0].public_id] and second["more"] is False
    assert first["items"][0]["seq"] < second["items"][0]["seq"]
    nothing = it.standings("/changes", delta=second["delta"]).json
    assert nothing["items"] == [] and nothing["more"] is False


def test_clock_driven_changes_are_among_them(hire, work, district, make_program):
    with time_machine.travel(datetime(2026, 11, 10, 18, tzinfo=UTC)) as clock:
        hire(1)
        work()
        it = make_program(district)
        it.sign_in()
        _items, delta = read_all(it)
        clock.move_to(datetime(2026, 11, 25, 8, 1, tzinfo=UTC))
        work()
        it.sign_in()
        (item,) = it.standings("/changes", delta=delta).json["items"]
    assert item["state"] == "overdue"


def test_filters_hold_through_cursor_and_delta(hire, work, it, year, grade_4, make_person):
    hire(2)
    pupils = [make_person("pupil") for _ in range(2)]
    for pupil in pupils:
        requirements.assign(pupil, "dc-test", year)
    db.commit()
    work()
    items, delta = read_all(it, limit=1, audience="pupil")
    assert {item["id"] for item in items} == {pupil.public_id for pupil in pupils}
    assert len(read_all(it, limit=1, requirement="rua")[0]) == 2
    assert len(read_all(it, limit=1)[0]) == 4
    hire(1)
    ledger.record_evidence(pupils[0], "lesson:a", year, kind="course", version="v1", source="attempt 1")
    db.commit()
    work()
    changed = it.standings("/changes", delta=delta).json
    assert [item["id"] for item in changed["items"]] == [pupils[0].public_id]
    cursor = it.standings(limit=1, audience="pupil").json["next"]
    assert it.standings(cursor=cursor, audience="staff").json["field"] == "cursor"


@pytest.mark.parametrize("scheme", ["sis", "email", "username", "id"])
def test_a_person_is_found_by_any_of_their_names(hire, work, it, scheme):
    people = hire(2)
    work()
    name = {**names_of(people[1]), "id": people[1].public_id}[scheme]
    assert it.standings(f"/{scheme}:{name}").json["id"] == people[1].public_id


def test_an_unchanged_answer_is_not_sent_again(hire, work, it, year):
    (dee,) = hire()
    work()
    path = f"/api/v1/standings/sis:{names_of(dee)['sis']}"
    first = it.get(path)
    again = it.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    sign(dee, year)
    work()
    changed = it.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200 and changed.headers["ETag"] != first.headers["ETag"]


def test_without_a_requirement_the_strictest_standing_answers(hire, work, it, year, grade_4):
    (dee,) = hire()
    requirements.define("rua-extra", "staff", "More", [["lesson:extra"]])
    requirements.assign(dee, "rua-extra", year)
    sign(dee, year)
    work()
    sis = names_of(dee)["sis"]
    assert it.standings(f"/sis:{sis}").json["requirement"] == "rua-extra"
    assert it.standings(f"/sis:{sis}", requirement="rua").json["access"] == "allow"


@pytest.mark.parametrize(
    "path",
    ["/sis:S999999", "/id:p_nobody", "/id:%00", "/sis:%00", "/email:x@gmail.example", "/upn:x", "/sis:"],
)
def test_nobody_by_that_name_is_a_plain_404(hire, work, it, path):
    hire()
    work()
    answer = it.standings(path)
    assert answer.status_code == 404 and answer.mimetype == "application/problem+json"


def test_an_address_of_a_foreign_domain_neither_shows_nor_finds(hire, work, it):
    (dee,) = hire()
    db.execute(sa.text("DELETE FROM identity WHERE scheme = 'email'"))
    link_identity(dee, scheme="email", value="dee@mail.example", source="launch")
    db.commit()
    work()
    (item,) = it.standings().json["items"]
    assert "email" not in item["ids"]
    assert it.standings("/email:dee@mail.example").status_code == 404


def test_another_district_sees_and_finds_nothing(hire, work, it, elsewhere, make_program):
    (dee,) = hire()
    work()
    outsider = make_program(elsewhere)
    outsider.sign_in()
    assert outsider.standings().json["items"] == []
    for scheme, name in {**names_of(dee), "id": dee.public_id}.items():
        assert outsider.standings(f"/{scheme}:{name}").status_code == 404
    _items, delta = read_all(it)
    foreign = outsider.standings("/changes", delta=delta)
    assert foreign.status_code == 410
    hire(2)
    work()
    cursor = it.standings(limit=1).json["next"]
    assert outsider.standings(cursor=cursor).status_code == 422


def test_an_old_delta_says_how_to_begin_again(hire, work, it):
    hire()
    work()
    _items, delta = read_all(it)
    with time_machine.travel(now() + timedelta(days=31)):
        it.sign_in()
        answer = it.standings("/changes", delta=delta)
    assert answer.status_code == 410
    assert (
        answer.json["type"].endswith("delta-expired") and "List all standings again" in answer.json["detail"]
    )


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("", {"limit": 0}, "limit"),
        ("", {"limit": 1001}, "limit"),
        ("", {"limit": "many"}, "limit"),
        ("", {"audience": "parents"}, "audience"),
        ("", {"requirement": "Rua!"}, "requirement"),
        ("", {"requirment": "rua"}, "requirment"),
        ("", {"cursor": "made-up"}, "cursor"),
        ("/changes", {}, "delta"),
        ("/id:p_x", {"requirement": "%"}, "requirement"),
    ],
)
def test_a_wrong_parameter_is_named(it, path, query, field):
    answer = it.standings(path, **query)
    assert answer.status_code == 422, answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.json["field"] == field and answer.json["detail"]


def test_a_made_up_delta_is_gone(it):
    assert it.standings("/changes", delta="made-up").status_code == 410


def test_writing_is_refused_with_the_methods_there_are(it):
    answer = it.http.post("/api/v1/standings")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"] and answer.mimetype == "application/problem+json"


def test_html_pages_stay_html(client):
    assert client.get("/no-such-page").mimetype == "text/html"


def test_what_a_call_costs_does_not_grow(hire, work, it, count_queries):
    people = hire(3)
    work()
    _items, delta = read_all(it)
    costs = {}

    def count(name, *args, **query):
        with count_queries() as statements:
            assert it.standings(*args, **query).status_code == 200
        costs.setdefault(name, set()).add(len(statements))

    def count_all():
        count("one", f"/sis:{names_of(people[0])['sis']}")
        count("list", limit=1000)
        count("changes", "/changes", delta=delta)
        asked = [names_of(each)["sis"] for each in db_people()]
        with count_queries() as statements:
            answer = it.ask("sis", asked)
        assert answer.status_code == 200 and all(each["standing"] for each in answer.json["items"])
        costs.setdefault("query", set()).add(len(statements))

    def db_people():
        return db.scalars(sa.select(Person).where(Person.audience == "staff")).all()

    db.execute(sa.update(Standing).values(seq=Standing.seq + 100))
    db.execute(sa.text("UPDATE standing_log SET last_seq = last_seq + 100"))
    db.commit()
    count_all()
    hire(20)
    work()
    count_all()
    # Token; then name, standing and names; or log, rows, the note of what was disclosed, and names; of changes also who
    # was merged and who was erased.
    assert costs == {"one": {4}, "list": {5}, "changes": {7}, "query": {5}}


@pytest.mark.parametrize("requirement", ["rua", None])
def test_a_far_page_reads_no_more_rows_than_the_first(hire, work, district, requirement):
    """The keyset stands on the index, so a page costs the same wherever it lies."""
    hire(3)
    work()
    from access.bookmarks import Filters
    from access.listing import in_order

    wanted = in_order(district.id, Filters(requirement=requirement), ("rua", 1))
    plan = "EXPLAIN QUERY PLAN " if db.get_bind().dialect.name == "sqlite" else "EXPLAIN "
    compiled = wanted.compile(db.get_bind(), compile_kwargs={"literal_binds": True})
    if db.get_bind().dialect.name == "postgresql":
        db.execute(sa.text("SET LOCAL enable_seqscan = off"))
        db.execute(sa.text("SET LOCAL enable_sort = off"))
    lines = " ".join(str(row) for row in db.execute(sa.text(plan + str(compiled))))
    assert "ix_standing_district_id_requirement_id" in lines
    assert "TEMP B-TREE" not in lines and "Sort" not in lines


def test_a_stranger_in_the_same_list_is_never_mixed_in(hire, work, it, elsewhere, rua):
    stranger = Person(district_id=elsewhere.id, audience="staff")
    db.add(stranger)
    db.flush()
    requirements.assign(stranger, "rua", current_school_year(elsewhere.id))
    db.commit()
    people = hire(2)
    work()
    items, _delta = read_all(it)
    assert {item["id"] for item in items} == {person.public_id for person in people}
