"""OneRoster 1.1 and 1.2 as a zip of CSV files: manifest, orgs, users, and in 1.2 the roles.

https://www.imsglobal.org/oneroster-v11-final-csv-tables, https://www.imsglobal.org/spec/oneroster/v1p2/bind/csv
Demographics and every other file are never opened. A bulk file leaves status and time empty, a delta must say both.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from rosters.bounds import Errors, echo
from rosters.checked import Once, checked
from rosters.csv_rows import read_rows
from rosters.entries import ONEROSTER, Entry, Placement, RosterFile
from rosters.manifest import ORGS, ROLES, USERS, is_delta, promised, read_manifest, version_of
from rosters.schemas import OrgSchema, RoleSchema, UserSchema, is_address
from rosters.zip_entries import RosterZip, open_zip

ABOVE_THE_DISTRICT = ("state", "national")
"""Kinds of orgs that are no building of anybody's."""

GONE = ("tobedeleted", "inactive")

ROLE_MEANS: dict[str, tuple[str, str | None] | None] = {
    "student": ("pupil", None),
    "teacher": ("staff", "teacher"),
    "aide": ("staff", "para"),
    "counselor": ("staff", "other"),
    "proctor": ("staff", "other"),
    "principal": ("staff", "admin"),
    "administrator": ("staff", "admin"),
    "siteadministrator": ("staff", "admin"),
    "districtadministrator": ("staff", "admin"),
    "systemadministrator": ("staff", "admin"),
    "guardian": None,
    "parent": None,
    "relative": None,
}
"""{role, without case: (audience, job)}; None for those who owe nothing here, as also any `ext:` role of 1.2."""

GRADES = {"KG": "k"} | {f"{number:02}": f"g{number}" for number in range(1, 13)}
"""CEDS grade codes that are grades of ours; others (PK, UG, ...) say no grade."""


class _Role(NamedTuple):
    """A row of roles.csv, small: a district has hundreds of thousands."""

    line: int
    gone: bool
    placement: Placement
    modified: datetime | None


