"""Completions and signed evidence, for programs that may read them."""

import pytest
import sqlalchemy as sa
from structlog.contextvars import get_contextvars

from completion import ledger
from completion.models import Evidence
from core.clock import now
from core.database import db
from people.disclosure_models import Disclosure
from people.school_years import current_school_year
from tests.access.conftest import names_of


@pytest.fixture
def auditor(district, make_program):
    program = make_program(district, ("audit.read",))
    program.sign_in()
    return program


def show(person, part, year, kind="course") -> Evidence:
    row = ledger.record_evidence(person, part, year, kind=kind, version="v1", source="attempt 1")
    db.commit()
    return row


def everything(program, **query):
    items, cursor = [], {}
    while True:
        page = program.get("/api/v1/completions", **query, **cursor).json
        items += page["items"]
        if page["next"] is None:
            return items
        cursor = {"cursor": page["next"]}


def test_pages_hold_everything_once_in_order_and_nothing_voided(hire, year, auditor):
    people = hire(5)
    rows = [show(each, "lesson:m7", year).public_id for each in people]
    voided = db.scalars(sa.select(Evidence).filter_by(public_id=rows[2])).one()
    voided.voided_at, voided.void_reason = now(), "not_here"
    db.commit()
    items = everything(auditor, limit=2)
    assert [each["id"] for each in items] == [rows[0], rows[1], rows[3], rows[4]]
    first = items[0]
    assert first.pop("completed_at").endswith("Z")
    assert first == {
        "id": rows[0], "person": people[0].public_id, "ids": names_of(people[0]), "audience": "staff",
        "part": "lesson:m7", "kind": "course", "period": year.name, "version": "v1",
    }  # fmt: skip
    assert set(db.scalars(sa.select(Disclosure.kind))) == {"completions"}


def test_filters(hire, year, auditor, grade_4, make_person):
    (dee,) = hire()
    pupil = make_person("pupil")
    signed = show(dee, "attestation:rua", year, "agreement").public_id
    taught = show(pupil, "lesson:a", year).public_id

    def found(**query):
        return [each["id"] for each in everything(auditor, **query)]

    assert found(requirement="rua") == [signed]
    assert found(requirement="dc-test") == found(lesson="a") == found(audience="pupil") == [taught]
    assert found(period=year.name) == [signed, taught]
    assert found(period="1999-00") == found(requirement="nothing") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"cursor": "made-up"}, "cursor"),
        ({"period": "this year"}, "period"),
        ({"limit": 1001}, "limit"),
        ({"lesson": "%"}, "lesson"),
        ({"score": 1}, "score"),
    ],
)
def test_a_wrong_parameter_is_named(auditor, query, field):
    answer = auditor.get("/api/v1/completions", **query)
    assert answer.status_code == 422 and answer.json["field"] == field


def test_a_cursor_keeps_its_filters_and_its_district(hire, year, auditor, elsewhere, make_program):
    for each in hire(2):
        show(each, "lesson:m7", year)
    cursor = auditor.get("/api/v1/completions", limit=1, requirement="rua").json["next"]
    assert auditor.get("/api/v1/completions", cursor=cursor, period="2026-27").json["field"] == "cursor"
    outsider = make_program(elsewhere, ("audit.read",))
    outsider.sign_in()
    assert outsider.get("/api/v1/completions", cursor=cursor).status_code == 422
    assert outsider.get("/api/v1/completions").json["items"] == []


def test_evidence_comes_with_its_record_and_its_verdict(hire, year, auditor):
    (dee,) = hire()
    row = show(dee, "lesson:m7", year)
    path = f"/api/v1/evidence/{row.public_id}"
    answer = auditor.get(path).json
    assert answer["jws"].count(".") == 2 and answer["voided_at"] is None
    assert auditor.get(f"{path}/verify").json == {
        "id": row.public_id, "holds": True, "fault": None, "voided": False,
    }  # fmt: skip
    db.execute(sa.update(Evidence).values(part="lesson:another"))
    db.commit()
    assert auditor.get(f"{path}/verify").json["fault"] == "altered: part"


@pytest.mark.parametrize("tail", ["", "/verify"])
def test_another_districts_evidence_is_as_good_as_none(hire, year, auditor, elsewhere, make_program, tail):
    (dee,) = hire()
    row = show(dee, "lesson:m7", year)
    outsider = make_program(elsewhere, ("audit.read",))
    outsider.sign_in()
    with outsider.http:
        foreign = outsider.get(f"/api/v1/evidence/{row.public_id}{tail}")
        logged = get_contextvars()["asked"]
    none = outsider.get(f"/api/v1/evidence/ev_nothing{tail}")
    assert foreign.status_code == none.status_code == 404
    assert foreign.json | {"reference": ""} == none.json | {"reference": ""}
    assert len(logged) == 16 and int(logged, 16)


def test_who_may_read_standings_may_not_read_this(hire, year, it, auditor):
    current_school_year(year.district_id)
    for path in ("/api/v1/completions", "/api/v1/evidence/ev_x", "/api/v1/evidence/ev_x/verify"):
        refused = it.get(path)
        assert refused.status_code == 403 and 'scope="audit.read"' in refused.headers["WWW-Authenticate"]
    assert auditor.standings().status_code == 403


def test_what_a_page_costs_does_not_grow(hire, year, auditor, count_queries):
    costs = set()
    auditor.get("/api/v1/completions")  # takes its share of the minute's calls
    for count in (2, 20):
        for each in hire(count):
            show(each, "lesson:m7", year)
        db.remove()
        with count_queries() as statements:
            assert auditor.get("/api/v1/completions", limit=1000).status_code == 200
        costs.add(len(statements))
    assert costs == {4}, "token, rows, the note, names"
