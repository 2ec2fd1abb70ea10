"""A new pair of keys as our tables keep one: the private half to be sealed, the public half to be published."""

import json
from typing import Any, TypedDict

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from jwcrypto.jwk import JWK


class KeyPair(TypedDict):
    """`kid` is the thumbprint of the public half (RFC 7638), which is a JWK (RFC 7517) that says so."""

    kid: str
    private_pem: str
    public_jwk: dict[str, Any]


def key_pair(private: RSAPrivateKey | Ed25519PrivateKey, alg: str) -> KeyPair:
    """`alg`: the JWS algorithm that the pair signs with (RFC 7518, RFC 8037)."""
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = JWK.from_pem(
        private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    kid = public.thumbprint()
    jwk = json.loads(public.export_public()) | {"kid": kid, "alg": alg, "use": "sig"}
    return KeyPair(kid=kid, private_pem=pem.decode(), public_jwk=jwk)
