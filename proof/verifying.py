"""Check a pack: is every file what the manifest says, and is the manifest the one that was signed."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from completion.checking import fault_of_jws, known_keys
from core.errors import Refused
from proof.manifest import FORMAT, MANIFEST, SIGNATURE, content_sha256
from proof.zipping import Packed

AT_ONCE = 1 << 16
LARGEST_MANIFEST = 1 << 24
MOST_FILES = 100_000


class NoPack(Refused):
    """Not a zip, or one without a manifest that we can read."""

    code = "no_pack"


@dataclass(frozen=True)
class Checked:
    """`faults` are (file, what is wrong); empty when all holds."""

    manifest: dict[str, Any]
    manifest_sha256: str
    files: int
    faults: tuple[tuple[str, str], ...]


def check(path: Path, *, hashes_only: bool = False) -> Checked:
    """Reads every file as a stream and unpacks nothing. Raises NoPack."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _check(archive, hashes_only)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise NoPack(f"{path} can not be read as a pack: {type(error).__name__}") from error


def _check(archive: zipfile.ZipFile, hashes_only: bool) -> Checked:
    if len(archive.namelist()) > MOST_FILES:
        raise NoPack("there are more files in it than any pack has")
    written = _small(archive, MANIFEST)
    manifest = _read(written)
    listed = {each["name"]: each for each in manifest["files"]}
    faults = [*_listed_faults(archive, listed), *_unlisted(archive, listed), *_content_fault(manifest)]
    if not hashes_only:
        faults += _signature_faults(archive, written)
    return Checked(manifest, hashlib.sha256(written).hexdigest(), len(listed), tuple(faults))


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        entry = archive.getinfo(name)
    except KeyError:
        raise NoPack(f"there is no {name} in it") from None
    with archive.open(entry) as opened:
        data = opened.read(LARGEST_MANIFEST + 1)
    if len(data) > LARGEST_MANIFEST:
        raise NoPack(f"its {name} is larger than any that we write")
    return data


def _read(written: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(written)
        assert manifest["format"] == FORMAT
        for each in manifest["files"]:
            assert (
                isinstance(each["name"], str)
                and isinstance(each["sha256"], str)
                and isinstance(each["bytes"], int)
            )
        assert (
            isinstance(manifest["content_sha256"], str)
            and manifest["district"]["slug"]
            and manifest["year"]["name"]
        )
    except (ValueError, KeyError, TypeError, AssertionError) as error:
        raise NoPack(f"its {MANIFEST} is none that we write") from error
    read: dict[str, Any] = manifest
    return read


def _listed_faults(archive: zipfile.ZipFile, listed: dict[str, Any]) -> Iterator[tuple[str, str]]:
    there = set(archive.namelist())
    for name, said in listed.items():
        if name not in there:
            yield name, "is missing"
            continue
        try:
            digest, size = _digest(archive, name, said["bytes"])
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError):
            yield name, "is damaged"
            continue
        if (digest, size) != (said["sha256"], said["bytes"]):
            yield name, "is not what the manifest says"


def _digest(archive: zipfile.ZipFile, name: str, most: int) -> tuple[str, int]:
    """Reads no further than a byte past what there should be, however much a hostile entry unpacks to."""
    digest, size = hashlib.sha256(), 0
    with archive.open(name) as opened:
        while size <= most and (data := opened.read(AT_ONCE)):
            digest.update(data)
            size += len(data)
    return digest.hexdigest(), size


def _unlisted(archive: zipfile.ZipFile, listed: dict[str, Any]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for name in archive.namelist():
        if name in seen:
            yield name, "is in it twice"
        elif name not in listed and name not in (MANIFEST, SIGNATURE):
            yield name, "is not in the manifest"
        seen.add(name)


def _content_fault(manifest: dict[str, Any]) -> Iterator[tuple[str, str]]:
    files = [Packed(each["name"], each["sha256"], each["bytes"], None) for each in manifest["files"]]
    if content_sha256(files) != manifest["content_sha256"]:
        yield MANIFEST, "does not agree with itself (content_sha256)"


def _signature_faults(archive: zipfile.ZipFile, written: bytes) -> Iterator[tuple[str, str]]:
    if SIGNATURE not in archive.namelist():
        yield SIGNATURE, "is missing"
        return
    wrong, record = fault_of_jws(_small(archive, SIGNATURE).decode("ascii", "replace"), known_keys())
    if wrong:
        yield SIGNATURE, wrong
    elif record.get("manifest_sha256") != hashlib.sha256(written).hexdigest():
        yield MANIFEST, "is not the one that was signed"
