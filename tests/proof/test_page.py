"""The page: asked for, made by the worker, fetched by the office that asked, and nobody else in the room."""

import pytest
import sqlalchemy as sa
import time_machine

from core.database import db
from people import offices
from people.audit import COMMAND
from people.audit_models import AuditEntry
from people.disclosure_models import Disclosure
from people.models import Person
from people.office_models import OFFICES
from proof import jobs, making
from proof.jobs import make_due
from proof.models import EvidencePack, EvidencePackPiece
from proof.pieces import LostLease, Pieces
from tests.browsers import Browser, sign_in_browser
from tests.proof.conftest import NOW, Opened, later

HOME = "/completion/evidence"


@pytest.fixture
def officer(lived_in, signed_in):
    def make(office: str = "district", building: int | None = None) -> Browser:
        person = lived_in.person("staff", None)
        offices.give(person, office, COMMAND, building)
        db.commit()
        return signed_in("teacher", person=person)

    return make


@pytest.fixture
def ora(officer) -> Browser:
    return officer("district")


def packs() -> list[EvidencePack]:
    db.remove()
    return list(db.scalars(sa.select(EvidencePack).order_by(EvidencePack.id)))


def pieces() -> int:
    db.remove()
    return db.scalar(sa.select(sa.func.count()).select_from(EvidencePackPiece)) or 0


def ask(browser: Browser, kind: str = "identified", year: str = "2026-27"):
    return browser.post(HOME, data={"year": year, "kind": kind})


def fetch(browser: Browser, number: int = -1):
    return browser.post(f"{HOME}/{packs()[number].public_id}/file")


def actions() -> list[str]:
    db.remove()
    return [
        each for each in db.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.seq)) if "pack" in each
    ]


def test_asked_made_and_fetched(ora, lived_in):
    assert "None was asked for yet" in ora.get(HOME).text
    assert ask(ora).status_code == 303
    assert "Waits for the worker" in ora.get(HOME).text and "progress.js" in ora.get(HOME).text
    assert make_due() == 1 and make_due() == 0
    page = ora.get(HOME).text
    assert "Ready until" in page and "progress.js" not in page
    answer = fetch(ora)
    assert answer.status_code == 200 and answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"].endswith('"evidence-evergreen-2026-27.zip"')
    assert answer.content_length == len(answer.data) == packs()[0].size
    opened = Opened(answer.data)
    assert opened.zip.testzip() is None and len(opened.rows("pupils.csv")) > 40
    assert opened.manifest["generated_by"] == f"person:{ora.person.public_id}"
    assert actions() == ["evidence_pack_asked", "evidence_pack_made", "evidence_pack_fetched"]
    (noted,) = db.scalars(sa.select(Disclosure))
    assert (noted.kind, noted.people, noted.reader) == ("evidence_pack", 42, f"person:{ora.person.public_id}")


def test_page_and_command_make_the_same_file(ora, lived_in):
    ask(ora)
    make_due()
    assert packs()[0].content_sha256 == lived_in.pack().made.content_sha256


def test_a_de_identified_pack_is_fetched_without_a_disclosure(ora):
    ask(ora, "deidentified")
    make_due()
    answer = fetch(ora)
    assert "pupils.csv" not in Opened(answer.data).names()
    assert "deidentified.zip" in answer.headers["Content-Disposition"]
    assert db.scalars(sa.select(Disclosure)).all() == []


def test_nothing_in_the_database_is_readable(ora):
    ask(ora)
    make_due()
    db.remove()
    for data in db.execute(sa.text("SELECT data FROM evidence_pack_piece")).scalars():
        assert data.startswith("gAAAA"), "sealed"


def test_asking_twice_is_asking_once_while_it_is_on_its_way(ora):
    ask(ora)
    ask(ora)
    assert len(packs()) == 1
    ask(ora, "deidentified")
    make_due()
    make_due()
    ask(ora)
    assert len(packs()) == 3


@pytest.mark.parametrize("year", ["", "1999-00", "2026-27'"])
def test_a_year_that_is_not_there_is_refused(ora, year):
    assert ask(ora, year=year).status_code == 422 and packs() == []


def test_it_is_gone_after_its_days(ora):
    ask(ora)
    make_due()
    with later(days=8):
        make_due()
        assert packs()[0].state == "expired" and pieces() == 0
    assert fetch(ora).status_code == 404
    assert actions()[-1] == "evidence_pack_expired"


def test_it_can_not_be_fetched_before_it_is_made(ora):
    ask(ora)
    assert fetch(ora).status_code == 404


def test_it_is_for_the_office_that_asked(ora, officer):
    privacy = officer("privacy")
    ask(ora)
    make_due()
    assert fetch(privacy).status_code == 404 and "For the office that asked" in privacy.get(HOME).text
    ask(privacy, "deidentified")
    make_due()
    assert fetch(privacy).status_code == 200
    assert fetch(ora).status_code == 200, "the office of the district sees what the others see"


# -- who may enter -----------------------------------------------------------------------------------------


def knock(browser, public_id: str) -> set[int]:
    return {
        browser.get(HOME).status_code,
        browser.post(HOME, data={"year": "2026-27"}).status_code,
        browser.post(f"{HOME}/{public_id}/file").status_code,
        browser.post(f"{HOME}/rules", data={"freeze_after_days": "1"}).status_code,
    }


