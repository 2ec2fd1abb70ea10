"""The privacy office at work in its pages, and everybody else in front of the door."""

import csv
import html
import io
import json
import re

import pytest
import sqlalchemy as sa

from core.clock import now
from core.database import db, transaction
from held.schedule import terms_of
from people import holds
from people.audit import COMMAND, record
from people.audit_models import AuditEntry
from people.directory import link_identity
from people.disclosure_models import Disclosure
from people.disclosures import disclose
from people.hold_models import LegalHold
from people.merging import merge
from people.operators import operator_of
from people.roster_models import Building
from people.sign_in import OPERATOR
from privacy.models import Erasure
from tests.browsers import Browser, sign_in_browser
from tests.privacy.makers import NAME, Held

PRIVACY, AUDIT = "/completion/privacy", "/completion/audit"


def words(answer) -> str:
    assert answer.status_code == 200, answer.text
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@pytest.fixture
def pia(held_about, officer) -> Browser:
    return officer("privacy")


@pytest.fixture
def ann(held_about) -> Held:
    return held_about()


def test_somebody_is_found_by_an_exact_name_and_the_look_up_is_noted(pia, ann):
    answer = pia.post(f"{PRIVACY}/find", data={"scheme": "sis", "value": f" 1{ann.person.id:05} "})
    assert answer.status_code == 303
    assert f"{PRIVACY}/people/{ann.person.public_id}" in answer.headers["Location"]
    db.remove()
    (entry,) = db.scalars(sa.select(AuditEntry).filter_by(action="person_looked_up")).all()
    assert (entry.actor, entry.subject) == (
        f"person:{pia.person.public_id}", f"person:{ann.person.public_id}",
    )  # fmt: skip
    for scheme, value in (("sis", "1"), ("lti", f"sub-{ann.person.id}"), ("", "")):
        assert pia.post(f"{PRIVACY}/find", data={"scheme": scheme, "value": value}).status_code in (404, 422)


def test_our_number_of_somebody_who_was_merged_leads_to_who_holds_their_records(pia, make_person):
    kept, gone = db.merge(make_person("staff")), db.merge(make_person("staff"))
    merge(kept, gone, COMMAND)
    db.commit()
    answer = pia.post(f"{PRIVACY}/find", data={"scheme": "id", "value": gone.public_id})
    assert f"{PRIVACY}/people/{kept.public_id}" in answer.headers["Location"]


def test_the_page_of_a_person_shows_everything_and_is_noted(pia, ann):
    seen = words(pia.get(f"{PRIVACY}/people/{ann.person.public_id}"))
    assert NAME in seen and "How the school's systems know somebody" in seen
    db.remove()
    (row,) = db.scalars(sa.select(Disclosure)).all()
    assert (row.kind, row.subject, row.people) == ("person_page", f"person:{ann.person.public_id}", 1)
    assert row.reader == f"person:{pia.person.public_id}"


