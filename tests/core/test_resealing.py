"""DATA_KEY is changed: what was sealed under the old one is read, sealed anew, and then read without it."""

import pytest
import sqlalchemy as sa

from core import resealing, sealed
from core.database import db
from core.resealing import reseal, sealed_columns
from core.settings import PRACTICE_SECRET, OddSetting, Settings
from people.directory import find_by_identity, link_identity
from people.models import Identity

NEW = "n" * 40


@pytest.fixture(autouse=True)
def own_key():
    yield
    sealed.use_data_key(PRACTICE_SECRET)


@pytest.fixture
def known(make_person):
    """Five people by numbers, sealed under the first key."""
    people = [make_person() for _ in range(5)]
    for number, person in enumerate(people):
        link_identity(person, scheme="sis", value=str(number), source="roster")
    db.commit()
    db.remove()
    return people


def changed() -> None:
    sealed.use_data_key(NEW, [PRACTICE_SECRET], PRACTICE_SECRET)


def without_the_old() -> None:
    sealed.use_data_key(NEW, [], PRACTICE_SECRET)


def stored() -> list[str]:
    db.remove()
    return list(db.scalars(sa.select(sa.type_coerce(Identity.value, sa.Text)).order_by(Identity.id)))


def run(app, *arguments: str):
    db.remove()
    return app.test_cli_runner().invoke(args=["keys", "reseal", *arguments])


def test_everything_is_sealed_anew_and_the_old_key_may_go(app, known, district):
    before = stored()
    changed()
    assert find_by_identity(district.id, "sis", "3").id == known[3].id, "found and read meanwhile"
    looked = run(app, "--look")
    assert "identity.value: 5 left" in looked.output and stored() == before
    done = run(app)
    assert done.exit_code == 0 and "nothing is left under an old key" in done.output
    without_the_old()
    assert not any(sealed.is_sealed_now(each) for each in before)
    assert [each.value for each in db.scalars(sa.select(Identity).order_by(Identity.id))] == list("01234")
    assert find_by_identity(district.id, "sis", "3").id == known[3].id


def test_killed_in_between_it_goes_on(app, known, monkeypatch):
    monkeypatch.setattr(resealing, "AT_ONCE", 2)
    changed()
    replace, done = resealing._replace, []

    def killed(column, anew):
        if done:
            raise KeyboardInterrupt
        done.append(replace(column, anew))

    with monkeypatch.context() as patched:
        patched.setattr(resealing, "_replace", killed)
        with pytest.raises(KeyboardInterrupt):
            reseal()
    assert [sealed.is_sealed_now(each) for each in stored()] == [True, True, False, False, False]
    (of_identities,) = [each for each in reseal() if each.column == "identity.value"]
    assert (of_identities.values, of_identities.old) == (5, 3)
    assert all(map(sealed.is_sealed_now, stored()))


def test_what_changed_meanwhile_is_left_as_it_is_now(known, monkeypatch):
    """Somebody is known by another name between the reading and the writing of a portion."""
    changed()
    replace = resealing._replace

    def late(column, anew):
        if column.table.name == "identity":
            db.execute(sa.update(Identity).where(Identity.id == anew[0]["number"]).values(value="new"))
            db.commit()
        replace(column, anew)

    monkeypatch.setattr(resealing, "_replace", late)
    reseal()
    assert sealed.unseal(stored()[0]) == "new"


def test_a_value_under_no_key_is_said_and_left(app, known):
    sealed.use_data_key(NEW, ["another" * 6], PRACTICE_SECRET)
    before = stored()
    refused = run(app)
    assert refused.exit_code == 1 and "identity.value: 0 sealed anew, 5 unreadable" in refused.output
    assert stored() == before


def test_every_sealed_column_is_found(app):
    names = {f"{column.table.name}.{column.name}" for column in sealed_columns()}
    assert names >= {"identity.value", "enrollment.display_name", "signing_key.private_pem", "feed.secrets"}


def test_the_settings_are_read_as_a_list_and_refused_when_somebody_would_not_be_found_again():
    url = "sqlite:///x.sqlite3"
    given = {"DATABASE_URL": url, "DATA_KEYS_OLD": "one, two", "FINGERPRINT_KEY": "two"}
    assert Settings.from_env(given).data_keys_old == ("one", "two")
    with pytest.raises(OddSetting, match="FINGERPRINT_KEY"):
        Settings(database_url=url, data_keys_old=("one",))
    with pytest.raises(OddSetting, match="DATA_KEYS_OLD"):
        Settings(database_url=url, data_key="one", data_keys_old=("one",), fingerprint_key="one")
