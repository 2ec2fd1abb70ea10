"""The public keys by which a program proves who it is (private_key_jwt), as IT hands them in."""

import json
from collections.abc import Mapping
from typing import Any

from jwcrypto.common import JWException
from jwcrypto.jwk import JWK

from core.errors import Refused

MOST_KEYS = 5
"""Two are enough to change from one to the next."""
SHORTEST_RSA = 2048
ALGORITHM_OF = {("RSA", None): "RS256", ("EC", "P-256"): "ES256", ("OKP", "Ed25519"): "EdDSA"}
"""{(kty, crv): the one algorithm such a key signs with here}"""


def read_public_keys(text: str) -> list[dict[str, Any]]:
    """From a JWK or a JWK set. Raises Refused, also for a private key: it must not leave the program's own machine."""
    try:
        said = json.loads(text)
        keys = said["keys"] if isinstance(said, dict) and "keys" in said else [said]
        found = [_read(each) for each in keys]
    except (ValueError, TypeError, AttributeError, LookupError, JWException) as error:
        raise Refused("this is no JWK and no JWK set") from error
    if not 1 <= len(found) <= MOST_KEYS:
        raise Refused(f"a client has 1 to {MOST_KEYS} keys; these are {len(found)}")
    return found


def algorithm_of(key: Mapping[str, Any]) -> str | None:
    return ALGORITHM_OF.get((str(key.get("kty")), key.get("crv")))


def _read(said: dict[str, Any]) -> dict[str, Any]:
    key = JWK(**said)
    if key.has_private or key.is_symmetric:
        raise Refused("this holds a secret or private key; hand in the public one, and make a new pair")
    public: dict[str, Any] = json.loads(key.export_public())
    algorithm = algorithm_of(public)
    if algorithm is None or public.get("alg", algorithm) != algorithm:
        raise Refused("keys are RSA (RS256), EC P-256 (ES256) or Ed25519 (EdDSA)")
    if public["kty"] == "RSA" and key.get_op_key("verify").key_size < SHORTEST_RSA:
        raise Refused(f"an RSA key has {SHORTEST_RSA} bits or more")
    return public | {"kid": public.get("kid") or key.thumbprint()}
