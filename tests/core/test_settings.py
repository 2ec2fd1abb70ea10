"""Odd settings refuse to start, and say which and what was expected."""

import pytest

from core.settings import OddSetting, Settings

GOOD = {
    "PUBLIC_URL": "https://lessons.example.org",
    "SECRET_KEY": "s" * 40,
    "DATA_KEY": "d" * 40,
    "DATABASE_URL": "postgresql://u:p@db/lessons",
}


def test_a_production_set_up_is_read():
    settings = Settings.from_env(GOOD | {"TRUSTED_PROXIES": "1", "WORKER_CONCURRENCY": "8"})
    assert settings.is_production and settings.trusted_proxies == 1 and settings.worker_concurrency == 8
    assert settings.database_url == "postgresql+psycopg://u:p@db/lessons"


def test_nothing_set_is_a_practice_on_this_machine():
    settings = Settings.from_env({})
    assert not settings.is_production and settings.database_url.startswith("sqlite:///")
    assert settings.allow_private_network is False


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "http://lessons.example.org"),
        ("PUBLIC_URL", "lessons.example.org"),
        ("PUBLIC_URL", "https://lessons.example.org/path"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "practice-secret-not-for-production"),
        ("DATA_KEY", "practice-secret-not-for-production"),
        ("DATABASE_URL", "mysql://x"),
        ("LOG_FORMAT", "xml"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "many"),
        ("WORKER_CONCURRENCY", "0"),
        ("ALLOW_PRIVATE_NETWORK", "perhaps"),
    ],
)
def test_an_odd_value_is_refused_by_name(name, value):
    with pytest.raises(OddSetting, match=f"^{name}: expected"):
        Settings.from_env(GOOD | {name: value})