@pytest.mark.parametrize("office", [None, *sorted(set(OFFICES) - {"district", "privacy"})])
def test_other_offices_teachers_and_pupils_do_not_enter(ora, officer, signed_in, lived_in, office):
    ask(ora)
    make_due()
    (pack,) = packs()
    building = lived_in.school("east") if office == "school" else None
    db.commit()
    browser = officer(office, building) if office else signed_in("administrator")
    assert knock(browser, pack.public_id) == {403}
    assert knock(signed_in("learner"), pack.public_id) == {403}
    assert len(packs()) == 1


def test_nobody_and_the_operator_do_not_enter(app, ora, client, lived_in):
    ask(ora)
    make_due()
    assert knock(client, packs()[0].public_id) == {401}
    operator = sign_in_browser(app, db.get_one(Person, ora.person.id), "operator", None)
    assert knock(operator, packs()[0].public_id) == {403}


def test_another_districts_office_sees_and_fetches_nothing(officer_elsewhere, ora):
    ask(ora)
    make_due()
    stranger = officer_elsewhere("district")
    assert fetch(stranger).status_code == 404
    assert "None was asked for yet" in stranger.get(HOME).text


# -- when it breaks ----------------------------------------------------------------------------------------


def test_what_breaks_is_tried_again_later_and_leaves_nothing_half(ora, monkeypatch):
    real = making.texts.policy_files

    def breaks(scene):
        raise OSError("the disk is full")

    monkeypatch.setattr("proof.pieces.SIZE", 100)
    monkeypatch.setattr(making.texts, "policy_files", breaks)
    ask(ora)
    assert make_due() == 1
    (pack,) = packs()
    assert (pack.state, pack.tries, pieces()) == ("waiting", 1, 0)
    assert make_due() == 0, "it waits"
    assert "It broke, and is tried again" in ora.get(HOME).text
    monkeypatch.setattr(making.texts, "policy_files", real)
    with later(minutes=2):
        assert make_due() == 1
        assert packs()[0].state == "ready"
        assert Opened(fetch(ora).data).zip.testzip() is None


def test_what_breaks_again_and_again_is_given_up(ora, monkeypatch):
    monkeypatch.setattr(making.texts, "policy_files", lambda scene: 1 / 0)
    ask(ora)
    for number in range(jobs.MOST_TRIES):
        with later(hours=number):
            assert make_due() == 1
    assert packs()[0].state == "failed" and "could not be made" in ora.get(HOME).text
    with later(days=1):
        assert make_due() == 0


def test_a_worker_whose_lease_ran_out_writes_nothing_that_counts(ora, lived_in, monkeypatch):
    """Killed or only slow: the next worker begins anew, and what the first still has in hand is refused."""
    monkeypatch.setattr("proof.pieces.SIZE", 1000)
    ask(ora)
    db.remove()
    with db.begin():
        pack_id, lease = jobs._claim()
    first = Pieces(lived_in.district_id, pack_id, lease, jobs.LEASE)
    first.write(b"x" * 5000)
    assert pieces() == 5 and "Being made" in ora.get(HOME).text
    with later(minutes=6):
        assert make_due() == 1
        with pytest.raises(LostLease):
            first.write(b"y" * 5000)
        assert packs()[0].state == "ready" and packs()[0].tries == 2
        assert Opened(fetch(ora).data).zip.testzip() is None


def test_progress_stands_in_the_row_while_it_is_made(ora, monkeypatch):
    seen = []
    real = making.session_table.session_rows

    def look(scene):
        with making.db.get_bind().connect() as connection:
            seen.append(
                connection.execute(sa.select(EvidencePack.done, EvidencePack.total, EvidencePack.state)).one()
            )
        return real(scene)

    monkeypatch.setattr(making.session_table, "session_rows", look)
    ask(ora)
    make_due()
    ((done, total, state),) = seen
    assert done == total == 86 and state == "making"


# -- rules and the public report ---------------------------------------------------------------------------

REPORT = "/public/evergreen/report/2026-27"


def test_rules_are_changed_on_the_page_and_odd_ones_refused(ora):
    assert (
        ora.post(f"{HOME}/rules", data={"freeze_after_days": "10", "public_report": "true"}).status_code
        == 303
    )
    assert 'value="10"' in ora.get(HOME).text and "No year is frozen yet" in ora.get(HOME).text
    for odd in ("", "-1", "121", "soon"):
        assert ora.post(f"{HOME}/rules", data={"freeze_after_days": odd}).status_code == 422
    (entry,) = db.scalars(sa.select(AuditEntry).filter_by(action="evidence_rule_changed"))
    assert entry.actor == f"person:{ora.person.public_id}"


def test_the_public_report_is_there_when_switched_on_and_frozen_and_not_before(ora, client, lived_in):
    from proof.freezing import freeze_due

    assert client.get(REPORT).status_code == 404
    ora.post(f"{HOME}/rules", data={"freeze_after_days": "0", "public_report": "true"})
    assert client.get(REPORT).status_code == 404
    with time_machine.travel(NOW.replace(year=2027), tick=False):
        freeze_due()
        page = client.get(REPORT)
        assert page.status_code == 200 and "withheld" in page.text and "By grade" in page.text
        assert "All grades" in page.text
        spanish = client.get(REPORT, headers={"Accept-Language": "es"}).text
        assert "Por escuela y grado" in spanish and "no se publica" in spanish
        for person in db.scalars(sa.select(Person.public_id)):
            assert person not in page.text
    db.remove()
    with time_machine.travel(NOW.replace(year=2027), tick=False):
        from proof.kept import choose

        choose(lived_in.district_id, COMMAND, freeze_after_days=0, public_report=False)
        db.commit()
        assert client.get(REPORT).status_code == 404
        assert client.get("/public/nowhere/report/2026-27").status_code == 404
