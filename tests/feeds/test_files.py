"""What stands in the files, when they are written, and what holds them back."""

import csv
import hashlib
import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from core.database import db
from core.errors import Refused
from feeds import setting_up
from feeds.files import accept_held, full_is_due, write_due
from feeds.listed import Listed
from feeds.models import Feed
from feeds.people import Since, everybody
from feeds.setting_up import feed_of
from feeds.shapes import SHAPES, lost_too_much
from people.audit import COMMAND
from people.audit_models import AuditEntry
from people.directory import link_identity
from people.disclosure_models import Disclosure

LATER = timedelta(minutes=20)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """The whole files are due anew at two in the morning of the district, which no story shall meet by chance."""
    with time_machine.travel(datetime.now(UTC).replace(hour=20, minute=0), tick=True):
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "drop"
    made.mkdir()
    return made


@pytest.fixture
def drop(district, folder) -> Feed:
    feed = setting_up.add_files(district, "nightly", str(folder), tuple(SHAPES), COMMAND)
    db.commit()
    return feed


@pytest.fixture
def write(clean):
    def run() -> None:
        while write_due(threading.Event()):
            pass
        db.remove()

    return run


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as read:
        return list(csv.DictReader(read))


def manifest(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text())


def test_everybody_stands_in_each_file_and_who_is_denied_says_so(change, drop, folder, write):
    ann = change("complete", "allow", valid_until=datetime(2027, 9, 1, 7, tzinfo=UTC))
    ben, cleo = change("expired", "limited"), change("revoked", "deny")
    write()
    assert rows(folder / "onesync_full.csv") == [
        {"sourcedId": f"S{p.id:06}", "username": f"p{p.id}", "email": f"p{p.id}@evergreen.example",
         "access": access, "state": state, "valid_until": until}
        for p, access, state, until in (
            (ann, "allow", "complete", "2027-08-31"), (ben, "limited", "expired", ""), (cleo, "deny", "revoked", ""),
        )
    ]  # fmt: skip
    assert [row["ruaAccess"] for row in rows(folder / "rapididentity_full.csv")] == [
        "allow",
        "limited",
        "deny",
    ]
    for who, access in ((ann, "allow"), (ben, "limited"), (cleo, "deny")):
        assert (folder / f"gam_{access}.txt").read_text() == f"p{who.id}@evergreen.example\n"
    assert len(rows(folder / "gam_full.csv")) == 3
    assert rows(folder / "onesync_delta.csv") == []


