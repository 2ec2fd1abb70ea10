"""kill -9 of a worker in the middle of an evidence pack: nothing half is left, and the next one makes it whole."""

import io
import zipfile

import sqlalchemy as sa

from bench.evidence_pack import fill
from core.database import db, only_reading, transaction
from people.audit import COMMAND
from people.models import SchoolYear
from people.roster_models import Building
from proof.jobs import ask
from proof.models import EvidencePack, EvidencePackPiece
from proof.pieces import read_pieces
from tests.processes.programs import wait_until

PUPILS = 3_000
KILLS = 3


def pack_row() -> EvidencePack:
    with only_reading():
        found = db.scalars(sa.select(EvidencePack)).one()
        db.expunge(found)
    return found


def test_a_pack_survives_the_workers_that_made_it(school, programs, chance):
    with transaction():
        buildings = [
            Building(district_id=school.district.id, key=f"s{number}", name=f"School {number}")
            for number in range(20)
        ]
        db.add_all(buildings)
        db.flush()
        ids = [each.id for each in buildings]
        year_id = db.scalars(sa.select(SchoolYear.id)).one()
    fill(school.district.id, year_id, ids, PUPILS)
    with transaction():
        ask(
            school.district.id,
            db.get_one(SchoolYear, year_id),
            deidentified=False,
            office="district",
            actor=COMMAND,
        )
    for number in range(KILLS):
        worker = programs.worker()
        moment = chance.randrange(1, 2 * PUPILS)

        def under_way(number=number, moment=moment) -> bool:
            row = pack_row()
            return row.state == "making" and row.tries == number + 1 and row.done >= moment

        wait_until(under_way, "a worker is in the middle of it")
        worker.kill()
        worker.join()
        assert pack_row().state == "making" and pack_row().content_sha256 is None
    last = programs.worker(lease=30)
    wait_until(lambda: pack_row().state == "ready", "the pack is made", 90)
    last.terminate()
    last.join(timeout=15)

    row = pack_row()
    assert row.tries == KILLS + 1 and row.people == PUPILS
    data = b"".join(read_pieces(row.id, row.leased_by))
    assert len(data) == row.size
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.read("pupils.csv").count(b"\r\n") == 1 + PUPILS * 6
    with only_reading():
        assert set(db.scalars(sa.select(EvidencePackPiece.lease))) == {row.leased_by}, (
            "nothing of the killed is left"
        )