def test_it_is_taken_along_as_a_file(pia, ann):
    answer = pia.get(f"{PRIVACY}/people/{ann.person.public_id}/export.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert json.loads(answer.text)["records"]["enrollment"][0]["display_name"] == NAME
    assert answer.headers["Cache-Control"] == "no-store"


def test_erasing_takes_a_look_a_tick_and_leaves_a_certificate(pia, ann):
    page = f"{PRIVACY}/people/{ann.person.public_id}/erase"
    assert "Would be destroyed" in words(pia.get(page))
    assert pia.post(page).status_code == 422
    assert ann.rows()["evidence"] == 1, "looking, and not being sure, change nothing"
    done = pia.post(page, data={"sure": "yes"})
    assert done.status_code == 303 and ann.rows() == {}
    made = db.scalars(sa.select(Erasure)).one()
    seen = words(pia.get(f"{PRIVACY}/certificates/{made.public_id}"))
    assert made.sha256 in seen and ann.person.public_id in seen and NAME not in seen
    assert pia.get(f"{PRIVACY}/people/{ann.person.public_id}").status_code == 404


def test_nobody_erases_themselves(pia):
    page = f"{PRIVACY}/people/{pia.person.public_id}/erase"
    assert pia.post(page, data={"sure": "yes"}).status_code == 409


def test_a_hold_is_placed_seen_refuses_erasing_and_is_lifted(pia, ann):
    covers = f"person:{ann.person.public_id}"
    assert pia.post(f"{PRIVACY}/holds", data={"matter": "2026-LIT-1", "covers": covers}).status_code == 303
    assert "One legal hold is in force" in words(pia.get(PRIVACY))
    page = f"{PRIVACY}/people/{ann.person.public_id}"
    assert "A legal hold covers this person" in words(pia.get(page))
    assert "Destroy these records" not in pia.get(f"{page}/erase").text
    assert pia.post(f"{page}/erase", data={"sure": "yes"}).status_code == 409
    assert ann.rows()["evidence"] == 1
    hold = db.scalars(sa.select(LegalHold).filter_by(matter="2026-LIT-1")).one()
    assert pia.post(f"{PRIVACY}/holds/{hold.public_id}/lift").status_code == 303
    assert "No legal hold is in force" in words(pia.get(PRIVACY))


@pytest.mark.parametrize(
    ("matter", "covers", "status"),
    [("2026-LIT-1", "building:elm", 303), ("2026-LIT-1", "everybody", 303), ("Ann v. District", "everybody", 422),
     ("2026-LIT-1", "building:oak", 404), ("2026-LIT-1", "", 404), ("2026-LIT-1", "person:p_none", 404)],
)  # fmt: skip
def test_whom_a_hold_may_cover(pia, district, matter, covers, status):
    with transaction():
        db.add(Building(district_id=district.id, key="elm", name="Elm"))
    assert pia.post(f"{PRIVACY}/holds", data={"matter": matter, "covers": covers}).status_code == status


def test_the_schedule_is_set_within_its_bounds(pia, district):
    assert pia.post(f"{PRIVACY}/retention/quiz_answers", data={"term": "30d"}).status_code == 303
    assert pia.post(f"{PRIVACY}/retention/staff_evidence", data={"term": "2y"}).status_code == 409
    assert pia.post(f"{PRIVACY}/retention/staff_evidence", data={"term": "soon"}).status_code == 422
    assert pia.post(f"{PRIVACY}/retention/everything", data={"term": "2y"}).status_code == 422
    db.remove()
    terms = terms_of(district.id)
    assert (str(terms["quiz_answers"]), str(terms["staff_evidence"])) == ("30d", "6y")


def test_the_disclosure_log_is_filtered_and_turned_page_by_page(pia, district, count_queries):
    counted = []
    for more in (3, 60):
        with transaction():
            for number in range(more):
                disclose(district.id, COMMAND, "class_csv", f"class:{number}", 20)
        with count_queries() as statements:
            seen = pia.get(f"{PRIVACY}?kind=class_csv").text
        counted.append(len(statements))
    assert counted[0] == counted[1]
    assert seen.count("A class as a file</span>") == 50
    onward = html.unescape(re.search(r'href="([^"]*before=[^"]*)"', seen)[1])
    assert pia.get(onward).text.count("A class as a file</span>") == 13
    assert "Nobody was given records" in words(pia.get(f"{PRIVACY}?kind=audit_csv"))


def test_the_audit_log_is_read_filtered_and_taken_along(pia, district):
    with transaction():
        for number in range(60):
            record(district.id, COMMAND, "tried", f"thing:{number}", formula="=1+1")
        record(district.id, COMMAND, "=danger", "person:p_one")
    first = words(pia.get(AUDIT))
    assert "entries in the audit log" in first and "thing:59" in first and "thing:3 " not in first
    assert "thing:3 " in words(pia.get(f"{AUDIT}?action=tried&before=12"))
    assert "thing:7" in words(pia.get(f"{AUDIT}?name=thing:7")) and "thing:8" not in words(
        pia.get(f"{AUDIT}?name=thing:7")
    )
    assert "No entry fits" in words(pia.get(f"{AUDIT}?until=2001-01-01"))
    assert "thing:59" in words(pia.get(f"{AUDIT}?since=never&before=x")), (
        "what can not be read is not asked for"
    )
    today = now().date().isoformat()
    answer = pia.get(f"{AUDIT}/log.csv?since={today[:8]}01")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert rows[1][3] == "'=danger" and len(rows) > 60
    db.remove()
    assert db.scalars(sa.select(Disclosure.kind)).all() == ["audit_csv"]


# -- who may not -------------------------------------------------------------------------------------------


def doors(person: str, certificate: str = "er_none") -> list[tuple[str, str]]:
    return [
        ("GET", PRIVACY), ("POST", f"{PRIVACY}/find"), ("POST", f"{PRIVACY}/holds"),
        ("POST", f"{PRIVACY}/holds/lh_x/lift"), ("POST", f"{PRIVACY}/retention/quiz_answers"),
        ("GET", f"{PRIVACY}/people/{person}"), ("GET", f"{PRIVACY}/people/{person}/export.json"),
        ("GET", f"{PRIVACY}/people/{person}/erase"), ("POST", f"{PRIVACY}/people/{person}/erase"),
        ("GET", f"{PRIVACY}/certificates/{certificate}"), ("GET", AUDIT), ("GET", f"{AUDIT}/log.csv"),
    ]  # fmt: skip


def test_nobody_else_of_the_district_comes_in(app, ann, officer, signed_in, client, district):
    db.expire_all()
    outsiders = [
        signed_in("learner"),
        signed_in("teacher"),
        signed_in("administrator"),
        officer("hr"),
        officer("it"),
    ]
    outsiders.append(sign_in_browser(app, operator_of(db.merge(district)), OPERATOR, None))
    before = ann.rows()
    for method, path in doors(ann.person.public_id):
        for who in outsiders:
            answer = who.open(
                path,
                method,
                data={"sure": "yes", "term": "0d", "matter": "2026-X"} if method == "POST" else None,
            )
            assert answer.status_code == 403, (path, who.person.audience)
        assert client.open(path, method=method).status_code == 401
    assert ann.rows() == before
    assert db.scalars(sa.select(Disclosure)).all() == []


def test_the_district_office_may_what_the_privacy_office_may(ann, officer):
    assert officer("district").get(f"{PRIVACY}/people/{ann.person.public_id}").status_code == 200


def test_the_privacy_office_next_door_finds_nobody_and_nothing(ann, officer_elsewhere):
    them = officer_elsewhere("privacy")
    with transaction():
        hold = holds.place(ann.district, "2026-LIT-7", COMMAND)
        record(ann.district.id, COMMAND, "secret_of_ours", "district")
        disclose(ann.district.id, COMMAND, "class_csv", "class:777", 20)
        link_identity(ann.person, scheme="username", value="ann", source="test")
    for method, path in doors(ann.person.public_id)[5:10]:
        assert (
            them.open(path, method, data={"sure": "yes"} if method == "POST" else None).status_code == 404
        ), path
    assert them.post(f"{PRIVACY}/find", data={"scheme": "username", "value": "ann"}).status_code == 404
    assert them.post(f"{PRIVACY}/holds/{hold.public_id}/lift").status_code == 404
    covers = f"person:{ann.person.public_id}"
    assert them.post(f"{PRIVACY}/holds", data={"matter": "2026-X", "covers": covers}).status_code == 404
    page, log = them.get(PRIVACY).text, them.get(AUDIT).text
    assert "2026-LIT-7" not in page and "class:777" not in page and "secret_of_ours" not in log
    assert "secret_of_ours" not in them.get(f"{AUDIT}/log.csv").text
    assert ann.rows()["evidence"] == 1
