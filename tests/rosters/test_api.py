"""IT's programs hand in roster files: the same files, guard and refusals as `flask roster import`."""

import io
import json
import threading
import uuid

import pytest
import sqlalchemy as sa

from core.database import db
from people.audit import COMMAND
from people.audit_models import AuditEntry
from people.client_models import KeptAnswer
from people.models import District, Person
from rosters.bounds import MOST_SHOWN
from rosters.holding import approve, held_import
from rosters.models import RosterImport
from tests.access.conftest import Program, make_program  # noqa: F401  # a fixture
from tests.rosters.conftest import everything, places
from tests.rosters.files import district as rolls
from tests.rosters.files import staff_csv, staff_row, staff_rows

AT = "/api/v1/rosters"


class Sender(Program):
    def hand_in(self, path, query="", key="new", kind="application/octet-stream", **more):
        db.remove()
        headers = {"Authorization": f"Bearer {self.token}"}
        if key is not None:
            headers["Idempotency-Key"] = str(uuid.uuid4()) if key == "new" else key
        content = path.read_bytes() if hasattr(path, "read_bytes") else path
        return self.http.post(f"{AT}{query}", data=content, headers=headers, content_type=kind, **more)


@pytest.fixture
def sender(app, district, make_program):  # noqa: F811
    return send_for(app, make_program(district, ("roster.write",)))


def send_for(app, program) -> Sender:
    made = Sender(app, program.client_id, program.secret)
    made.sign_in()
    return made


def test_a_zip_and_a_staff_file_go_in_and_say_what_they_did(sender, tmp_path, known):
    zipped = rolls(40).write(tmp_path, "1.2")
    looked = sender.hand_in(zipped, "?dry_run=true", kind="application/zip")
    assert (looked.status_code, looked.json["state"], looked.json["id"]) == (200, "dry_run", None)
    assert looked.json["counts"]["added"] == 40 and db.scalar(sa.select(sa.func.count(RosterImport.id))) == 0
    taken = sender.hand_in(zipped, kind="application/zip")
    assert (taken.status_code, taken.json["state"]) == (201, "done")
    assert taken.json["counts"] == looked.json["counts"]
    staff = sender.hand_in(staff_csv(tmp_path, staff_rows(3)), kind="text/csv; charset=utf-8")
    assert (staff.status_code, staff.json["source"], staff.json["counts"]["rows"]) == (201, "staff_csv", 3)
    assert places(known("sis", "E1")) == [("fir", "staff", "teacher", None, True)]
    read = sender.get(taken.headers["Location"])
    assert read.status_code == 200 and read.json["counts"] == taken.json["counts"]
    db.remove()
    entry = db.scalars(sa.select(AuditEntry).filter_by(action="roster_imported")).first()
    assert entry.actor == f"client:{sender.client_id}" and entry.detail["sha256"] == taken.json["sha256"]


def test_what_is_wrong_is_said_by_row_and_nothing_goes_in(sender, tmp_path):
    before = everything()
    rows = [staff_row(1), staff_row(2, job="wizard"), *(staff_row(n, hired_on="soon") for n in range(3, 203))]
    answer = sender.hand_in(staff_csv(tmp_path, rows))
    assert answer.status_code == 422 and answer.mimetype == "application/problem+json"
    assert answer.json["type"] == "/problems/roster_refused" and answer.json["error_count"] == 201
    assert len(answer.json["errors"]) == MOST_SHOWN
    assert answer.json["errors"][0]["file"] == "staff.csv" and answer.json["errors"][0]["line"] == 3
    assert "wizard" in answer.json["errors"][0]["detail"] and "\n" not in answer.json["detail"]
    assert everything() == before


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"", "text/csv", 422),
        (b"PK\x03\x04nonsense", "application/zip", 422),
        (b"a,b\n1,2\n", "text/csv", 422),
        (b"\xff\xfeh\x00", "text/csv", 422),
        (b"sis_id\n", "application/json", 415),
        (b"sis_id\n", "multipart/form-data; boundary=x", 415),
    ],
)
def test_what_is_no_roster_is_refused(sender, content, kind, status):
    answer = sender.hand_in(content, kind=kind)
    assert answer.status_code == status and answer.mimetype == "application/problem+json"
    assert db.scalar(sa.select(sa.func.count(KeptAnswer.id))) == 0, "and the key is free"


