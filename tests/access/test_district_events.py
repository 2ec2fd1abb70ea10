"""What happened besides changes of standings, in the same log: rosters, held files, years, agreements, erasures."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from access.district_events import write_down_events
from access.event_models import DistrictEvent
from access.events import events_after
from completion.models import PolicyEdition
from core.clock import now
from core.database import db, transaction
from people.audit import COMMAND, record
from people.models import District, Person
from people.school_years import ensure_school_year
from privacy.erasing import erase


@pytest.fixture
def tell(clean):
    def run() -> int:
        db.remove()
        with transaction():
            return write_down_events()

    return run


COUNTS = {"rows": 2500, "added": 12, "left": {"staff": 3}}


def note(district, action: str, subject: str, **detail) -> None:
    record(district.id, COMMAND, action, subject, **detail)
    db.commit()


def test_rosters_that_were_taken_or_held_are_told_once_in_their_order(district, tell, it):
    note(district, "roster_held", "import:4", left={"pupil": 40}, sha256="x")
    note(district, "office_given", "person:p_1", office="hr")
    note(district, "roster_imported", "import:4", sha256="x", **COUNTS)
    note(district, "feed_file_held", "feed:2", files=["gam_allow.txt"])
    assert (tell(), tell()) == (3, 0)
    found = it.get("/api/v1/events").json["items"]
    assert [(each["type"], each["data"]) for each in found] == [
        ("sync.guard_tripped", {"roster": 4, "left": {"pupil": 40}, "seq": 1}),
        ("roster.imported", {"roster": 4, "people": 2500, "added": 12, "left": {"staff": 3}, "seq": 2}),
        ("sync.guard_tripped", {"feed": 2, "seq": 3}),
    ]
    note(district, "roster_held", "import:5", left={"staff": 30})
    assert tell() == 1


def test_they_stand_between_changes_of_standings_and_may_be_left_out(hire, work, district, tell, it):
    hire(1)
    work()
    note(district, "roster_imported", "import:1", **COUNTS)
    tell()
    hire(1)
    work()
    types = [each["type"] for each in it.get("/api/v1/events").json["items"]]
    assert types == ["standing.changed", "roster.imported", "standing.changed"]
    only = it.get("/api/v1/events", types="roster.imported,period.opened").json
    assert [each["data"]["seq"] for each in only["items"]] == [2] and only["after"] == 3
    assert it.get("/api/v1/events", types="everything").json["field"] == "types"
    first = it.get("/api/v1/events", limit=2).json
    assert (
        first["more"] and it.get("/api/v1/events", after=first["after"]).json["items"][0]["data"]["seq"] == 3
    )


def test_a_person_who_is_erased_is_told_by_their_id_alone(hire, work, it, district):
    (ann,) = hire(1)
    work()
    public_id = ann.public_id
    erase(db.get_one(Person, ann.id), COMMAND)
    db.commit()
    (event,) = it.get("/api/v1/events").json["items"]
    assert event["type"] == "person.erased" and event["data"] == {"person": public_id, "seq": 2}
    assert event["id"] == "evt_evergreen_2" and event["timestamp"].endswith("Z")


def test_a_school_year_that_begins_and_an_agreement_that_is_published_are_told(hire, work, district, tell):
    hire(1)
    work()
    assert tell() == 0, "what was there before the log was begun is no news"
    edition = {
        "key": "aup",
        "version": "2027.1",
        "title": "t",
        "intent": "i",
        "text": "x",
        "sha256": "0" * 64,
    }
    db.add_all(PolicyEdition(**edition, lang=lang, change="editorial") for lang in ("en", "es"))
    db.commit()
    try:
        with time_machine.travel(now() + timedelta(days=365)):
            year = ensure_school_year(db.get_one(District, district.id)).name
            db.commit()
            assert (tell(), tell()) == (2, 0)
    finally:
        db.remove()
        db.execute(sa.delete(PolicyEdition).where(PolicyEdition.key == "aup"))
        db.commit()
    told = [(each["type"], each["data"]) for each in events_after(district, 1, 10)]
    assert ("period.opened", {"period": year, "seq": told[0][1]["seq"]}) in told
    assert told[1] == (
        "policy.published",
        {"requirement": "aup", "policy_version": "aup-2027.1", "change": "editorial", "seq": 3},
    )


def test_two_workers_tell_each_event_once(district, tell):
    for number in range(20):
        note(district, "roster_imported", f"import:{number}", **COUNTS)
    done: list[int] = []
    threads = [threading.Thread(target=lambda: done.append(tell())) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(done) == 20
    db.remove()
    assert [each.seq for each in db.scalars(sa.select(DistrictEvent).order_by(DistrictEvent.seq))] == list(
        range(1, 21)
    )


def test_those_of_another_district_are_not_told(district, elsewhere, tell, make_program):
    note(district, "roster_imported", "import:1", **COUNTS)
    tell()
    outsider = make_program(elsewhere)
    outsider.sign_in()
    assert outsider.get("/api/v1/events").json["items"] == []
