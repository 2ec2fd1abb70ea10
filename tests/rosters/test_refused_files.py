"""What is wrong with a file is said with its row, all of it at once, and nothing of the file goes in."""

import struct
import zipfile

import pytest

from rosters import bounds, csv_rows, zip_entries
from tests.rosters.files import (
    ROLE_HEAD,
    STAFF_HEAD,
    USER_11_HEAD,
    Rolls,
    district,
    manifest,
    pupil,
    staff_csv,
    staff_row,
    staff_rows,
    table,
    teacher,
)


def test_every_error_is_named_with_its_file_and_row(refuse, tmp_path):
    rows = [
        staff_row(1),
        staff_row(2, job="wizard"),
        staff_row(3, hired_on="9/1/2026", email="not an address"),
        staff_row(4, hired_on="2026-09-01", left_on="2026-08-01"),
        staff_row(5, sis_id=""),
        staff_row(6, building="x" * 81),
    ]
    said = refuse(staff_csv(tmp_path, rows))
    assert "6 errors; nothing was imported" in said
    assert "staff.csv:3: job must be one of teacher, para" in said and 'not "wizard"' in said
    assert 'staff.csv:4: hired_on must be a day written as 2026-09-01, not "9/1/2026"' in said
    assert "staff.csv:4: email must be an e-mail address" in said
    assert "staff.csv:5: left_on must not lie before hired_on" in said
    assert "staff.csv:6: sis_id must have 1 to 80 characters" in said
    assert "staff.csv:7: building must have 1 to 80 characters" in said


def test_a_hundred_errors_are_shown_and_all_are_counted(refuse, tmp_path):
    said = refuse(staff_csv(tmp_path, staff_rows(130, job="wizard")))
    assert said.count("staff.csv:") == 100
    assert "130 errors" in said and "and 30 more" in said


def test_one_wrong_row_keeps_the_whole_file_out(refuse, tmp_path):
    refuse(staff_csv(tmp_path, [*staff_rows(700), staff_row(701, job="wizard")]))


def test_a_key_stands_in_a_file_once(refuse, tmp_path):
    assert "users.csv:3: sourcedId stands in the file already" in refuse(
        Rolls([pupil(1), pupil(1)]).write(tmp_path)
    )
    assert "at this building already" in refuse(staff_csv(tmp_path, [staff_row(1), staff_row(1)]))


def test_rows_of_one_number_are_one_person(refuse, tmp_path):
    said = refuse(
        staff_csv(tmp_path, [staff_row(1), staff_row(1, building="elm", email="a@evergreen.example")])
    )
    assert "staff.csv:3: email is not that of line 2" in said


def test_references_to_nobody_are_errors(refuse, take, tmp_path):
    assert 'users.csv:2: there is no org "nowhere"' in refuse(
        Rolls([pupil(1, orgs=("nowhere",))]).write(tmp_path)
    )
    roles = table(ROLE_HEAD, [("r1", "", "", "u-9", "primary", "student", "", "", "school-1", "")])
    assert 'roles.csv:2: userSourcedId "u-9" is not in users.csv' in refuse(
        Rolls([pupil(1)], extra={"roles.csv": roles}).write(tmp_path, "1.2")
    )
    take(Rolls([pupil(1)]).write(tmp_path, "1.2"))
    nobody = Rolls([pupil(7)]).files("1.2", delta=True) | {
        "users.csv": Rolls([]).files("1.2", delta=True)["users.csv"]
    }
    said = refuse(Rolls([], extra=nobody).write(tmp_path, "1.2", delta=True))
    assert 'roles.csv:2: there is no user "u-7"' in said


def test_a_delta_says_what_changed_and_when(refuse, tmp_path):
    files = Rolls([pupil(1)]).files("1.1")
    said = refuse(Rolls([], extra=files | {"manifest.csv": manifest("1.1", "delta")}).write(tmp_path))
    assert "users.csv:2: status must not be empty in a delta" in said
    assert "users.csv:2: dateLastModified must not be empty in a delta" in said


