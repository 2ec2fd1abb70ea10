"""A key that was taken out of the settings too early, or for good, is named before anybody is made anew."""

import os
import subprocess
import sys

import pytest
import sqlalchemy as sa

from core import sealed
from core.database import db
from core.settings import PRACTICE_SECRET
from people.directory import link_identity
from people.lost_keys import lost_keys
from people.models import Identity

FIRST, SECOND = "1" * 40, "2" * 40
BIN = os.path.dirname(sys.executable)
NAMED = "refused to start: FINGERPRINT_KEY: set it back to the first DATA_KEY this database had"


@pytest.fixture
def own_key():
    yield
    sealed.use_data_key(PRACTICE_SECRET)


def test_the_oldest_names_tell_and_one_damaged_row_does_not(app, make_person, own_key):
    assert lost_keys() is None, "nobody is known yet"
    sealed.use_data_key(FIRST)
    for number in range(3):
        link_identity(make_person(), scheme="sis", value=str(number), source="roster")
    db.commit()
    wrong = (
        ((SECOND, (), None), "DATA_KEYS_OLD"),
        ((SECOND, (FIRST,), None), "FINGERPRINT_KEY"),
        ((SECOND, (FIRST,), SECOND), "FINGERPRINT_KEY"),
    )
    for keys, named in wrong:
        sealed.use_data_key(*keys)
        assert lost_keys().startswith(named), keys
        assert app.test_client().get("/readyz").json["problems"]["keys"].startswith(named)
    for keys in ((FIRST, (), None), (SECOND, (FIRST,), FIRST)):
        sealed.use_data_key(*keys)
        assert lost_keys() is None
    first = sa.select(sa.func.min(Identity.id)).scalar_subquery()
    db.execute(sa.update(Identity).where(Identity.id == first).values(fingerprint="f" * 64))
    db.commit()
    assert lost_keys() is None


def test_without_the_first_key_nothing_starts_and_with_it_everything_goes_on(tmp_path):
    def run(program, *words, **keys):
        settings = {
            "DATABASE_URL": f"sqlite:///{tmp_path}/kept.sqlite3", "SECRET_KEY": "s" * 40, "PATH": os.environ["PATH"],
        } | keys  # fmt: skip
        done = subprocess.run(
            [f"{BIN}/{program}", *words],
            check=False,
            env=settings,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.returncode, done.stderr

    staff = tmp_path / "staff.csv"
    staff.write_text(
        "sis_id,email,username,building,building_name,job,hired_on,left_on\nE1,,dee,elm,,teacher,,\n"
    )
    for words in (
        ("db", "upgrade"),
        ("district", "add", "evergreen", "--name", "Evergreen", "--timezone", "America/Los_Angeles"),
        ("roster", "import", "--district", "evergreen", str(staff)),
    ):
        code, said = run("flask", *words, DATA_KEY=FIRST)
        assert code == 0, (words, said)
    anew = {"DATA_KEY": SECOND, "DATA_KEYS_OLD": FIRST, "FINGERPRINT_KEY": FIRST}
    assert run("flask", "keys", "reseal", **anew)[0] == 0
    assert run("flask", "district", "list", DATA_KEY=SECOND, FINGERPRINT_KEY=FIRST)[0] == 0
    for program, words in (
        ("flask", ("district", "list")),
        ("flask", ("worker", "--once")),
        ("gunicorn", ("--check-config", "wsgi")),
    ):
        code, said = run(program, *words, DATA_KEY=SECOND)
        assert code != 0 and NAMED in said and len(said.strip().splitlines()) == 1, (words, said)
        assert FIRST not in said and SECOND not in said