@dataclass
class _Reading:
    """One zip, its files opened anew for each reading."""

    archive: RosterZip
    version: str
    delta: bool
    known: frozenset[str]
    """Keys of the buildings we have already, to which a delta may refer."""
    orgs: dict[str, tuple[str, bool]]
    """{key: (name, whether it is a building)}"""

    def entries(self, errors: Errors) -> Iterator[Entry]:
        roles = self._roles(errors) if self.version == "1.2" else None
        once = Once(USERS, "sourcedId", errors)
        for line, user in self._read(
            USERS, UserSchema(), ("sourcedId", "username", *self._more_of_users()), errors
        ):
            if not once.new(user["sourced_id"], line):
                continue
            if roles is None:
                yield from self._from_user(line, user, errors)
            else:
                yield from self._from_roles(line, user, roles.pop(user["sourced_id"], []), errors)
        for key, rows in (roles or {}).items():
            if not self.delta:
                errors.add(ROLES, rows[0].line if rows else 0, f"userSourcedId {echo(key)} is not in {USERS}")
            else:
                yield _entry_of_delta(ROLES, rows[0].line, key, (), rows, named=False)

    def _more_of_users(self) -> tuple[str, ...]:
        return ("role", "orgSourcedIds") if self.version == "1.1" else ()

    def _read(
        self, name: str, schema: Any, needed: tuple[str, ...], errors: Errors
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        schema.delta = self.delta
        if self.delta:
            needed = (*needed, "status", "dateLastModified")
        with self.archive.open(name) as stream:
            yield from checked(read_rows(stream, name, needed, errors), schema, name, errors)

    def _from_user(self, line: int, user: dict[str, Any], errors: Errors) -> Iterator[Entry]:
        """1.1: the user's own row says role and schools."""
        meaning = _meaning(user["role"], USERS, line, errors)
        orgs = [each for each in user["orgs"] if self._org_known(each, USERS, line, errors)]
        if user["status"] in GONE or meaning is None:
            yield Entry(USERS, line, user["sourced_id"], (), (), modified=user["modified"], named=False)
            return
        if not user["orgs"]:
            errors.add(USERS, line, "orgSourcedIds must not be empty")
        audience, job = meaning
        grade = _grade(user["grades"]) if audience == "pupil" else None
        placements = tuple({self._building(org): None for org in orgs})
        yield Entry(
            USERS,
            line,
            user["sourced_id"],
            _names(user, audience == "staff", USERS, line, errors),
            tuple(Placement(building, audience, job, grade) for building in placements),
            modified=user["modified"],
        )

    def _from_roles(
        self, line: int, user: dict[str, Any], rows: list[_Role], errors: Errors
    ) -> Iterator[Entry]:
        """1.2: roles say where; a pupil's grade stands with the user."""
        key, modified = user["sourced_id"], _latest([user["modified"], *(row.modified for row in rows)])
        if user["status"] in GONE:
            yield Entry(USERS, line, key, (), (), modified=modified, named=False)
            return
        grade = _grade(user["grades"])
        rows = [row._replace(placement=_graded(row.placement, grade)) for row in rows]
        staff = any(row.placement.audience == "staff" for row in rows)
        names = _names(user, staff, USERS, line, errors)
        if self.delta:
            yield _entry_of_delta(USERS, line, key, names, rows, named=bool(rows), modified=modified)
        else:
            placements = _one_each(row.placement for row in rows if not row.gone)
            yield Entry(USERS, line, key, names if placements else (), placements, named=bool(placements))

    def _roles(self, errors: Errors) -> dict[str, list[_Role]]:
        """{user: their roles}"""
        found: dict[str, list[_Role]] = {}
        once = Once(ROLES, "sourcedId", errors)
        for line, role in self._read(
            ROLES, RoleSchema(), ("sourcedId", "userSourcedId", "role", "orgSourcedId"), errors
        ):
            meaning = _meaning(role["role"], ROLES, line, errors)
            if not (once.new(role["sourced_id"], line) and self._org_known(role["org"], ROLES, line, errors)):
                continue
            if role["first_day"] and role["last_day"] and role["last_day"] < role["first_day"]:
                errors.add(ROLES, line, "endDate must not lie before beginDate")
                continue
            rows = found.setdefault(role["user"], [])
            if meaning:
                building = self._building(role["org"])
                placement = Placement(building, *meaning, None, role["first_day"], role["last_day"])
                rows.append(_Role(line, role["status"] in GONE, placement, role["modified"]))
        return {user: rows for user, rows in found.items() if rows or not self.delta}

    def _org_known(self, key: str, name: str, line: int, errors: Errors) -> bool:
        if key in self.orgs or (self.delta and key in self.known):
            return True
        errors.add(name, line, f"there is no org {echo(key)}")
        return False

    def _building(self, key: str) -> str | None:
        return key if self.orgs.get(key, ("", True))[1] else None


@contextmanager
def open_oneroster(path: Path, known_buildings: Collection[str], errors: Errors) -> Iterator[RosterFile]:
    """Raises RosterRefused where the file as a whole can not be read; what is wrong with its orgs goes to `errors`."""
    with open_zip(path) as archive:
        manifest = read_manifest(archive, errors)
        version, delta = version_of(manifest), is_delta(archive, manifest)
        reading = _Reading(archive, version, delta, frozenset(known_buildings), {})
        if promised(archive, manifest, ORGS):
            once = Once(ORGS, "sourcedId", errors)
            orgs = _Reading(archive, version, manifest.get("file.orgs") == "delta", reading.known, {})
            for line, org in orgs._read(ORGS, OrgSchema(), ("sourcedId", "name", "type"), errors):
                if once.new(org["sourced_id"], line):
                    reading.orgs[org["sourced_id"]] = (
                        org["name"],
                        org["type"].lower() not in ABOVE_THE_DISTRICT,
                    )
        buildings = {key: name for key, (name, is_building) in reading.orgs.items() if is_building}
        yield RosterFile(ONEROSTER, version, not delta, reading.entries, buildings)


def _meaning(role: str, name: str, line: int, errors: Errors) -> tuple[str, str | None] | None:
    word = role.lower()
    if word not in ROLE_MEANS and not word.startswith("ext:"):
        errors.add(name, line, f"role {echo(role)} is none of OneRoster's")
    return ROLE_MEANS.get(word)


def _names(
    user: dict[str, Any], staff: bool, name: str, line: int, errors: Errors
) -> tuple[tuple[str, str], ...]:
    """The number people know somebody by goes before the one that systems do. A pupil's address is not kept."""
    names = [("sis", user["identifier"] or user["sourced_id"])]
    if staff and user["email"]:
        if is_address(user["email"]):
            names.append(("email", user["email"]))
        else:
            errors.add(name, line, f"email must be an e-mail address, not {echo(user['email'])}")
    if user["username"]:
        names.append(("username", user["username"]))
    return tuple(names)


def _grade(codes: tuple[str, ...]) -> str | None:
    return next((GRADES[code.upper()] for code in codes if code.upper() in GRADES), None)


def _graded(placement: Placement, grade: str | None) -> Placement:
    if placement.audience != "pupil":
        return placement
    return Placement(placement.building, "pupil", None, grade, placement.first_day, placement.last_day)


def _one_each(placements: Iterator[Placement] | Any) -> tuple[Placement, ...]:
    """One for each building and audience: of two roles at one school the first, over the days of both."""
    found: dict[tuple[str | None, str], Placement] = {}
    for each in placements:
        before = found.setdefault((each.building, each.audience), each)
        if before is not each:
            first = _least(before.first_day, each.first_day)
            last = (
                None
                if before.last_day is None or each.last_day is None
                else max(before.last_day, each.last_day)
            )
            merged = Placement(before.building, before.audience, before.job, before.grade, first, last)
            found[each.building, each.audience] = merged
    return tuple(found.values())


def _entry_of_delta(
    name: str, line: int, key: str, names: tuple[tuple[str, str], ...], rows: list[_Role],
    *, named: bool, modified: datetime | None = None,
) -> Entry:  # fmt: skip
    """What a delta says of somebody's roles: some come, some go, of the others it does not speak."""
    here = _one_each(row.placement for row in rows if not row.gone)
    kept = {(each.building, each.audience) for each in here}
    ended = {(row.placement.building, row.placement.audience): None for row in rows if row.gone}
    modified = modified or _latest([row.modified for row in rows])
    return Entry(
        name, line, key, names, here, whole=False, ended=tuple(each for each in ended if each not in kept),
        modified=modified, named=named and bool(here),
    )  # fmt: skip


def _latest(times: list[datetime | None]) -> datetime | None:
    return max((each for each in times if each), default=None)


def _least(one: date | None, other: date | None) -> date | None:
    return min((each for each in (one, other) if each), default=None)
