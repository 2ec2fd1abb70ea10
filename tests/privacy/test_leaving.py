"""A district leaves: its files first, then not a row of it is left, and nobody else's is touched."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from core.clock import now
from core.database import Base, db, transaction
from core.sealed import Sealed
from held.district import its_tables, of_district
from lti_tool.models import Platform
from people import holds
from people.audit import COMMAND
from people.models import ApiClient, District, SignIn
from people.school_years import ensure_school_year
from privacy import departing
from privacy.departing import close_departed
from privacy.district_files import COPIES, columns_of
from privacy.models import Departure
from tests.privacy.makers import NAME, Held

LAST_DAY = (now() + timedelta(days=30)).date()
FILLERS: dict[str, dict[str, object]] = {
    "evidence_pack": {"state": "waiting", "office": "district"},
    "enforcement_step": {"stage": "observe"},
    "feed": {"kind": "webhook"},
    "mail_settings": {"security": "tls"},
}


def a_value(column: sa.Column, number: int):
    """Something of the column's type; what a check wants besides stands in FILLERS."""
    kind = column.type.impl if isinstance(column.type, sa.types.TypeDecorator) else column.type
    match kind:
        case sa.JSON():
            return {}
        case sa.Boolean():
            return False
        case sa.DateTime():
            return now()
        case sa.Date():
            return now().date()
        case sa.String():
            return f"{column.name}{number}"[: kind.length or 40]
        case _:
            return 1


def fill(district_id: int) -> None:
    """A row in each table of the district that has none yet."""
    for number, table in enumerate(reversed(its_tables()), start=1000 * district_id):
        if db.scalar(sa.select(table.c.id).where(of_district(table, district_id)).limit(1)) is None:
            row = {
                column.name: a_value(column, number)
                for column in table.columns
                if not (column.nullable or column.primary_key or column.foreign_keys)
            }
            for key in (each for each in table.foreign_keys if not each.parent.nullable):
                theirs = sa.select(key.column).where(of_district(key.column.table, district_id)).limit(1)
                row[key.parent.name] = db.scalar(theirs)
            db.execute(table.insert().values(row | FILLERS.get(table.name, {})))


@pytest.fixture
def two_districts(no_curriculum, district, year, make_person):
    """Each with somebody of whom every table holds a row, and a row in every other table that takes a plain one."""
    other = District(slug="larch", name="Larch", timezone="America/Los_Angeles", email_domains=[])
    db.add(other)
    db.flush()
    for each in (district, other):
        the_year = ensure_school_year(each)
        people = [make_person("pupil"), make_person("staff")]
        for person in people:
            person.district_id = each.id
        db.commit()
        Held(each, the_year, *people)
        fill(each.id)
        db.commit()
    return district.id, other.id


def rows_of(district_id: int) -> dict[str, int]:
    db.remove()
    counted = {
        table.name: db.scalar(
            sa.select(sa.func.count()).select_from(table).where(of_district(table, district_id))
        )
        for table in its_tables()
    }
    return {name: count for name, count in counted.items() if count}


def everything() -> dict[str, int]:
    db.remove()
    return {
        name: db.scalar(sa.select(sa.func.count()).select_from(table))
        for name, table in Base.metadata.tables.items()
    }


def leave(app, *arguments: object, slug: str = "evergreen"):
    db.remove()
    return app.test_cli_runner().invoke(args=["district", "leave", slug, *map(str, arguments), "--json"])


@pytest.fixture
def announced(app, two_districts):
    done = leave(app, "--on", LAST_DAY, "--by", "contract 2026-17")
    assert done.exit_code == 0, done.output
    return two_districts


def test_not_a_row_is_left_and_none_of_the_other_is_touched(app, announced, tmp_path):
    mine, other = announced
    before, theirs = rows_of(mine), rows_of(other)
    done = leave(app, "--erase", "--now", "--yes", "--files", tmp_path)
    assert done.exit_code == 0, done.output
    assert rows_of(mine) == {}
    assert rows_of(other) == theirs
    removed = json.loads(done.output)["removed"]
    assert removed["district"] == 1
    ways_in = {"admin_link", "api_token", "deep_linking_request", "registration_invite", "sign_in"}
    assert set(before) - removed.keys() <= ways_in, "gone when the doors closed"
    assert db.scalars(sa.select(District.slug)).all() == ["larch"]


def test_the_certificate_says_what_was_removed_and_outlives_the_district(app, announced, tmp_path):
    leave(app, "--erase", "--now", "--yes", "--files", tmp_path)
    said = json.loads((tmp_path / "certificate.json").read_text())
    row = db.scalars(sa.select(Departure)).one()
    assert (
        row.sha256
        == hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    )
    assert (
        said["files_manifest_sha256"] == hashlib.sha256((tmp_path / "manifest.json").read_bytes()).hexdigest()
    )
    assert said["asked_by"] == "contract 2026-17" and said["removed"]["evidence"] >= 1
    shown = leave(app)
    assert json.loads(shown.output)["sha256"] == row.sha256, "and may be asked for later"


