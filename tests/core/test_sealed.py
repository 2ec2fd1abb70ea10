"""Secrets and names at rest."""

import pytest

from core import sealed


@pytest.fixture(autouse=True)
def own_key():
    from core.settings import PRACTICE_SECRET

    sealed.use_data_key("k" * 40)
    yield
    sealed.use_data_key(PRACTICE_SECRET)


def test_what_is_sealed_comes_back_and_reads_differently_each_time():
    one, two = sealed.seal("Ana Reyes"), sealed.seal("Ana Reyes")
    assert one != two and "Ana" not in one
    assert sealed.unseal(one) == sealed.unseal(two) == "Ana Reyes"


def test_another_key_opens_nothing():
    shut = sealed.seal("Ana Reyes")
    sealed.use_data_key("other" * 10)
    with pytest.raises(sealed.CanNotUnseal):
        sealed.unseal(shut)


def test_a_fingerprint_finds_again_and_depends_on_every_part_and_the_key():
    prints = {
        sealed.fingerprint("1", "sis", "", "100"),
        sealed.fingerprint("1", "sis", "1", "00"),
        sealed.fingerprint("2", "sis", "", "100"),
    }
    assert len(prints) == 3 and sealed.fingerprint("1", "sis", "", "100") in prints
    sealed.use_data_key("other" * 10)
    assert sealed.fingerprint("1", "sis", "", "100") not in prints
