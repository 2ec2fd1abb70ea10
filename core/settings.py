"""Every setting, typed, read once at the door and refused when odd.

Nothing else in the house reads the environment. District policy (due dates, pass marks, variables)
is data per district and never a setting.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

PRACTICE_SECRET = "practice-secret-not-for-production"  # noqa: S105  (refused wherever it would matter)
LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}


class OddSetting(Exception):
    """A setting has a value we refuse to guess about; the message names it and what was expected."""


@dataclass(frozen=True)
class Settings:
    """What the operator may choose.

    database_url           SQLAlchemy URL; `postgresql://` is read as psycopg 3
    public_url             scheme and host under which the LMS and browsers reach us, no trailing slash
    secret_key             signs state across the OIDC round trip, cursors and download links
    data_key               seals secrets and names at rest, and keys the fingerprints of identities
    data_keys_old          what it was before: still read, until `flask keys reseal` has sealed everything anew
    fingerprint_key        goes on keying fingerprints when data_key is changed: the first data_key there was
    allow_private_network  lets outgoing calls reach loopback and private addresses (practice, tests)
    log_format             "json" or "console"
    trusted_proxies        how many reverse proxies in front of us set X-Forwarded-*
    worker_concurrency     how many outgoing calls the worker makes at once
    retention_folder       where the worker sets rows aside before it destroys them by the retention schedule
    """

    database_url: str
    public_url: str = "http://localhost:8000"
    secret_key: str = PRACTICE_SECRET
    data_key: str = PRACTICE_SECRET
    data_keys_old: tuple[str, ...] = ()
    fingerprint_key: str | None = None
    allow_private_network: bool = False
    log_format: str = "json"
    trusted_proxies: int = 0
    worker_concurrency: int = 4
    retention_folder: str = "var/retention"

    def __post_init__(self) -> None:
        url = urlsplit(self.public_url)
        if url.scheme not in ("http", "https") or not url.hostname or url.path or url.query:
            raise OddSetting(
                "PUBLIC_URL: expected something like https://lessons.example.org, without a path"
            )
        if url.scheme == "http" and url.hostname not in LOCAL_HOSTS:
            raise OddSetting("PUBLIC_URL: expected https; plain http is for localhost only")
        if self.data_keys_old and self.fingerprint_key is None:
            # Without it nobody would be found again, and everybody would be made anew.
            raise OddSetting("FINGERPRINT_KEY: expected the first DATA_KEY there was, beside DATA_KEYS_OLD")
        if self.data_key in self.data_keys_old:
            raise OddSetting("DATA_KEYS_OLD: the present DATA_KEY does not belong in it")
        if self.is_production:
            for name, key in (("SECRET_KEY", self.secret_key), ("DATA_KEY", self.data_key)):
                if key == PRACTICE_SECRET or len(key) < 32:
                    raise OddSetting(
                        f"{name}: expected 32 characters or more of your own when PUBLIC_URL is https"
                    )

    @property
    def is_production(self) -> bool:
        """Anything served over https is somebody's real district."""
        return self.public_url.startswith("https:")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the environment once. Raises OddSetting with the setting's name and what was expected."""
        try:
            given = _SettingsSchema().load(dict(environ))
        except ValidationError as error:
            name, problems = next(iter(error.messages_dict.items()))
            raise OddSetting(f"{name}: {' '.join(problems)}") from error
        values = {name.lower(): value for name, value in given.items()}
        values.setdefault("database_url", _default_database_url())
        values["database_url"] = _with_driver(values["database_url"])
        if "data_keys_old" in values:
            values["data_keys_old"] = tuple(filter(None, map(str.strip, values["data_keys_old"].split(","))))
        if "public_url" in values:
            values["public_url"] = values["public_url"].rstrip("/")
        return cls(**values)


def _number(expected: str, least: int, most: int) -> fields.Int:
    return fields.Int(
        validate=validate.Range(least, most, error=expected), error_messages={"invalid": expected}
    )


class _SettingsSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    DATABASE_URL = fields.Str()
    PUBLIC_URL = fields.Str()
    SECRET_KEY = fields.Str()
    DATA_KEY = fields.Str()
    DATA_KEYS_OLD = fields.Str()
    FINGERPRINT_KEY = fields.Str(validate=validate.Length(min=1, error="expected the first DATA_KEY"))
    ALLOW_PRIVATE_NETWORK = fields.Bool(error_messages={"invalid": "expected true or false"})
    LOG_FORMAT = fields.Str(validate=validate.OneOf(["json", "console"], error="expected json or console"))
    TRUSTED_PROXIES = _number("expected a number from 0 to 5", 0, 5)
    WORKER_CONCURRENCY = _number("expected a number from 1 to 64", 1, 64)
    RETENTION_FOLDER = fields.Str(validate=validate.Length(min=1, error="expected a folder"))


def _default_database_url() -> str:
    return f"sqlite:///{Path.cwd() / 'var' / 'digital_citizenship.sqlite3'}"


def _with_driver(url: str) -> str:
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise OddSetting("DATABASE_URL: expected sqlite:///path or postgresql://user:password@host/name")
    return url
