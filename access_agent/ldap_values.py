"""How LDAP writes names and long lists. Pure."""

from collections.abc import Callable, Mapping
from uuid import UUID

from access_agent.errors import AgentError

HEX = "0123456789abcdef"
Raw = Mapping[str, list[bytes]]
"""Attributes as they came: always lists of bytes, whatever a schema says of single values."""


def folded(dn: str) -> str:
    """A distinguished name for comparing: case, spaces beside separators and the kind of escaping make no difference.

    Active Directory and OpenLDAP write what they were given in a form of their own (RFC 4514 2.4).
    """
    out: list[str] = []
    at, start = 0, True
    while at < len(dn):
        letter = dn[at]
        if letter == "\\" and at + 1 < len(dn):
            octets = bytearray()
            while (
                dn[at : at + 1] == "\\" and len(dn) > at + 2 and dn[at + 1 : at + 3].lower().strip(HEX) == ""
            ):
                octets.append(int(dn[at + 1 : at + 3], 16))
                at += 3
            if octets:
                out += [
                    "\\" + one if one in ',=+"\\<>;#' else one for one in octets.decode("utf-8", "replace")
                ]
            else:
                out.append("\\" + dn[at + 1] if dn[at + 1] in ',=+"\\<>;#' else dn[at + 1])
                at += 2
            start = False
            continue
        if letter in ",;+=":
            while out and out[-1] == " ":
                out.pop()
            out.append("," if letter == ";" else letter)
            start = True
        elif not (letter == " " and start):
            out.append(letter)
            start = False
        at += 1
    return "".join(out).strip().casefold()


def values(raw: Raw, name: str) -> list[bytes]:
    for key, found in raw.items():
        if key.casefold() == name.casefold():
            return list(found)
    return []


def all_values(read: Callable[[str], Raw], name: str) -> list[bytes]:
    """Every value of an attribute that Active Directory hands out in pieces (1,500 at a time, MS-ADTS 3.1.1.3.1.3.3).

    `read(attribute)` asks for one attribute of the entry. A piece comes as "member;range=0-1499", the last one as
    "member;range=1500-*"; where the list is short enough it comes under its own name.
    """
    raw = read(name)
    found = values(raw, name)
    while True:
        piece = _piece(raw, name)
        if piece is None:
            return found
        part, last = piece
        found += part
        if last:
            return found
        if not part:
            raise AgentError("the directory handed out an empty piece of a group; nothing was changed")
        raw = read(f"{name};range={len(found)}-*")


def _piece(raw: Raw, name: str) -> tuple[list[bytes], bool] | None:
    prefix = f"{name};range=".casefold()
    for key, part in raw.items():
        if key.casefold().startswith(prefix):
            return list(part), key.endswith("-*")
    return None


def unchanging_id(raw: Raw, dn_key: str) -> str:
    """objectGUID, whose first three parts are little-endian; entryUUID; where neither is shown, the name itself."""
    guid = values(raw, "objectGUID")
    if guid and len(guid[0]) == 16:
        return str(UUID(bytes_le=guid[0]))
    uuid = values(raw, "entryUUID")
    return uuid[0].decode("ascii", "replace").casefold() if uuid else dn_key