def test_a_file_that_is_too_large_is_refused_whether_it_says_so_or_not(sender, monkeypatch):
    monkeypatch.setattr("rosters.receiving.LARGEST_FILE", 1000)
    assert sender.hand_in(b"x" * 1001).status_code == 413
    chunked = {
        "input_stream": io.BytesIO(b"x" * 200_000),
        "environ_overrides": {"wsgi.input_terminated": True},
    }
    headers = {"Authorization": f"Bearer {sender.token}", "Idempotency-Key": str(uuid.uuid4())}
    answer = sender.http.post(AT, headers=headers, content_type="text/csv", **chunked)
    assert answer.status_code == 413


def test_a_file_that_would_remove_many_is_held_until_somebody_approves_it(sender, tmp_path):
    everybody = rolls(100)
    sender.hand_in(everybody.write(tmp_path))
    half = everybody.without(*(f"u-{number}" for number in range(50, 100))).write(tmp_path, name="half.zip")
    before = everything()
    looked = sender.hand_in(half, "?dry_run=true").json
    assert looked["would_be_held"] and looked["counts"]["left"] == {"pupil": 50}
    held = sender.hand_in(half, key="first-try-1")
    assert (held.status_code, held.json["state"]) == (202, "held")
    assert held.json["approve_at"] == "http://localhost:8000/completion/rosters" and held.json["expires_at"]
    assert everything() == before
    assert sender.hand_in(half, key="first-try-1").headers["Idempotent-Replayed"] == "true"
    approve(held_import(db.scalars(sa.select(District.id)).one(), held.json["id"]), COMMAND)
    db.commit()
    assert sender.get(held.headers["Location"]).json["state"] == "approved"
    assert sender.hand_in(half).json["id"] == held.json["id"]
    assert sender.get(held.headers["Location"]).json["state"] == "done"


def test_the_same_file_under_the_same_key_goes_in_once(sender, tmp_path):
    path = staff_csv(tmp_path, staff_rows(3))
    first = sender.hand_in(path, key="nightly-2026-11-24")
    again = sender.hand_in(path, key="nightly-2026-11-24")
    assert again.json == first.json and again.headers["Idempotent-Replayed"] == "true"
    other = sender.hand_in(staff_csv(tmp_path, staff_rows(4)), key="nightly-2026-11-24")
    assert (other.status_code, other.json["field"]) == (422, "Idempotency-Key")
    dry = sender.hand_in(path, "?dry_run=true", key="nightly-2026-11-24")
    assert dry.status_code == 422, "a dry run is another request"
    assert sender.hand_in(path, key=None).status_code == 400
    assert db.scalar(sa.select(sa.func.count(RosterImport.id))) == 1


def test_two_at_once_take_a_file_once(app, sender, tmp_path):
    path = staff_csv(tmp_path, staff_rows(200))
    twins = [send_for(app, sender) for _ in range(2)]
    answers = []

    def go(twin):
        answers.append(twin.hand_in(path, key="both-at-once"))

    threads = [threading.Thread(target=go, args=(twin,)) for twin in twins]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert sender.hand_in(path, key="both-at-once").status_code == 201
    assert db.scalar(sa.select(sa.func.count(RosterImport.id))) == 1
    assert db.scalar(sa.select(sa.func.count(Person.id))) == 200


def test_another_districts_import_is_not_there_and_its_people_are_its_own(
    app,
    sender,
    tmp_path,
    make_program,  # noqa: F811
):
    taken = sender.hand_in(staff_csv(tmp_path, staff_rows(3)))
    north = District(slug="north", name="North", timezone="UTC")
    db.add(north)
    db.commit()
    outsider = send_for(app, make_program(north, ("roster.write",)))
    assert outsider.get(taken.headers["Location"]).status_code == 404
    assert outsider.get(f"{AT}/{2**53}").status_code == 404
    assert outsider.hand_in(staff_csv(tmp_path, staff_rows(1))).json["counts"]["added"] == 1
    db.remove()
    assert db.scalar(sa.select(sa.func.count(Person.id)).filter_by(district_id=north.id)) == 1


def test_only_a_token_of_the_scope_gets_in(app, district, tmp_path, make_program):  # noqa: F811
    reader = send_for(app, make_program(district, ("standing.read", "webhook.manage")))
    answer = reader.hand_in(staff_csv(tmp_path, staff_rows(1)))
    assert answer.status_code == 403 and json.loads(answer.text)["type"] == "/problems/insufficient_scope"
    reader.token = "forged"
    assert reader.hand_in(b"x").status_code == 401
