"""flask evidence pack and verify-pack: whole or not at all, and which file was touched."""

import json
import zipfile

import pytest
import sqlalchemy as sa

from completion.record_models import EvidenceKey
from core.database import db
from people.audit_models import AuditEntry
from people.disclosure_models import Disclosure


@pytest.fixture
def flask(app):
    def run(*words: object, code: int = 0):
        db.remove()
        done = app.test_cli_runner().invoke(args=["evidence", *map(str, words)])
        assert done.exit_code == code, done.output
        return done

    return run


@pytest.fixture
def written(flask, lived_in, tmp_path):
    path = tmp_path / "out.zip"
    flask("pack", "--district", "evergreen", "--year", "2026-27", "--out", path)
    return path


def changed(path, **files: bytes | None):
    """The same zip with files replaced, added (new name) or left out (None)."""
    other = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in dict.fromkeys([*old.namelist(), *files]):
            data = files[name] if name in files else old.read(name)
            if data is not None:
                new.writestr(name, data)
    return other


def test_a_pack_is_written_verified_and_stands_in_both_logs(flask, written):
    answer = json.loads(flask("verify-pack", written, "--json").output)
    assert answer["faults"] == [] and answer["district"] == "evergreen" and answer["year"] == "2026-27"
    (entry,) = db.scalars(sa.select(AuditEntry).filter_by(action="evidence_pack_made"))
    assert entry.seq == answer["audit_entry"] and entry.actor == "command" and entry.subject == "year:2026-27"
    (disclosed,) = db.scalars(sa.select(Disclosure))
    assert (disclosed.kind, disclosed.people, disclosed.reader) == ("evidence_pack", 42, "command")
    assert "signature holds" in flask("verify-pack", written).output
    assert written.stat().st_mode & 0o077 == 0, "for its owner alone"
    assert [each.name for each in written.parent.iterdir()] == ["out.zip"], "nothing is left beside it"


def test_a_de_identified_pack_discloses_nobody(flask, lived_in, tmp_path):
    said = flask(
        "pack",
        "--district",
        "evergreen",
        "--year",
        "2026-27",
        "--out",
        tmp_path / "d.zip",
        "--deidentified",
        "--json",
    )
    assert json.loads(said.output)["deidentified"] is True
    assert db.scalars(sa.select(Disclosure)).all() == []
    flask("verify-pack", tmp_path / "d.zip")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"coverage.csv": b"school\r\nall of them\r\n"}, "coverage.csv  is not what the manifest says"),
        ({"pupils.csv": None}, "pupils.csv  is missing"),
        ({"more.csv": b"x"}, "more.csv  is not in the manifest"),
        ({"manifest.jws": None}, "manifest.jws  is missing"),
        ({"manifest.jws": b"no.such.signature"}, "manifest.jws  signature does not hold"),
    ],
)
def test_what_was_touched_is_named(flask, written, files, said):
    done = flask("verify-pack", changed(written, **files), code=1)
    assert said in done.output and "refused: 1 faults" in done.output


def test_a_manifest_made_to_fit_is_not_the_one_that_was_signed(flask, written):
    """Whoever changes a file and its hash in the manifest still has no key."""
    data = b"school\r\n"
    with zipfile.ZipFile(written) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    from hashlib import sha256

    from completion.signing import canonical

    for each in manifest["files"]:
        if each["name"] == "coverage.csv":
            each.update(sha256=sha256(data).hexdigest(), bytes=len(data))
    manifest["content_sha256"] = sha256(
        canonical({each["name"]: each["sha256"] for each in manifest["files"]})
    ).hexdigest()
    forged = changed(written, **{"coverage.csv": data, "manifest.json": json.dumps(manifest).encode()})
    assert "manifest.json  is not the one that was signed" in flask("verify-pack", forged, code=1).output
    flask("verify-pack", forged, "--hashes-only")


def test_a_pack_signed_with_a_withdrawn_or_foreign_key_is_not_believed(flask, written):
    db.execute(sa.update(EvidenceKey).values(withdrawn_at=sa.func.current_timestamp()))
    db.commit()
    assert "signed by a key that was withdrawn" in flask("verify-pack", written, code=1).output
    db.execute(sa.update(EvidenceKey).values(kid="another"))
    db.commit()
    assert "signed by a key that is not ours" in flask("verify-pack", written, code=1).output


def test_a_damaged_file_is_named(flask, written):
    data = bytearray(written.read_bytes())
    with zipfile.ZipFile(written) as archive:
        place = archive.getinfo("pupils.csv").header_offset + 200
    data[place : place + 40] = bytes(40)
    written.write_bytes(data)
    assert "pupils.csv  is damaged" in flask("verify-pack", written, code=1).output


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04"])
def test_what_is_no_pack_is_refused_in_one_line(flask, clean, tmp_path, data):
    (tmp_path / "x.zip").write_bytes(data)
    assert "can not be read as a pack" in flask("verify-pack", tmp_path / "x.zip", code=1).output


@pytest.mark.parametrize(
    "manifest", [None, b"{}", b"[]", b"\xff", b'{"format": 1, "files": [{}]}', b'{"format": 2}']
)
def test_a_manifest_that_we_do_not_write_is_refused(flask, written, manifest):
    assert "refused: " in flask("verify-pack", changed(written, **{"manifest.json": manifest}), code=1).output


def test_an_entry_that_unpacks_to_far_more_is_read_no_further(flask, written):
    bomb = changed(written, **{"coverage.csv": bytes(1 << 24)})
    assert "coverage.csv  is not what" in flask("verify-pack", bomb, code=1).output


def test_a_year_or_district_that_is_not_there_and_a_folder_that_is_not(flask, place, tmp_path):
    out = tmp_path / "x.zip"
    said = flask("pack", "--district", "evergreen", "--year", "1999-00", "--out", out, code=1)
    assert "there are: 2026-27" in said.output
    assert "no district" in flask("pack", "--district", "x", "--year", "2026-27", "--out", out, code=1).output
    away = tmp_path / "none" / "x.zip"
    said = flask("pack", "--district", "evergreen", "--year", "2026-27", "--out", away, code=1)
    assert "can not be written" in said.output
    flask("pack", "--district", "evergreen", "--out", out, code=2)
    assert list(tmp_path.iterdir()) == []
    assert db.scalars(sa.select(AuditEntry).filter_by(action="evidence_pack_made")).all() == []
