"""The platform's signing keys. A key is an object made once and kept: parsing a PEM costs 100 times the
signature.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm, get_default_algorithms
from jwt.utils import base64url_encode

ALGORITHMS = get_default_algorithms()


class _Current:
    def __repr__(self) -> str:
        return "CURRENT"


CURRENT = _Current()
"""`sign(..., kid=CURRENT)`: the kid of the key that signs; None leaves the header out."""


@dataclass(frozen=True)
class SigningKey:
    kid: str
    private: rsa.RSAPrivateKey

    @classmethod
    def new(cls) -> SigningKey:
        return cls(secrets.token_urlsafe(12), rsa.generate_private_key(public_exponent=65537, key_size=2048))

    @property
    def public_pem(self) -> bytes:
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def public_jwk(self) -> dict[str, Any]:
        jwk: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(self.private.public_key()))
        return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, "n": jwk["n"], "e": jwk["e"]}


class KeyRing:
    """The published keys, newest last; the newest signs. Several practice LMSs may share one ring."""

    def __init__(self) -> None:
        self._keys = (SigningKey.new(),)
        self._publish()

    @property
    def current(self) -> SigningKey:
        return self._keys[-1]

    def rotate(self, keep_old: bool = True) -> str:
        self._keys = (*(self._keys if keep_old else ()), SigningKey.new())
        self._publish()
        return self.current.kid

    def _publish(self) -> None:
        self.jwks = {"keys": [key.public_jwk() for key in self._keys]}
        self.jwks_body = json.dumps(self.jwks).encode()
        self.etag = hashlib.sha256(self.jwks_body).hexdigest()[:16]

    def sign(
        self,
        payload: Any,
        kid: str | _Current | None = CURRENT,
        alg: str = "RS256",
        headers: dict[str, Any] | None = None,
        key: Any = None,
    ) -> str:
        """A compact JWT of any payload, also of ones no honest platform would sign."""
        signer = self.current
        header: dict[str, Any] = {"typ": "JWT", "alg": alg}
        if kid is not None:
            header["kid"] = signer.kid if isinstance(kid, _Current) else kid
        header.update(headers or {})
        head = base64url_encode(json.dumps(header, separators=(",", ":")).encode())
        message = head + b"." + base64url_encode(_as_bytes(payload))
        return (message + b"." + base64url_encode(_signature(message, alg, key, signer))).decode()


def _as_bytes(payload: Any) -> bytes:
    if isinstance(payload, bytes):
        return payload
    return (
        payload.encode() if isinstance(payload, str) else json.dumps(payload, separators=(",", ":")).encode()
    )


def _signature(message: bytes, alg: str, key: Any, signer: SigningKey) -> bytes:
    if alg == "none":
        return b""
    if alg.startswith("HS"):  # the algorithm-confusion forgery: the public key used as a shared secret
        return ALGORITHMS[alg].sign(message, key or signer.public_pem)
    return ALGORITHMS[alg].sign(message, key or signer.private)