def test_every_table_is_in_the_files_and_nothing_that_opens_anything(app, announced, tmp_path):
    mine, _other = announced
    before = rows_of(mine)
    assert leave(app, "--files", tmp_path).exit_code == 0
    listed = {
        each.get("table"): each for each in json.loads((tmp_path / "manifest.json").read_text())["files"]
    }
    for name, count in before.items():
        if name in COPIES or name in (
            "audit_entry",
            "audit_head",
            "disclosure",
        ):  # writing them is noted there
            continue
        lines = (tmp_path / f"{name}.jsonl").read_bytes()
        assert listed[name]["rows"] == len(lines.splitlines()) == count, name
        assert listed[name]["sha256"] == hashlib.sha256(lines).hexdigest()
        for line in lines.splitlines():
            assert json.loads(line).get("district_id", mine) == mine, f"{name} is of another district"
    assert NAME in (tmp_path / "enrollment.jsonl").read_text(), "for the district its names are plain"
    assert (tmp_path / "enrollment.jsonl").stat().st_mode & 0o077 == 0


def test_no_file_holds_a_key(app):
    for table in its_tables():
        for column in columns_of(table):
            assert column.name.rpartition("_")[2] not in ("hash", "secret", "password", "token"), column
            if isinstance(column.type, Sealed):
                assert table.name in ("identity", "enrollment", "attestation", "claimed_name"), column


def test_before_its_last_day_only_now_erases(app, announced, tmp_path):
    refused = leave(app, "--erase", "--yes", "--files", tmp_path)
    assert refused.exit_code == 1 and "is here until" in refused.output
    with time_machine.travel(
        datetime.combine(LAST_DAY, datetime.min.time(), UTC) + timedelta(days=2), tick=True
    ):
        assert leave(app, "--erase", "--files", tmp_path).exit_code == 1, "nor without --yes"
        assert leave(app, "--erase", "--yes", "--files", tmp_path).exit_code == 0


def test_a_legal_hold_stops_it(app, announced, tmp_path):
    with transaction():
        hold = holds.place(db.get_one(District, announced[0]), "2026-LIT-014", COMMAND).public_id
    before = rows_of(announced[0])
    refused = leave(app, "--erase", "--now", "--yes", "--files", tmp_path)
    assert refused.exit_code == 1 and "legal hold" in refused.output
    assert rows_of(announced[0]) == before and not list(tmp_path.iterdir())
    with transaction():
        for each in holds.holds_of(announced[0], in_force=True):
            holds.lift(announced[0], each.public_id, COMMAND)
    assert hold and leave(app, "--erase", "--now", "--yes", "--files", tmp_path).exit_code == 0


def test_killed_in_the_middle_it_has_happened_not_at_all_and_is_asked_for_again(
    app, announced, tmp_path, monkeypatch
):
    def killed(_departure):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(departing, "certificate", killed)
        assert leave(app, "--erase", "--now", "--yes", "--files", tmp_path).exit_code == 1
    assert rows_of(announced[0])["person"] >= 2, "files and closed doors, and every row"
    assert leave(app, "--erase", "--now", "--yes", "--files", tmp_path).exit_code == 0
    (tmp_path / "certificate.json").unlink()
    again = leave(app, "--erase", "--now", "--yes", "--files", tmp_path)
    assert again.exit_code == 0, "killed after it was erased: only the certificate is written"
    assert (tmp_path / "certificate.json").exists()


def test_on_its_last_day_the_doors_close(app, announced):
    mine, other = announced
    assert close_departed() == 0
    db.commit()
    with time_machine.travel(
        datetime.combine(LAST_DAY, datetime.min.time(), UTC) + timedelta(days=2), tick=True
    ):
        with transaction():
            assert close_departed() == 1
        with transaction():
            assert close_departed() == 0, "once"
    for district_id, closed in ((mine, True), (other, False)):
        for model, column in ((Platform, Platform.withdrawn_at), (ApiClient, ApiClient.revoked_at)):
            rows = db.scalars(sa.select(column).where(model.district_id == district_id)).all()
            assert rows and all((each is not None) == closed for each in rows), model
        visits = db.scalars(sa.select(SignIn.id).where(SignIn.district_id == district_id)).all()
        assert bool(visits) != closed


def test_it_may_stay_after_all(app, announced, tmp_path):
    assert leave(app, "--stay").exit_code == 0
    assert leave(app, "--erase", "--now", "--yes", "--files", tmp_path).exit_code == 1
    assert leave(app, "--on", LAST_DAY, "--by", "contract 2027-01").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--on", "2020-01-01", "--by", "contract 1"], "over"),
        (["--erase", "--now", "--yes", "--files", "TMP"], "not leaving"),
        (["--files", "TMP"], "not leaving"),
        (["--on", "2099-01-01"], "--by"),
        (["--erase"], "--files"),
        ([], "not leaving"),
    ],
)
def test_odd_wishes_are_refused_in_a_line(app, district, tmp_path, arguments, words):
    done = leave(app, *(str(tmp_path) if each == "TMP" else each for each in arguments))
    assert done.exit_code != 0 and words in done.output


def test_a_folder_that_holds_something_else_is_left_alone(app, announced, tmp_path):
    (tmp_path / "thesis.doc").write_text("mine")
    refused = leave(app, "--erase", "--now", "--yes", "--files", tmp_path)
    assert refused.exit_code == 1 and "thesis.doc" in refused.output
    assert rows_of(announced[0])["district"] == 1