def test_a_role_oneroster_does_not_know_is_an_error_and_one_of_a_vendor_is_nobodys(refuse, take, tmp_path):
    assert 'role "wizard" is none of OneRoster' in refuse(Rolls([pupil(1, role="wizard")]).write(tmp_path))
    assert take(Rolls([pupil(1), pupil(2, role="ext:wizard")]).write(tmp_path, "1.2"))["added"] == 1


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ({"manifest.csv": manifest("2.0", "bulk")}, 'oneroster.version is "2.0"'),
        ({"manifest.csv": manifest("1.1", "absent")}, 'users.csv is "absent"'),
        ({"manifest.csv": manifest("1.1", "bulk", **{"file.orgs": "absent"})}, "must have orgs.csv"),
        ({"manifest.csv": manifest("1.2", "bulk")}, "promises roles.csv"),
        ({"manifest.csv": b"propertyName\r\nx\r\n"}, "missing: value"),
        ({"users.csv": b""}, "the first line must name the columns"),
        ({"users.csv": table(USER_11_HEAD[1:], [])}, "missing: sourcedId"),
        ({"users.csv": table((*USER_11_HEAD, "role"), [])}, "twice"),
        ({"users.csv": table(USER_11_HEAD, []) + b"u-1,,\r\n"}, "users.csv:2: has 3 fields where the head names 18"),
        ({"users.csv": table(USER_11_HEAD, []) + b'"u-1'}, "this is not CSV"),
        ({"users.csv": table(USER_11_HEAD, [])}, "names nobody"),
    ],
)  # fmt: skip
def test_a_zip_that_is_not_what_it_says(refuse, tmp_path, extra, words):
    assert words in refuse(Rolls([pupil(1)], extra=extra).write(tmp_path))


def test_users_and_roles_go_together(refuse, tmp_path):
    mixed = {"manifest.csv": manifest("1.2", "bulk", **{"file.roles": "delta"})}
    assert "both be bulk or both be delta" in refuse(Rolls([pupil(1)], extra=mixed).write(tmp_path, "1.2"))


def test_utf_8_with_or_without_a_mark(take, tmp_path):
    """Excel writes one."""
    path = staff_csv(tmp_path, [staff_row(1, building_name="Escuela Peñón")])
    assert take(path)["added"] == 1
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert take(path)["changed"] is False


@pytest.mark.parametrize(
    ("encoding", "words"),
    [("utf-16", "is UTF-16"), ("utf-16-be", "NUL"), ("latin-1", "not UTF-8"), ("utf-32", "is UTF-16")],
)
def test_other_encodings_are_named(refuse, tmp_path, encoding, words):
    path = staff_csv(tmp_path, [staff_row(1, building_name="Escuela Peñón")])
    path.write_bytes(path.read_bytes().decode().encode(encoding))
    said = refuse(path)
    assert words in said and "save" in said


def test_what_looks_like_a_formula_is_kept_as_it_is_and_said_harmlessly(refuse, take, tmp_path):
    assert 'not "\'=HYPERLINK(1)"' in refuse(staff_csv(tmp_path, [staff_row(1, job="=HYPERLINK(1)")]))
    assert take(staff_csv(tmp_path, [staff_row(1, sis_id="-1", building_name="=1+1")]))["added"] == 1


def test_what_is_too_large_is_refused(refuse, tmp_path, monkeypatch):
    assert "a field has more than 2,000 characters" in refuse(
        staff_csv(tmp_path, [staff_row(1, building_name="x" * 2_001)])
    )
    assert "the line has more than 20,000 bytes" in refuse(
        staff_csv(tmp_path, [staff_row(1, building_name="x" * 20_001)])
    )
    monkeypatch.setattr(csv_rows, "MOST_ROWS", 10)
    assert "more than 10 rows" in refuse(staff_csv(tmp_path, staff_rows(11)))


def test_a_quote_that_never_ends_does_not_eat_the_file(refuse, tmp_path):
    """csv's own limit of a field ends it."""
    path = tmp_path / "staff.csv"
    path.write_bytes(table(STAFF_HEAD, []) + b'"' + b"x,y\r\n" * 200_000)
    assert "this is not CSV" in refuse(path)


