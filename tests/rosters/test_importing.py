"""Roster files go in whole: who is on the rolls, where, since when; twice changes nothing; nobody is ever deleted."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from core.database import db
from people.audit_models import AuditEntry
from people.directory import find_by_identity, identities_of, link_identity
from people.models import Identity, Person
from people.roster_models import Building, RosterInterval
from tests.rosters.conftest import places
from tests.rosters.files import (
    DOMAIN,
    Rolls,
    User,
    district,
    pupil,
    staff_csv,
    staff_row,
    staff_rows,
    teacher,
)

BOTH = pytest.mark.parametrize("version", ["1.1", "1.2"])
NAMES = ("sis", "email", "username", "oneroster")


def names_of(person: Person) -> dict[str, str]:
    return identities_of([person.id], NAMES).get(person.id, {})


@BOTH
def test_a_bulk_file_makes_schools_people_and_places(take, known, tmp_path, version):
    counts = take(district(60).write(tmp_path, version))
    assert (counts["rows"], counts["added"], counts["opened"], counts["closed"]) == (60, 60, 60, 0)
    assert (counts["source"], counts["version"], counts["bulk"]) == ("oneroster", version, True)
    cruz, ana = known("sis", "100000"), known("oneroster", "u-20")
    assert (cruz.audience, ana.audience) == ("staff", "pupil")
    assert places(cruz) == [("school-1", "staff", "teacher", None, True)]
    assert places(ana)[0][:2] == ("school-1", "pupil") and places(ana)[0][3].startswith("g")
    assert names_of(cruz) == {
        "sis": "100000", "oneroster": "u-0", "email": f"teacher.0@{DOMAIN}", "username": "teacher.0",
    }  # fmt: skip
    assert {each.key: each.name for each in db.scalars(sa.select(Building))} == {
        "district": "Evergreen", "school-1": "School 1",
    }  # fmt: skip


@BOTH
def test_the_same_file_twice_changes_nothing_and_says_so(take, run, tmp_path, version):
    path = district(40).write(tmp_path, version)
    take(path)
    counts = take(path)
    assert counts["changed"] is False
    assert [counts[name] for name in ("added", "renamed", "opened", "closed", "corrected")] == [0] * 5
    assert "40 people read, nothing changed" in run("import", path).stdout


def test_nobodys_name_and_no_pupils_address_is_kept(take, known, tmp_path):
    take(Rolls([pupil(1, email=f"ana@{DOMAIN}"), teacher(2, email="cruz@home.example")]).write(tmp_path))
    assert set(names_of(known("sis", "200001"))) == {"sis", "oneroster", "username"}
    assert "email" not in names_of(known("sis", "100002")), "an address outside the district names nobody"
    raw = str(db.execute(sa.text("SELECT * FROM identity")).all())
    assert "Family" not in raw and "200001" not in raw


def test_demographics_are_never_read(take, tmp_path):
    """What is not opened can not be wrong."""
    rolls = Rolls([pupil(1)], extra={"demographics.csv": b"\xff\xfe no table at all", "classes.csv": b'"'})
    assert take(rolls.write(tmp_path))["added"] == 1


@BOTH
def test_who_is_not_in_the_next_bulk_file_has_left_and_is_not_deleted(take, known, tmp_path, version):
    rolls = district(30)
    take(rolls.write(tmp_path, version))
    counts = take(rolls.without("u-1", "u-20").write(tmp_path, version))
    assert (counts["closed"], counts["left"]) == (2, {"pupil": 1, "staff": 1})
    gone = known("oneroster", "u-1")
    assert [each[-1] for each in places(gone)] == [False]
    assert take(rolls.write(tmp_path, version))["opened"] == 2
    assert [each[-1] for each in places(gone)] == [False, True], "back again, and the gap stays on record"


@BOTH
def test_another_school_grade_or_job_closes_and_opens(take, known, tmp_path, version):
    rolls = Rolls([teacher(1), pupil(2)], {"district": "E", "school-1": "One", "school-2": "Two"})
    take(rolls.write(tmp_path, version))
    moved = rolls.changed("u-1", orgs=("school-2",)).changed("u-2", grades="05")
    counts = take(moved.write(tmp_path, version))
    assert (counts["opened"], counts["closed"]) == (2, 2)
    assert places(known("oneroster", "u-1")) == [
        ("school-1", "staff", "teacher", None, False), ("school-2", "staff", "teacher", None, True),
    ]  # fmt: skip
    assert [each[3:] for each in places(known("oneroster", "u-2"))] == [("g4", False), ("g5", True)]
    aide = moved.changed("u-1", role="aide")
    take(aide.write(tmp_path, version))
    assert places(known("oneroster", "u-1"))[-1][2] == "para"


@BOTH
def test_parents_are_nobody_of_the_roster(take, tmp_path, version):
    rolls = Rolls([pupil(1), User("mom", "parent", username="mom"), User("gran", "guardian")])
    assert take(rolls.write(tmp_path, version))["added"] == 1
    assert db.query(Person).count() == 1


def test_two_schools_are_two_places(take, known, tmp_path):
    rolls = Rolls([teacher(1, orgs=("school-1", "district"))])
    take(rolls.write(tmp_path))
    assert {each[0] for each in places(known("oneroster", "u-1"))} == {"school-1", "district"}


# -- deltas --------------------------------------------------------------------------------------------------


@BOTH
def test_a_delta_speaks_only_of_those_it_names(take, known, tmp_path, version):
    take(district(30).write(tmp_path, version))
    counts = take(Rolls([teacher(900), pupil(20, status="tobedeleted")]).write(tmp_path, version, delta=True))
    assert (counts["bulk"], counts["added"], counts["closed"]) == (False, 1, 1)
    assert [each[-1] for each in places(known("oneroster", "u-20"))] == [False]
    assert [each[-1] for each in places(known("oneroster", "u-1"))] == [True]
    assert db.query(Person).count() == 31, "tobedeleted deletes nobody"


def test_a_delta_that_comes_late_changes_nobody_back(take, known, tmp_path):
    take(Rolls([pupil(1)]).write(tmp_path))
    take(Rolls([pupil(1, status="tobedeleted", modified="2026-11-20T08:00:00Z")]).write(tmp_path, delta=True))
    late = take(
        Rolls([pupil(1, status="active", modified="2026-11-19T08:00:00Z")]).write(tmp_path, delta=True)
    )
    assert (late["outdated"], late["changed"]) == (1, False)
    assert [each[-1] for each in places(known("oneroster", "u-1"))] == [False]
    again = take(
        Rolls([pupil(1, status="active", modified="2026-11-21T08:00:00Z")]).write(tmp_path, delta=True)
    )
    assert (again["outdated"], again["opened"]) == (0, 1)


def test_a_delta_of_roles_alone_moves_somebody(take, known, tmp_path):
    """1.2: the user did not change, so only the rows of the roles come."""
    rolls = Rolls([teacher(1)], {"district": "E", "school-1": "One", "school-2": "Two"})
    take(rolls.write(tmp_path, "1.2"))
    files = rolls.changed("u-1", orgs=("school-2",)).files("1.2", delta=True)
    ended = rolls.changed("u-1", status="tobedeleted").files("1.2", delta=True)["roles.csv"]
    begun = files["roles.csv"].splitlines(keepends=True)[1]
    users = files["users.csv"].splitlines(keepends=True)[0]
    delta = Rolls([], rolls.schools, extra={"users.csv": users, "roles.csv": ended + begun})
    counts = take(delta.write(tmp_path, "1.2", delta=True))
    assert (counts["opened"], counts["closed"], counts["added"]) == (1, 1, 0)
    assert [(each[0], each[-1]) for each in places(known("oneroster", "u-1"))] == [
        ("school-1", False), ("school-2", True),
    ]  # fmt: skip


def test_a_delta_of_a_user_alone_leaves_their_roles(take, known, tmp_path):
    take(Rolls([teacher(1)]).write(tmp_path, "1.2"))
    delta = Rolls([teacher(1, username="new.name", orgs=())]).write(tmp_path, "1.2", delta=True)
    take(delta)
    person = known("oneroster", "u-1")
    assert [each[-1] for each in places(person)] == [True]
    assert names_of(person)["username"] == "new.name"


# -- staff file ----------------------------------------------------------------------------------------------


def test_a_staff_file_says_since_when(take, known, tmp_path):
    counts = take(staff_csv(tmp_path, [staff_row(1), staff_row(2, hired_on="2026-11-02", job="driver")]))
    assert (counts["added"], counts["source"]) == (2, "staff_csv")
    db.remove()
    row = db.scalars(sa.select(RosterInterval).filter_by(person_id=known("sis", "E2").id)).one()
    assert (row.job, row.starts_at) == ("driver", datetime(2026, 11, 2, 8, tzinfo=UTC)), (
        "midnight in Los Angeles"
    )


def test_a_last_day_is_a_whole_day(take, known, tmp_path):
    take(staff_csv(tmp_path, [staff_row(1, left_on="2099-06-30")]))
    db.remove()
    row = db.scalars(sa.select(RosterInterval).filter_by(person_id=known("sis", "E1").id)).one()
    assert row.ends_at == datetime(2099, 7, 1, 7, tzinfo=UTC)
    take(staff_csv(tmp_path, [staff_row(1)]))
    db.remove()
    assert db.scalars(sa.select(RosterInterval.ends_at)).one() is None, "they stay after all"


def test_a_staff_file_closes_no_place_of_oneroster(take, known, tmp_path):
    """Each source ends only what it began."""
    take(Rolls([teacher(1), pupil(2)]).write(tmp_path))
    take(staff_csv(tmp_path, [staff_row(1, email=f"teacher.1@{DOMAIN}", username="")]))
    take(staff_csv(tmp_path, [staff_row(9)]))
    cruz = known("oneroster", "u-1")
    assert known("sis", "E1").id == cruz.id, "one person, by the address"
    assert [(each[0], each[-1]) for each in places(cruz)] == [("fir", False), ("school-1", True)]


# -- who is who ----------------------------------------------------------------------------------------------


def test_somebody_a_launch_brought_is_found_and_not_added(take, district, make_person, known, tmp_path):
    here = make_person("unknown")
    link_identity(here, scheme="email", value=f"Teacher.1@{DOMAIN}", source="launch")
    db.commit()
    assert take(Rolls([teacher(1)]).write(tmp_path))["added"] == 0
    person = known("oneroster", "u-1")
    assert (person.id, person.audience) == (here.id, "staff")


def test_a_new_address_takes_the_place_of_the_old_one(take, known, tmp_path):
    take(Rolls([teacher(1)]).write(tmp_path))
    take(Rolls([teacher(1, email=f"new@{DOMAIN}"), teacher(2, email=f"teacher.1@{DOMAIN}")]).write(tmp_path))
    assert names_of(known("oneroster", "u-1"))["email"] == f"new@{DOMAIN}"


def test_names_that_lead_to_two_people_put_the_row_in_quarantine(take, run, district, make_person, tmp_path):
    one, two = make_person("staff"), make_person("staff")
    link_identity(one, scheme="sis", value="100001", source="launch")
    link_identity(two, scheme="email", value=f"teacher.1@{DOMAIN}", source="launch")
    db.commit()
    path = Rolls([teacher(1), teacher(2)]).write(tmp_path)
    counts = take(path)
    assert (counts["added"], counts["quarantined"]) == (1, 1), "the rest goes in"
    assert counts["quarantine"] == [{"file": "users.csv", "line": 2, "reason": "two_people"}]
    assert places(one) == places(two) == []
    assert "nothing was guessed" in run("import", path).stdout


def test_two_rows_that_lead_to_one_person_are_not_both_taken(take, tmp_path):
    counts = take(Rolls([teacher(1), teacher(2, email=f"TEACHER.1@{DOMAIN}")]).write(tmp_path))
    assert (counts["added"], counts["quarantined"]) == (1, 1)
    assert counts["quarantine"][0] == {"file": "users.csv", "line": 3, "reason": "two_rows"}


def test_who_is_in_quarantine_has_not_left(take, known, district, make_person, tmp_path):
    take(Rolls([teacher(1), teacher(2)]).write(tmp_path))
    take(Rolls([teacher(1), teacher(2, email=f"teacher.1@{DOMAIN}")]).write(tmp_path))
    assert [each[-1] for each in places(known("oneroster", "u-2"))] == [True]


def test_another_districts_numbers_are_nobody_here(take, make_other, known, tmp_path):
    theirs = make_other(sis="100001", email=f"teacher.1@{DOMAIN}")
    take(Rolls([teacher(1)]).write(tmp_path))
    assert known("sis", "100001").id != theirs.id
    assert places(theirs) == []


def test_a_dry_run_says_what_would_be_and_changes_nothing(run, tmp_path):
    answer = run("import", district(20).write(tmp_path), "--dry-run", "--json")
    assert answer.exit_code == 0 and '"added": 20' in answer.stdout
    db.remove()
    assert db.query(Person).count() == db.query(RosterInterval).count() == db.query(AuditEntry).count() == 0


def test_an_import_stands_in_the_audit_log_without_names(take, district, tmp_path):
    take(staff_csv(tmp_path, staff_rows(3)))
    db.remove()
    entry = db.scalars(sa.select(AuditEntry)).one()
    assert (entry.action, entry.actor, entry.detail["added"]) == ("roster_imported", "command", 3)
    assert DOMAIN not in str(entry.detail)


def test_a_custom_parameter_makes_nobody_staff(take, district, make_person, known, tmp_path):
    """Whoever a link said to be number 100001 is not the person the roster means."""
    forger = make_person("pupil")
    link_identity(forger, scheme="sis", value="100001", source="custom")
    db.commit()
    assert take(Rolls([teacher(1)]).write(tmp_path))["added"] == 1
    assert known("sis", "100001").id != forger.id
    assert db.query(Identity).filter_by(person_id=forger.id).count() == 0
    assert find_by_identity(district.id, "sis", "100001").audience == "staff"
