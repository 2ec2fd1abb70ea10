"""Secrets and names at rest.

Sealing is Fernet (AES-128-CBC with HMAC-SHA256) under a key derived from DATA_KEY. A fingerprint is a keyed
hash (HMAC-SHA256), so that a value can be looked up without being readable in the table.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class CanNotUnseal(Exception):
    """The value was sealed under another DATA_KEY."""


class NoTicket(Exception):
    """It is none of ours, or was changed on the way."""


class _Keys:
    fernet: Fernet
    tickets: Fernet
    fingerprint: bytes


_keys = _Keys()


def use_data_key(data_key: str) -> None:
    """Derive the working keys. Called once, by create_app."""
    _keys.fernet = Fernet(base64.urlsafe_b64encode(_derive(data_key, b"seal")))
    _keys.tickets = Fernet(base64.urlsafe_b64encode(_derive(data_key, b"ticket")))
    _keys.fingerprint = _derive(data_key, b"fingerprint")


def _derive(data_key: str, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), length=32, salt=b"digital-citizenship", info=purpose).derive(
        data_key.encode()
    )


def seal(text: str) -> str:
    return _keys.fernet.encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises CanNotUnseal when DATA_KEY is not the one it was sealed under."""
    try:
        return _keys.fernet.decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise CanNotUnseal("DATA_KEY is not the key this database was sealed under") from error


def make_ticket(purpose: str, text: str, at: datetime) -> str:
    """A piece of an address that says `text` to us and nothing to anybody else; of up to 10 characters it has 98.

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
    return hmac.new(_keys.fingerprint, joined, hashlib.sha256).hexdigest()


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
