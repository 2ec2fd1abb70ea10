"""The little of RADIUS that an access point speaks (RFC 2865): a request with a password, and what came back.

radclient starts a process for each packet, which is too slow for a load; test_freeradius.py tries it too.
"""

import hashlib
import hmac
import os
import socket
import struct
from dataclasses import dataclass, field

from tests.radius.freeradius import PASSWORD, SECRET

REQUEST, ACCEPT, REJECT = 1, 2, 3
USER_NAME, USER_PASSWORD, NAS_IDENTIFIER, MESSAGE_AUTHENTICATOR = 1, 2, 32, 80
NAMES = {
    11: "filter_id",
    18: "message",
    27: "seconds",
    29: "termination",
    64: "tunnel_type",
    65: "medium",
    81: "vlan",
}
VENDOR_SPECIFIC = 26
NUMBERS = {"seconds", "termination", "tunnel_type", "medium"}


class NoAnswer(Exception):
    """The RADIUS server said nothing; the access point would try another one."""


@dataclass(frozen=True)
class Reply:
    accepted: bool
    said: dict[str, str | int]
    vendors: list[tuple[int, int, str]] = field(default_factory=list)
    """(vendor, type, value) of what vendors added (RFC 2865 section 5.26), in order."""

    @property
    def vlan(self) -> str | int | None:
        """None after a reject; and after an accept without one, which is the port's default network."""
        return self.said.get("vlan")


def ask_radius(port: int, username: str, password: str = PASSWORD, timeout: float = 8) -> Reply:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.settimeout(timeout)
        wire.connect(("127.0.0.1", port))
        authenticator = os.urandom(16)
        wire.send(request(username, password, authenticator))
        try:
            answer = wire.recv(4096)
        except TimeoutError as error:
            raise NoAnswer(username) from error
    return reply(answer, authenticator)


def request(username: str, password: str, authenticator: bytes) -> bytes:
    said = [
        (USER_NAME, username.encode()),
        (USER_PASSWORD, hidden(password, authenticator)),
        (NAS_IDENTIFIER, b"ap-3"),
        (MESSAGE_AUTHENTICATOR, bytes(16)),
    ]
    body = b"".join(bytes([kind, len(value) + 2]) + value for kind, value in said)
    head = struct.pack("!BBH", REQUEST, authenticator[0], 20 + len(body)) + authenticator
    signed = hmac.digest(SECRET.encode(), head + body, "md5")
    return head + body[:-16] + signed


def hidden(password: str, authenticator: bytes) -> bytes:
    """RFC 2865 section 5.2, for passwords of up to 16 bytes."""
    mask = hashlib.md5(SECRET.encode() + authenticator).digest()
    return bytes(a ^ b for a, b in zip(password.encode().ljust(16, b"\0"), mask, strict=True))


def reply(answer: bytes, authenticator: bytes) -> Reply:
    signed = hashlib.md5(answer[:4] + authenticator + answer[20:] + SECRET.encode()).digest()
    assert signed == answer[4:20], "an answer of somebody else"
    assert answer[0] in (ACCEPT, REJECT)
    said: dict[str, str | int] = {}
    vendors = []
    rest = answer[20:]
    while rest:
        kind, length = rest[0], rest[1]
        name, value = NAMES.get(kind), rest[2:length]
        if kind == VENDOR_SPECIFIC:
            vendors.append((int.from_bytes(value[:4], "big"), value[4], value[6:].decode()))
        elif name in NUMBERS:
            said[name] = int.from_bytes(value, "big")
        elif name:
            said[name] = value.lstrip(b"\0").decode()  # a VLAN may have a tag before it
        rest = rest[length:]
    return Reply(answer[0] == ACCEPT, said, vendors)
