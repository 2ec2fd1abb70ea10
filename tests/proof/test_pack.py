"""What stands in a pack, file by file."""

import hashlib
import io
import json

import pytest
import sqlalchemy as sa

from completion import policy_texts
from completion.models import Evidence, PolicyText
from core.clock import now
from core.database import db
from lessons import library
from lessons.models import LessonVersion
from people.models import Person
from proof.manifest import MANIFEST, SIGNATURE
from tests.proof.conftest import Place, later

IDENTIFIED = {
    "pupils.csv", "makeup.csv", "coverage.csv", "amendments.csv", "staff.csv", "sessions.csv",
    "agreements/signatures.csv",
}  # fmt: skip


def lessons_of_grade_4() -> list[str]:
    return [ref.id for ref in library.course("g4").lessons]


def test_every_file_is_in_the_manifest_with_its_hash_size_and_rows(lived_in):
    pack = lived_in.pack()
    manifest = pack.manifest
    listed = {each["name"]: each for each in manifest["files"]}
    assert set(pack.names()) == {*listed, MANIFEST, SIGNATURE} and len(pack.names()) == len(listed) + 2
    for name, said in listed.items():
        data = pack.zip.read(name)
        assert (said["sha256"], said["bytes"]) == (hashlib.sha256(data).hexdigest(), len(data)), name
        assert said["rows"] == (len(pack.rows(name)) if name.endswith(".csv") else None), name
    assert set(listed) >= IDENTIFIED | {
        "coverage_deid.csv",
        "pupils_deid.csv",
        "summary.html",
        "summary.pdf",
        "policy/editions.csv",
        "policy/reviews.csv",
    }
    assert manifest["district"]["slug"] == "evergreen" and manifest["year"]["state"] == "open"
    assert manifest["generated_by"] == "command" and manifest["generated_at"].startswith("2026-11-24T18:00")
    assert pack.zip.testzip() is None


def test_each_pupil_and_lesson_has_a_row_that_says_when_how_and_in_which_version(lived_in):
    rows = lived_in.pack().rows("pupils.csv")
    lessons = lessons_of_grade_4()
    assert len(rows) == 42 * len(lessons)
    assert [row["school_key"] for row in rows] == sorted(row["school_key"] for row in rows)
    taught = {(row["sis_id"], row["lesson"]): row for row in rows if row["taught"] == "yes"}
    alone = taught["n00", lessons[0]]
    assert (alone["mode"], alone["first_taught_on"], alone["school"]) == (
        "self-paced",
        "2026-11-24",
        "north School",
    )
    assert alone["version"] == library.lesson(lessons[0]).content_hash and alone["evidence"].startswith("ev_")
    assert (
        "CIPA-" in alone["cipa"]
        and alone["on_roster_from"] == "2026-09-02"
        and alone["on_roster_until"] == ""
    )
    assert taught["s00", lessons[0]]["mode"] == "group"
    assert ("s00", lessons[1]) not in taught and ("n29", lessons[0]) not in taught


def test_taught_alone_and_with_the_class_is_both(lived_in):
    lesson = lessons_of_grade_4()[0]
    lived_in.take(lived_in.south[0], lesson)
    (row,) = [
        row for row in lived_in.pack().rows("pupils.csv") if (row["sis_id"], row["lesson"]) == ("s00", lesson)
    ]
    assert row["mode"] == "both"


def test_coverage_counts_by_school_grade_and_tag_of_the_law(lived_in):
    rows = lived_in.pack().rows("coverage.csv")
    north = {row["cipa"]: row for row in rows if row["school_key"] == "north"}
    assert {"CIPA-OB", "CIPA-SN", "CIPA-CB"} <= set(north)
    for tag in ("CIPA-OB", "CIPA-SN", "CIPA-CB"):
        told = north[tag]
        assert (told["enrolled"], told["taught"], told["percent"], told["make_ups_open"]) == (
            "30",
            "28",
            "93",
            "2",
        )
    carried = set(library.course("g4").lessons[0].cipa)
    south = {row["cipa"]: row["taught"] for row in rows if row["school_key"] == "south"}
    assert {tag for tag, taught in south.items() if taught == "12"} == carried
    assert {tag for tag, taught in south.items() if taught == "0"} == set(south) - carried


def test_make_ups_name_who_was_not_taught_what(lived_in):
    rows = lived_in.pack().rows("makeup.csv")
    lessons = lessons_of_grade_4()
    missing = {(row["sis_id"], row["lesson"]) for row in rows}
    expected = {(sis, lesson) for sis in ("n28", "n29") for lesson in lessons}
    expected |= {(f"s{number:02d}", lesson) for number in range(12) for lesson in lessons[1:]}
    assert missing == expected and len(rows) == len(missing)


