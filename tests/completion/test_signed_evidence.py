"""Evidence as a signed record: what stands in it, that tampering is found, and the keys that sign."""

import base64
import json
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.orm import undefer

from completion import checking, evidence_keys, group, ledger
from completion.models import Evidence
from completion.record_models import EvidenceKey
from completion.signing import canonical
from core.codes import read_code, written_code
from core.database import db
from core.errors import NotFound, Refused
from core.version import VERSION
from people.directory import link_identity
from people.models import District
from people.school_years import ensure_school_year


@pytest.fixture
def dee(make_person):
    person = make_person("staff")
    link_identity(person, scheme="sis", value="100001", source="test")
    link_identity(person, scheme="email", value="dee@evergreen.example", source="test")
    db.commit()
    return person


@pytest.fixture
def taken(dee, year):
    """A course part that Dee showed with 92.5."""
    row = ledger.record_evidence(
        dee, "lesson:m7", year, kind="course", version="a" * 64, source="attempt at_1", score=92.5,
        launch={"issuer": "https://lms.example", "resource_link": "7"}, proof={"passed": True},
    )  # fmt: skip
    db.commit()
    return row.public_id


def row_of(public_id: str) -> Evidence:
    db.remove()
    return db.scalars(sa.select(Evidence).filter_by(public_id=public_id).options(undefer(Evidence.jws))).one()


def record_in(row: Evidence) -> dict:
    payload = row.jws.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def faults_in(district) -> list[tuple[str, str]]:
    db.remove()
    return [(each.row, each.what) for each in checking.faults(db.get_one(District, district.id))]


def change(table: str, public_id: str, **values) -> None:
    """As somebody would who has the database and not us."""
    db.remove()
    words = ", ".join(f"{name} = :{name}" for name in values)
    db.execute(sa.text(f"UPDATE {table} SET {words} WHERE public_id = :row"), {**values, "row": public_id})
    db.commit()


def test_the_record_says_what_was_shown_by_whom_where_and_under_which_version_of_us(taken, dee, district):
    record = record_in(row_of(taken))
    assert record["evidence"] == taken and record["person"] == dee.public_id
    assert (record["district"], record["period"]) == ("evergreen", ensure_school_year(district).name)
    assert (record["part"], record["kind"], record["version"]) == ("lesson:m7", "course", "a" * 64)
    assert (record["score"], record["proof"]) == (92.5, {"passed": True})
    assert record["launch"] == {"issuer": "https://lms.example", "resource_link": "7"}
    assert record["app"] == VERSION and record["recorded_at"] >= record["shown_at"]


def test_the_record_holds_no_name_and_no_number_in_the_clear(taken):
    row = row_of(taken)
    record = record_in(row)
    assert set(record["ids"]) == {"sis", "email"} and all(len(each) == 64 for each in record["ids"].values())
    assert b"100001" not in canonical(record) and b"dee@" not in canonical(record)


def test_anybody_can_check_a_record_with_the_published_key_alone(taken, client):
    token = row_of(taken).jws
    published = client.get("/.well-known/evidence-keys")
    assert published.headers["Cache-Control"] == "public, max-age=300"
    keys = {each["kid"]: each for each in published.json["keys"]}
    header = jwt.get_unverified_header(token)
    assert header["alg"] == "EdDSA" and "d" not in keys[header["kid"]]
    key = jwt.PyJWK(keys[header["kid"]])
    assert json.loads(jwt.PyJWS().decode(token, key, algorithms=["EdDSA"]))["evidence"] == taken


def test_the_version_of_the_application_is_that_of_the_project():
    assert tomllib.loads(Path("pyproject.toml").read_text())["project"]["version"] == VERSION


def test_what_was_not_touched_holds(taken, district):
    assert faults_in(district) == []


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"score": 100.0}, "altered: score"),
        ({"version": "b" * 64}, "altered: version"),
        ({"part": "lesson:m8", "kind": "paper"}, "altered: kind, part"),
        ({"shown_at": "2026-09-01 00:00:00+00:00"}, "altered: shown_at"),
        ({"source": "attempt at_2"}, "altered: source"),
        ({"code": "0000000000000"}, "altered: code"),
        ({"jws": None}, "unsigned"),
        ({"jws": "no.jws.here"}, "signature does not hold"),
    ],
)
def test_a_row_that_somebody_changed_is_found(taken, district, values, what):
    change("evidence", taken, **values)
    assert faults_in(district) == [(f"evidence:{taken}", what)]


def test_a_row_given_to_somebody_else_is_found(taken, district, make_person):
    change("evidence", taken, person_id=make_person("staff").id)
    assert faults_in(district) == [(f"evidence:{taken}", "altered: person")]