def test_the_manifest_and_the_hashes_are_those_of_the_files(change, drop, folder, write):
    change(), change()
    write()
    said = manifest(folder)
    assert (said["district"], said["seq"], said["full_seq"], said["held"]) == ("evergreen", 2, 2, False)
    names = {each["name"] for each in said["files"]}
    assert names == {p.name for p in folder.iterdir()} - {"manifest.json"} - {f"{n}.sha256" for n in names}
    for each in said["files"]:
        data = (folder / each["name"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == each["sha256"] and len(data) == each["bytes"]
        assert (folder / f"{each['name']}.sha256").read_text() == f"{each['sha256']}  {each['name']}\n"
    assert next(each["rows"] for each in said["files"] if each["name"] == "onesync_full.csv") == 2
    assert not list(folder.glob(".*")), "nothing half written is left"


def test_a_difference_holds_all_that_changed_since_the_full_file(change, drop, folder, write, later):
    ann, ben = change(), change()
    write()
    before = (folder / "onesync_full.csv").read_bytes()
    change("revoked", "deny", person=ann)
    with later(minutes=20):
        write()
    change("expired", "limited", person=ben)
    with later(minutes=40):
        write()
    assert {row["sourcedId"]: row["access"] for row in rows(folder / "onesync_delta.csv")} == {
        f"S{ann.id:06}": "deny", f"S{ben.id:06}": "limited",
    }  # fmt: skip
    assert (folder / "onesync_full.csv").read_bytes() == before
    assert (manifest(folder)["seq"], manifest(folder)["full_seq"]) == (4, 2)


def test_a_day_later_everybody_is_written_anew_and_without_a_change_nothing_else(
    change, drop, folder, write, later
):
    change()
    write()
    first = manifest(folder)
    with later(minutes=20):
        write()
    quiet = manifest(folder)
    assert quiet["generated_at"] > first["generated_at"] and quiet["full_at"] == first["full_at"]
    with later(days=1, minutes=1):
        write()
    assert manifest(folder)["full_at"] > first["full_at"]


def test_a_file_that_lost_a_fifth_is_held_said_and_written_when_somebody_says_so(
    change, drop, folder, write, later, again, district
):
    people = [change() for _ in range(10)]
    write()
    before = (folder / "onesync_full.csv").read_bytes()
    forget(people[:3])
    with later(days=1, minutes=1):
        write()
        assert (folder / "onesync_full.csv").read_bytes() == before
        assert manifest(folder)["held"] is True
        held = again(drop)
        assert held.last_error == "shrunk" and "onesync_full.csv" in held.made["held"]["files"]
        assert not list(folder.glob(".*"))
    with later(days=1, minutes=30):
        write()
        actions = db.scalars(sa.select(AuditEntry.action)).all()
        assert actions.count("feed_file_held") == 1, "said once, not each quarter of an hour"
        accept_held(feed_of(district.id, drop.id), COMMAND)
        db.commit()
        write()
        assert len(rows(folder / "onesync_full.csv")) == 7
        assert again(drop).last_error is None and manifest(folder)["held"] is False
        with pytest.raises(Refused):
            accept_held(feed_of(district.id, drop.id), COMMAND)


def test_a_held_file_is_written_by_itself_once_the_people_are_back(change, drop, folder, write, later, again):
    people = [change() for _ in range(10)]
    write()
    for person in people[:5]:
        change("revoked", "deny", person=person)
    with later(days=1, minutes=1):
        write()
    assert again(drop).last_error == "shrunk", "who is allowed fell by half, and a group would follow"
    for person in people[:4]:
        change("complete", "allow", person=person)
    with later(days=1, minutes=20):
        write()
    assert again(drop).last_error is None and len((folder / "gam_allow.txt").read_text().splitlines()) == 9


def test_a_folder_that_is_gone_is_said_and_tried_again(change, drop, folder, write, later, again):
    change()
    folder.rmdir()
    write()
    failed = again(drop)
    assert failed.last_error == "folder" and failed.disabled_at is None and failed.next_try_at
    folder.mkdir()
    with later(minutes=20):
        write()
    assert again(drop).last_error is None and (folder / "manifest.json").exists()


def test_a_reader_sees_whole_files_only(change, drop, folder, write, monkeypatch):
    """The disk fills up in the middle: what stood there stays."""
    change()
    write()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    change()

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    db.execute(sa.update(Feed).values(next_try_at=None))
    db.commit()
    write()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_what_a_killed_worker_left_is_swept_away_after_a_day(change, drop, folder, write):
    import os

    part = folder / ".onesync_full.csv.x.part"
    part.write_text("half")
    os.utime(part, (1, 1))
    change()
    write()
    assert not part.exists()


def test_files_are_for_the_owner_and_the_group_alone(change, drop, folder, write):
    change()
    write()
    assert all(path.stat().st_mode & 0o007 == 0 for path in folder.iterdir())


def test_each_writing_is_noted_as_a_disclosure(change, drop, write, district):
    change(), change()
    write()
    noted = db.scalars(sa.select(Disclosure).filter_by(district_id=district.id)).one()
    assert (noted.kind, noted.people, noted.reader) == ("feed_file", 2, "worker")


def test_two_portions_make_one_list_of_the_strictest(change, district, monkeypatch, count_queries):
    monkeypatch.setattr("feeds.people.PORTION", 2)
    people = [change() for _ in range(5)]
    change("revoked", "deny", person=people[3], requirement="other")
    with count_queries() as statements:
        listed = list(everybody(district))
    assert [each.id for each in listed] == [each.public_id for each in people]
    assert [each.access for each in listed] == ["allow", "allow", "allow", "deny", "allow"]
    assert len(statements) == 3 * 3
    assert [each.id for each in everybody(district, Since(seq=5))] == [people[3].public_id]


def test_an_address_the_district_does_not_vouch_for_is_nobodys(change, district, make_person):
    person = make_person("staff")
    link_identity(person, scheme="email", value="ann@mail.example", source="launch")
    change(person=person)
    (listed,) = everybody(district)
    assert listed.email == ""


def test_another_districts_people_are_not_in_it(change, elsewhere):
    change()
    assert list(everybody(elsewhere)) == []


def test_a_cell_that_would_be_run_begins_with_an_apostrophe():
    evil = Listed("p_1", "=1+1", "@x", "a@b.example", "staff", "allow", "complete", date(2027, 8, 31), 1)
    (file,) = SHAPES["onesync"]("full")
    assert file.line(evil) == "'=1+1,'@x,a@b.example,allow,complete,2027-08-31\n"


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_a_file_is_held_when_more_than_a_fifth_is_gone(before, after):
    held = bool(lost_too_much({"f": before}, {"f": after}))
    assert held == (before >= 5 and after * 5 < before * 4)


def test_a_file_of_a_shape_that_is_no_longer_asked_for_holds_nothing():
    assert lost_too_much({"gone.csv": 100}, {"new.csv": 1}) == []


@pytest.mark.parametrize(
    ("last", "at", "due"),
    [
        (None, "2026-11-24T12:00:00+00:00", True),
        ("2026-11-24T10:30:00+00:00", "2026-11-25T09:59:00+00:00", False),  # 01:59 in Los Angeles
        ("2026-11-24T10:30:00+00:00", "2026-11-25T10:00:00+00:00", True),
        ("2026-11-24T10:00:00+00:00", "2026-11-24T23:00:00+00:00", False),
    ],
)
def test_full_files_are_due_at_two_each_night_of_the_district(last, at, due):
    assert full_is_due(last, datetime.fromisoformat(at), "America/Los_Angeles") is due


@pytest.mark.parametrize(
    ("folder_given", "shapes"),
    [("relative", ("gam",)), ("/no/such/folder", ("gam",)), (None, ()), (None, ("x",))],
)
def test_an_odd_folder_or_shape_is_refused(district, folder, folder_given, shapes):
    with pytest.raises(Refused):
        setting_up.add_files(district, "odd", folder_given or str(folder), shapes, COMMAND)


def test_two_feeds_do_not_write_over_each_other(drop, district, folder):
    with pytest.raises(Refused, match="already"):
        setting_up.add_files(district, "second", str(folder), ("gam",), COMMAND)


def forget(people) -> None:
    """As the erasure does."""
    for person in people:
        for table in ("standing", "standing_change"):
            db.execute(sa.text(f"DELETE FROM {table} WHERE person_id = :id"), {"id": person.id})
    db.commit()