def test_a_grade_without_a_course_is_enrolled_and_not_taught(place):
    place.pupil(place.school("north"), grade="g5", sis="5")
    pack = place.pack()
    (row,) = pack.rows("pupils.csv")
    assert (row["sis_id"], row["lesson"], row["taught"]) == ("5", "", "no")
    told = {row["cipa"]: (row["enrolled"], row["taught"]) for row in pack.rows("coverage.csv")}
    assert told == dict.fromkeys(("CIPA-OB", "CIPA-SN", "CIPA-CB"), ("1", "0"))


def test_staff_by_way_version_and_time(lived_in):
    rows = lived_in.pack().rows("staff.csv")
    (row,) = rows
    assert (row["school"], row["job"], row["sis_id"]) == ("The Office", "office", "100001")
    assert (row["outcome"], row["way"], row["completed_on"]) == ("complete", "agreement", "2026-11-24")
    assert row["version"].startswith("rua-") and row["evidence"].startswith("ev_") and row["due_on"]


def test_the_text_that_was_signed_is_there_byte_for_byte(lived_in):
    pack = lived_in.pack()
    kept = db.scalars(sa.select(PolicyText)).one()
    (name,) = [name for name in pack.names() if name.startswith("agreements/") and name.endswith(".md")]
    assert hashlib.sha256(pack.zip.read(name)).hexdigest() == kept.sha256
    (signature,) = pack.rows("agreements/signatures.csv")
    assert signature["text_sha256"] == kept.sha256 and signature["signed_on"] == "2026-11-24"
    assert "Dee Example" not in "".join(pack.text(each) for each in pack.names()), "no name leaves"


def test_a_lesson_is_there_in_the_version_that_was_taught_and_its_hash_is_the_version(lived_in):
    pack = lived_in.pack()
    versions = set(db.scalars(sa.select(Evidence.version).where(Evidence.part.startswith("lesson:"))))
    there = {
        hashlib.sha256(pack.zip.read(name)).hexdigest() for name in pack.names() if name.endswith(".json")
    }
    assert versions <= there
    page = next(name for name in pack.names() if name.startswith("content/") and name.endswith(".html"))
    assert "Objectives" in pack.text(page) and "{{" not in pack.text(page)


def test_a_version_that_was_not_taught_is_not_there(lived_in):
    taught = {name for name in lived_in.pack().names() if name.startswith("content/")}
    all_versions = set(db.scalars(sa.select(LessonVersion.lesson_id)))
    assert not any(name.startswith("content/k-") for name in taught) and any(
        each.startswith("k-") for each in all_versions
    )


def test_sessions_say_when_which_class_who_led_and_for_how_many(lived_in):
    (row,) = lived_in.pack().rows("sessions.csv")
    assert (row["held_on"], row["pupils"], row["state"]) == ("2026-11-24", "12", "holds")
    assert row["leader_sis_id"] == "100001" and row["lesson"] == lessons_of_grade_4()[0]


def test_what_was_voided_does_not_count(lived_in):
    db.execute(
        sa.update(Evidence)
        .where(Evidence.person_id == lived_in.north[0].id)
        .values(voided_at=sa.func.current_timestamp(), void_reason="not_here")
    )
    db.commit()
    north = [row for row in lived_in.pack().rows("coverage.csv") if row["school_key"] == "north"]
    assert {row["taught"] for row in north} == {"27"}


def test_who_left_or_moved_stands_once_where_they_were_last(lived_in):
    from people.roster_models import Building, RosterInterval

    moved = lived_in.north[29]
    south = db.scalars(sa.select(Building.id).filter_by(key="south")).one()
    with later(days=10):
        from core.clock import now

        db.execute(
            sa.update(RosterInterval).where(RosterInterval.person_id == moved.id).values(ends_at=now())
        )
        db.add(
            RosterInterval(
                district_id=moved.district_id, person_id=moved.id, building_id=south, audience="pupil", grade="g4",
                starts_at=now(), source="test",
            )
        )  # fmt: skip
        db.commit()
    with later(days=20):
        enrolled = {row["school_key"]: row["enrolled"] for row in lived_in.pack().rows("coverage.csv")}
    assert enrolled == {"north": "29", "south": "13"}


def test_whom_no_roster_knows_stands_in_the_grade_of_their_course(place):
    from completion import requirements

    person = Person(district_id=place.district_id, audience="pupil")
    db.add(person)
    db.flush()
    requirements.assign(person, "dc-g4", place.year)
    db.commit()
    rows = place.pack().rows("pupils.csv")
    assert {(row["school_key"], row["grade"], row["person"]) for row in rows} == {
        ("", "g4", person.public_id)
    }


def test_an_empty_district_has_a_pack_too(place):
    for deidentified in (False, True):
        pack = place.pack(deidentified=deidentified)
        assert pack.made.pupils == 0
        assert pack.rows("coverage_deid.csv") == [] and "0 %" in pack.text("summary.html")
        assert "(0 %) Tj" in pack.text("summary.pdf")


def test_nobody_of_another_district_is_in_it(lived_in):
    other = Place("next-door")
    other.take_all(other.pupil(other.school("north"), sis="stranger"))
    other_pack, pack = other.pack(), lived_in.pack()
    assert "stranger" in other_pack.text("pupils.csv") and "stranger" not in pack.text("pupils.csv")
    assert {row["sis_id"] for row in other_pack.rows("pupils.csv")} == {"stranger"}
    assert other_pack.rows("staff.csv") == [] == other_pack.rows("sessions.csv")


