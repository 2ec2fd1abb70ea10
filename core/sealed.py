"""Secrets and names at rest.

Sealing is Fernet (AES-128-CBC with HMAC-SHA256) under a key derived from DATA_KEY. What was sealed under one of
DATA_KEYS_OLD can still be read, until core.resealing has sealed it anew. A fingerprint is a keyed hash (HMAC-SHA256),
so that a value can be looked up without being readable in the table; its key does not change with DATA_KEY, since
fingerprints stand in signed records.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class CanNotUnseal(Exception):
    """The value was sealed under another DATA_KEY."""


class NoTicket(Exception):
    """It is none of ours, or was changed on the way."""


class _Keys:
    fernet: Fernet
    tickets: Fernet
    every: MultiFernet
    """The present key first, then the old ones: what we can read."""
    fingerprint: bytes


_keys = _Keys()


def use_data_key(data_key: str, old: Sequence[str] = (), fingerprint_key: str | None = None) -> None:
    """Derive the working keys. Called once, by create_app.

    old              keys that values may still be sealed under; nothing is sealed under them any more
    fingerprint_key  what keys fingerprints, where DATA_KEY was another one at first
    """
    _keys.fernet, *before = (
        Fernet(base64.urlsafe_b64encode(_derive(each, b"seal"))) for each in (data_key, *old)
    )
    _keys.tickets = Fernet(base64.urlsafe_b64encode(_derive(data_key, b"ticket")))
    _keys.every = MultiFernet([_keys.fernet, *before])
    _keys.fingerprint = _derive(fingerprint_key or data_key, b"fingerprint")


def _derive(data_key: str, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), length=32, salt=b"digital-citizenship", info=purpose).derive(
        data_key.encode()
    )


def seal(text: str) -> str:
    return _keys.fernet.encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises CanNotUnseal when neither DATA_KEY nor one of DATA_KEYS_OLD is the one it was sealed under."""
    try:
        return _keys.every.decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise CanNotUnseal("DATA_KEY is not the key this database was sealed under") from error


def is_sealed_now(sealed: str) -> bool:
    """Whether it was sealed under the present DATA_KEY."""
    try:
        _keys.fernet.decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True


def make_ticket(purpose: str, text: str, at: datetime) -> str:
    """A piece of an address that says `text` to us and nothing to anybody else. `purpose` is one word.


    Its key is not that of sealing: what stands sealed in a table opens nothing as a ticket.
    """
    token = _keys.tickets.encrypt_at_time(f"{purpose} {text}".encode(), int(at.timestamp()))
    return token.decode().rstrip("=")


def read_ticket(purpose: str, ticket: str) -> tuple[str, datetime]:
    """(what it says, when it was made). Raises NoTicket; how long one is good is for the caller to say."""
    padded = ticket + "=" * (-len(ticket) % 4)
    try:
        said, _, text = _keys.tickets.decrypt(padded).decode().partition(" ")
        made_at = datetime.fromtimestamp(_keys.tickets.extract_timestamp(padded), UTC)
    except (InvalidToken, ValueError) as error:
        raise NoTicket from error
    if said != purpose:
        raise NoTicket
    return text, made_at


def fingerprint(*parts: str) -> str:
    """64 hex characters that find a value again without holding it."""
    joined = "\x1f".join(parts).encode()
    return hmac.digest(_keys.fingerprint, joined, "sha256").hex()


def hash_secret(secret: str) -> str:
    """For secrets we made ourselves with 128 bits or more of chance: a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret(nbytes: int = 24) -> str:
    """URL-safe, at least 128 bits."""
    return secrets.token_urlsafe(nbytes)


class Sealed(sa.types.TypeDecorator[str]):
    """A column whose text is sealed in the table and plain in Python."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else seal(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else unseal(value)