# -- zips ----------------------------------------------------------------------------------------------------


def zipped(path, *entries: tuple[zipfile.ZipInfo | str, bytes]):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data, zipfile.ZIP_DEFLATED)
    return path


@pytest.mark.parametrize(
    "name", ["../users.csv", "/etc/users.csv", "a/../../users.csv", "C:\\users.csv", "..\\u.csv"]
)
def test_a_file_that_leads_out_of_its_folder(refuse, tmp_path, name):
    assert "leads out of its folder" in refuse(zipped(tmp_path / "r.zip", ("manifest.csv", b""), (name, b"")))


def test_a_link_in_a_zip(refuse, tmp_path):
    link = zipfile.ZipInfo("users.csv")
    link.external_attr = 0o120777 << 16
    assert "a link or a device" in refuse(zipped(tmp_path / "r.zip", (link, b"/etc/passwd")))


def test_a_bomb(refuse, tmp_path):
    assert "more than 100 times its size" in refuse(
        zipped(tmp_path / "r.zip", ("manifest.csv", b""), ("users.csv", b"0" * 5_000_000))
    )


def test_an_encrypted_entry(refuse, tmp_path):
    path = Rolls([pupil(1)]).write(tmp_path)
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 8 : at + 10] = struct.pack("<H", 1)
    path.write_bytes(data)
    assert "encrypted" in refuse(path)


def test_too_many_files_are_refused_before_they_are_listed(refuse, tmp_path):
    assert "more than 50 files" in refuse(zipped(tmp_path / "r.zip", *((f"{n}.csv", b"") for n in range(60))))


def test_two_files_of_one_name(refuse, tmp_path):
    path = tmp_path / "r.zip"
    zipped(path, ("users.csv", b"a"), ("USERS.csv", b"b"))
    assert "two files of one name" in refuse(path)


def test_a_stream_that_is_not_what_the_directory_promised(refuse, tmp_path):
    path = district(200).write(tmp_path)
    data = bytearray(path.read_bytes())
    at = data.index(b"users.csv") + 60
    data[at : at + 40] = bytes(40)
    path.write_bytes(data)
    assert "the zip is broken" in refuse(path)


@pytest.mark.parametrize("data", [b"PK", b"PK\x03\x04" + b"\x00" * 100, b"PK\x05\x06" + b"\x00" * 18])
def test_what_only_begins_like_a_zip(refuse, tmp_path, data):
    path = tmp_path / "r.zip"
    path.write_bytes(data)
    assert "the zip" in refuse(path)


def test_a_method_that_is_not_read_here(refuse, tmp_path):
    path = tmp_path / "r.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("manifest.csv", b"x")
    assert "in a way that is not read here" in refuse(path)


def test_a_file_larger_than_any_roster(refuse, tmp_path, monkeypatch):
    monkeypatch.setattr("rosters.cli.LARGEST_FILE", 100)
    assert "more than 0 MB" in refuse(district(50).write(tmp_path))


def test_reading_a_large_roster_takes_little_memory(tmp_path):
    """A stream: ten times the people, not ten times the memory."""
    import tracemalloc

    from rosters.bounds import Errors
    from rosters.importing import check
    from rosters.oneroster import open_oneroster

    peaks = []
    for size in (500, 5000):
        path = district(size).write(tmp_path)
        tracemalloc.start()
        with open_oneroster(path, (), Errors()) as file:
            assert check(file, Errors()) == size
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 1_500_000, peaks  # the keys, each of which may stand there once


def test_a_wrong_argument_exits_2(run, tmp_path):
    assert run("import", tmp_path / "not-there.zip").exit_code == 2
    both = run("import", staff_csv(tmp_path, staff_rows(1)), "--dry-run", "--approve", "x")
    assert both.exit_code == 2 and "nothing to approve" in both.stderr


def test_limits_are_what_the_errors_say():
    assert bounds.MOST_SHOWN == 100 and zip_entries.MOST_FILES == 50
    assert teacher(1).role == "teacher"