def test_the_same_data_make_the_same_bytes(lived_in):
    first, second = lived_in.pack(), lived_in.pack()
    assert first.data == second.data
    with later(hours=3):
        third = lived_in.pack()
    assert third.made.content_sha256 == first.made.content_sha256
    different = [name for name in first.names() if first.zip.read(name) != third.zip.read(name)]
    assert different == [MANIFEST, SIGNATURE], "only who and when"
    lived_in.take(lived_in.north[29], lessons_of_grade_4()[0])
    assert lived_in.pack().made.content_sha256 != first.made.content_sha256


def test_cells_that_look_like_formulas_are_made_harmless(place):
    place.pupil(place.school("x", "=HYPERLINK(1)"), sis="=cmd()")
    (row, *_) = place.pack().rows("pupils.csv")
    assert (row["school"], row["sis_id"]) == ("'=HYPERLINK(1)", "'=cmd()")


def test_a_pack_without_people_names_nobody(lived_in):
    pack = lived_in.pack(deidentified=True)
    assert not IDENTIFIED & set(pack.names())
    everything = "".join(pack.text(name) for name in pack.names() if not name.startswith("content/"))
    people = db.scalars(sa.select(Person.public_id)).all()
    assert not [each for each in people if each in everything]
    assert "n00" not in everything and "100001" not in everything and "ev_" not in everything
    assert pack.manifest["deidentified"] is True


def test_who_approved_an_edition_stands_in_the_pack_and_only_how_many_where_nobody_is_named(place):
    policy_texts.publish_policy_text(
        "house", "1", "en", "## Rules\n\nAsk.", title="Rules", intent="Yes.", effective_at=now()
    )
    policy_texts.publish_policy_text(
        "house", "2", "en", "## Rules\n\nAsk!", title="Rules", intent="Yes.", change="editorial",
        approved_by=("Ann Lee, director", "Bo Ray, principal"), effective_at=now(),
    )  # fmt: skip
    for deidentified, said in ((False, "Ann Lee, director; Bo Ray, principal"), (True, "2")):
        rows = place.pack(deidentified=deidentified).rows("policy/editions.csv")
        ours = [row for row in rows if row["policy"].startswith("house")]
        assert [(row["change"], row["approved_by"]) for row in ours][1] == ("editorial", said)
        assert (ours[1]["effective_on"], ours[1]["sign_again_by"]) == ("2026-11-24", "")


def test_small_counts_are_withheld_in_the_de_identified_tables(lived_in):
    """28 of 30 in North: that two were not taught would be a count under ten."""
    rows = lived_in.pack().rows("coverage_deid.csv")
    assert {row["taught"] for row in rows if row["school_key"] == "north"} == {"withheld"}
    lessons = lived_in.pack().rows("pupils_deid.csv")
    assert {row["enrolled"] for row in lessons if row["school_key"] == "north"} == {"withheld"}


def test_large_counts_are_told(place):
    for key in ("north", "south"):
        building = place.school(key)
        place.take_all(*(place.pupil(building) for _ in range(10)))
    told = {
        (row["school_key"], row["grade"], row["cipa"]): row
        for row in place.pack(deidentified=True).rows("coverage_deid.csv")
    }
    assert told["north", "g4", "CIPA-CB"]["percent"] == "100"
    assert told["all", "all", "CIPA-CB"]["enrolled"] == told["all", "all", "CIPA-CB"]["taught"] == "20"


def test_the_number_of_statements_grows_with_batches_and_not_with_people(
    lived_in, count_queries, monkeypatch
):
    with count_queries() as few:
        lived_in.pack()
    for number in range(40):
        lived_in.pupil(None, sis=f"more{number}")
    with count_queries() as many:
        lived_in.pack()
    assert len(many) == len(few)


@pytest.mark.parametrize("at_once", [7, 500])
def test_a_batch_boundary_changes_nothing(lived_in, monkeypatch, at_once):
    whole = lived_in.pack().text("pupils.csv")
    monkeypatch.setattr("proof.pupils.AT_ONCE", at_once)
    assert lived_in.pack().text("pupils.csv") == whole


def test_progress_is_told_and_ends_at_all(lived_in):
    from people.audit import COMMAND
    from proof import making

    told: list[tuple[int, int]] = []
    db.remove()
    making.make(
        io.BytesIO(), lived_in.district_id, lived_in.year_id, deidentified=False, by=COMMAND,
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert told[0] == (0, 85) and told[-1] == (85, 85) and told == sorted(told)


def test_the_manifest_names_the_head_of_the_audit_log(lived_in):
    from people.audit import head_of

    said = lived_in.pack().manifest["audit"]
    seq, head = head_of(lived_in.district_id)
    assert said == {"entries": seq, "head": head}
    assert json.dumps(said)
