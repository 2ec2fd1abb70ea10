"""The manifest of a OneRoster zip: which version it is, which files it has, and whether they are bulk or delta."""

from rosters.bounds import Errors, RosterRefused, echo
from rosters.checked import checked
from rosters.csv_rows import read_rows
from rosters.schemas import ManifestSchema
from rosters.zip_entries import RosterZip

MANIFEST, ORGS, USERS, ROLES = "manifest.csv", "orgs.csv", "users.csv", "roles.csv"
VERSIONS = ("1.1", "1.2")


def read_manifest(archive: RosterZip, errors: Errors) -> dict[str, str]:
    """{property: value}, values in lower case. Raises RosterRefused."""
    if MANIFEST not in archive:
        raise RosterRefused(f"the zip has no {MANIFEST} at its top; OneRoster 1.1 and 1.2 begin with one")
    with archive.open(MANIFEST) as stream:
        rows = read_rows(stream, MANIFEST, ("propertyName", "value"), errors)
        return {
            row["name"]: row["value"].lower() for _, row in checked(rows, ManifestSchema(), MANIFEST, errors)
        }


def version_of(manifest: dict[str, str]) -> str:
    """Raises RosterRefused for one we do not read."""
    version = manifest.get("oneroster.version", "")
    if version not in VERSIONS:
        raise RosterRefused(f"{MANIFEST}: oneroster.version is {echo(version)}; 1.1 and 1.2 are read")
    return version


def is_delta(archive: RosterZip, manifest: dict[str, str]) -> bool:
    """Whether the zip speaks of changes only. Raises RosterRefused where its files do not go together."""
    needed = (USERS, ROLES) if manifest["oneroster.version"] == "1.2" else (USERS,)
    kinds = set()
    for name in needed:
        kind = manifest.get(f"file.{name.removesuffix('.csv')}", "absent")
        if kind not in ("bulk", "delta"):
            raise RosterRefused(f"{MANIFEST}: {name} is {echo(kind)}; it must be bulk or delta")
        promised(archive, manifest, name)
        kinds.add(kind)
    if len(kinds) > 1:
        raise RosterRefused(f"{MANIFEST}: {USERS} and {ROLES} must both be bulk or both be delta")
    delta = kinds == {"delta"}
    if not delta and not promised(archive, manifest, ORGS):
        raise RosterRefused(f"{MANIFEST}: a bulk file must have {ORGS}")
    return delta


def promised(archive: RosterZip, manifest: dict[str, str], name: str) -> bool:
    """Whether the manifest says so. Raises RosterRefused where it promises a file that is not there."""
    if manifest.get(f"file.{name.removesuffix('.csv')}", "absent") == "absent":
        return False
    if name not in archive:
        raise RosterRefused(f"{MANIFEST} promises {name}, and the zip has none")
    return True