def test_a_record_changed_inside_its_signature_is_found(taken, district):
    row = row_of(taken)
    head, _, signature = row.jws.split(".")
    record = {**record_in(row), "score": 100.0}
    body = base64.urlsafe_b64encode(canonical(record)).decode().rstrip("=")
    change("evidence", taken, score=100.0, jws=f"{head}.{body}.{signature}")
    assert faults_in(district) == [(f"evidence:{taken}", "signature does not hold")]


def test_a_record_signed_with_a_key_of_their_own_is_found(taken, district):
    row, ours = row_of(taken), evidence_keys.signing_key().kid
    evidence_keys.rotate()
    theirs = evidence_keys.signing_key()
    assert theirs.kid != ours
    forged = jwt.PyJWS().encode(
        canonical({**record_in(row), "score": 100.0}), theirs.private_pem, algorithm="EdDSA",
        headers={"kid": theirs.kid, "typ": "evidence+jws"},
    )  # fmt: skip
    db.rollback()  # so that the key is none of ours
    change("evidence", taken, score=100.0, jws=forged)
    assert faults_in(district) == [(f"evidence:{taken}", "signed by a key that is not ours")]


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_no_other_algorithm_is_believed(taken, district, algorithm):
    row = row_of(taken)
    kid = evidence_keys.signing_key().kid
    secret = None if algorithm == "none" else "k" * 40
    forged = jwt.PyJWS().encode(
        canonical({**record_in(row), "score": 100.0}), secret, algorithm=algorithm,
        headers={"kid": kid, "typ": "evidence+jws"},
    )  # fmt: skip
    change("evidence", taken, score=100.0, jws=forged)
    assert faults_in(district) == [(f"evidence:{taken}", "signature does not hold")]


def test_a_void_that_somebody_undid_or_made_by_hand_disagrees_with_the_audit_log(taken, district):
    change("evidence", taken, voided_at="2026-11-24 00:00:00+00:00", void_reason="wrong_person")
    assert faults_in(district) == [(f"evidence:{taken}", "voided, and the audit log does not say so")]


def test_another_districts_rows_are_none_of_this_check(taken, district):
    other = District(slug="other", name="Other", timezone="America/Los_Angeles")
    db.add(other)
    db.commit()
    change("evidence", taken, score=1.0)
    assert faults_in(other) == []


def test_showing_the_same_again_signs_nothing_anew(taken, dee, year):
    before = row_of(taken).jws
    again = ledger.record_evidence(
        dee, "lesson:m7", year, kind="course", version="a" * 64, source="attempt at_9", score=100.0
    )
    assert again.public_id == taken and row_of(taken).jws == before


def test_every_pupil_of_a_class_has_a_record_of_their_own(year, make_person, district):
    people = [make_person().id for _ in range(3)]
    group.record_group(
        people, "lesson:k1", year, version="v", source="group session 3", launch={"issuer": "i"}
    )
    db.commit()
    rows = db.scalars(sa.select(Evidence).options(undefer(Evidence.jws))).all()
    assert len({record_in(row)["person"] for row in rows}) == len({row.code for row in rows}) == 3
    assert faults_in(district) == []


# -- keys --------------------------------------------------------------------------------------------------


def test_the_private_half_is_sealed_and_erased_when_the_next_key_takes_over(taken, district):
    first = evidence_keys.signing_key().kid
    raw = db.execute(sa.text("SELECT private_pem FROM evidence_key")).scalar_one()
    assert "PRIVATE KEY" not in raw
    evidence_keys.rotate()
    db.commit()
    held = {each.kid: each.private_pem for each in evidence_keys.all_keys()}
    assert len(held) == 2 and held[first] is None
    assert faults_in(district) == [], "what the old key signed still holds"
    assert first in {each["kid"] for each in evidence_keys.published_keys()}


def test_a_key_signs_for_a_year(clean):
    first = evidence_keys.signing_key()
    evidence_keys.keep_evidence_keys()
    assert evidence_keys.signing_key().kid == first.kid
    with time_machine.travel(first.signs_from + timedelta(days=365, minutes=1)):
        evidence_keys.keep_evidence_keys()
        evidence_keys.keep_evidence_keys()
        assert evidence_keys.signing_key().kid != first.kid
    assert db.query(EvidenceKey).count() == 2


def test_nothing_signed_by_a_key_that_leaked_is_believed(taken, district, dee, year):
    kid = evidence_keys.signing_key().kid
    assert evidence_keys.withdraw(kid).kid != kid
    with pytest.raises(Refused):
        evidence_keys.withdraw(kid)
    with pytest.raises(NotFound):
        evidence_keys.withdraw("made-up")
    ledger.record_evidence(dee, "lesson:m8", year, kind="course", version="v", source="x")
    db.commit()
    assert faults_in(district) == [(f"evidence:{taken}", "signed by a key that was withdrawn")]
    (shown,) = [each for each in evidence_keys.published_keys() if each["kid"] == kid]
    assert datetime.fromisoformat(shown["withdrawn_at"]) <= datetime.now(UTC)


# -- codes and their page ----------------------------------------------------------------------------------


def test_a_code_is_read_however_it_was_typed():
    assert read_code("7k3mq-9qrt-2wxy") == "7K3MQ9QRT2WXY"
    assert read_code(" 7K3MQ 9QRT 2WXY ") == "7K3MQ9QRT2WXY"
    assert read_code("OIL00-0000-0000") == "0110000000000"
    assert read_code("7K3MQ-9QRT") is None and read_code("U" * 13) is None and read_code("é" * 13) is None
    assert written_code("7K3MQ9QRT2WXY") == "7K3MQ-9QRT-2WXY"


def test_a_code_tells_what_it_stands_for_and_nobodys_name(taken, dee, district, client):
    code = row_of(taken).code
    page = client.get(f"/public/evidence/{written_code(code).lower()}")
    assert page.status_code == 200 and "Valid" in page.text
    assert written_code(code) in page.text and "Evergreen School District" in page.text
    assert dee.public_id not in page.text and taken not in page.text and "92.5" not in page.text


def test_a_code_of_a_row_that_was_changed_confirms_nothing(taken, client):
    code = row_of(taken).code
    change("evidence", taken, version="b" * 64)
    page = client.get(f"/public/evidence/{code}")
    assert "Not confirmed" in page.text and "Valid" not in page.text and "Evergreen" not in page.text


def test_every_code_that_is_none_is_answered_alike(taken, client):
    said = set()
    for code in ("0" * 13, "short", "~", "x" * 500):
        answer = client.get(f"/public/evidence/{code}")
        assert answer.status_code == 404
        # The page names its own address, for the choice of a language, and the reference of the request.
        said.add(answer.text.replace(code, "").replace(answer.headers["X-Request-Id"], ""))
    assert len(said) == 1


def test_the_form_leads_to_the_answer_and_speaks_spanish(taken, client):
    code = row_of(taken).code
    assert client.get("/public/evidence/").status_code == 200
    answer = client.get("/public/evidence/", query_string={"code": f" {code.lower()} "})
    assert answer.status_code == 303 and answer.headers["Location"].endswith(f"/public/evidence/{code}")
    assert client.get("/public/evidence/?code=%C3%A9").headers["Location"].endswith("/unreadable")
    assert "Válido" in client.get(f"/public/evidence/{code}", headers={"Accept-Language": "es"}).text


# -- commands ----------------------------------------------------------------------------------------------


def run(app, *words: str):
    db.remove()
    return app.test_cli_runner().invoke(args=["evidence", *words])


def test_the_command_says_that_all_holds_and_what_does_not(app, taken):
    good = run(app, "verify", "--district", "evergreen")
    assert good.exit_code == 0 and "1 pieces of evidence and 0 signatures, all of them hold" in good.output
    change("evidence", taken, score=100.0)
    bad = run(app, "verify", "--district", "evergreen")
    assert bad.exit_code == 1 and f"evidence:{taken}  altered: score" in bad.output
    told = run(app, "verify", "--district", "evergreen", "--json")
    assert told.exit_code == 1
    assert json.loads(told.stdout.splitlines()[0])["faults"] == [
        {"row": f"evidence:{taken}", "what": "altered: score"}
    ]
    assert run(app, "verify", "--district", "nowhere").exit_code == 1
    assert run(app, "verify").exit_code == 2


def test_what_was_recorded_before_there_were_signatures_is_signed_once_and_says_so(app, taken, district):
    change("evidence", taken, jws=None, code=None)
    assert faults_in(district) == [(f"evidence:{taken}", "unsigned")]
    assert json.loads(run(app, "sign-earlier", "--district", "evergreen", "--json").output)["evidence"] == 1
    assert faults_in(district) == []
    record = record_in(row_of(taken))
    assert record["proof"] == {"signed_later": True} and record["recorded_at"] > record["shown_at"]
    assert json.loads(run(app, "sign-earlier", "--district", "evergreen", "--json").output)["evidence"] == 0


def test_keys_are_listed_rotated_and_withdrawn_by_command(app, taken):
    rotated = json.loads(run(app, "rotate", "--json").output)["kid"]
    states = {each["kid"]: each["state"] for each in json.loads(run(app, "keys", "--json").output)["keys"]}
    assert states.pop(rotated) == "signs" and list(states.values()) == ["replaced"]
    assert run(app, "withdraw-key", "made-up").exit_code == 1
    assert run(app, "withdraw-key", "-begins-with-a-dash").exit_code == 1
    assert run(app, "withdraw-key").exit_code == 2
    assert json.loads(run(app, "withdraw-key", rotated, "--json").output)["signs"] != rotated
