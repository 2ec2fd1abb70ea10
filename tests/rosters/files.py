"""Roster files of invented districts, the same for the same seed: OneRoster 1.1 and 1.2, bulk or delta; staff CSV."""

import csv
import io
import random
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path

DOMAIN = "evergreen.example"
AT = "2026-11-20T08:00:00.000Z"

ORG_HEAD = ("sourcedId", "status", "dateLastModified", "name", "type", "identifier", "parentSourcedId")
USER_11_HEAD = (
    "sourcedId", "status", "dateLastModified", "enabledUser", "orgSourcedIds", "role", "username", "userIds",
    "givenName", "familyName", "middleName", "identifier", "email", "sms", "phone", "agentSourcedIds", "grades",
    "password",
)  # fmt: skip
USER_12_HEAD = (
    "sourcedId", "status", "dateLastModified", "enabledUser", "username", "userIds", "givenName", "familyName",
    "middleName", "identifier", "email", "sms", "phone", "agentSourcedIds", "grades", "password",
    "userMasterIdentifier", "resourceSourcedIds", "preferredGivenName", "preferredMiddleName",
    "preferredFamilyName", "primaryOrgSourcedId", "pronouns",
)  # fmt: skip
ROLE_HEAD = (
    "sourcedId", "status", "dateLastModified", "userSourcedId", "roleType", "role", "beginDate", "endDate",
    "orgSourcedId", "userProfileSourcedId",
)  # fmt: skip
STAFF_HEAD = ("sis_id", "email", "username", "building", "building_name", "job", "hired_on", "left_on")


@dataclass(frozen=True)
class User:
    """One person of a file; `orgs` are keys of schools."""

    key: str
    role: str = "student"
    orgs: tuple[str, ...] = ("school-1",)
    identifier: str = ""
    email: str = ""
    username: str = ""
    grades: str = ""
    status: str = ""
    modified: str = ""
    begins: str = ""
    ends: str = ""


@dataclass
class Rolls:
    """A district's people, and the files they make."""

    users: list[User]
    schools: dict[str, str] = field(
        default_factory=lambda: {"district": "Evergreen", "school-1": "Fir Street"}
    )
    extra: dict[str, bytes] = field(default_factory=dict)
    """Further files of the zip, or other contents of those that are there."""

    def without(self, *keys: str) -> "Rolls":
        return replace(self, users=[each for each in self.users if each.key not in keys])

    def changed(self, key: str, **changes: object) -> "Rolls":
        return replace(
            self, users=[replace(each, **changes) if each.key == key else each for each in self.users]
        )

    def files(self, version: str = "1.1", delta: bool = False) -> dict[str, bytes]:
        kind = "delta" if delta else "bulk"
        files = {
            "manifest.csv": manifest(version, kind),
            "orgs.csv": table(ORG_HEAD, self._orgs()),
            "users.csv": table(*self._users(version, delta)),
        }
        if version == "1.2":
            files["roles.csv"] = table(ROLE_HEAD, self._roles(delta))
        return files | self.extra

    def write(
        self, folder: Path, version: str = "1.1", delta: bool = False, name: str = "roster.zip"
    ) -> Path:
        path = folder / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for each, content in self.files(version, delta).items():
                # The same people make the same bytes: a zip would else hold the time it was made at.
                archive.writestr(
                    zipfile.ZipInfo(each, (2026, 11, 20, 0, 0, 0)), content, zipfile.ZIP_DEFLATED
                )
        return path

    def _orgs(self) -> list[tuple[str, ...]]:
        return [
            (key, "", "", name, "district" if key == "district" else "school", key.upper(), "")
            for key, name in self.schools.items()
        ]

    def _users(self, version: str, delta: bool) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        head = USER_11_HEAD if version == "1.1" else USER_12_HEAD
        return head, [
            tuple(self._cells(each, delta).get(column, "") for column in head) for each in self.users
        ]

    def _cells(self, user: User, delta: bool) -> dict[str, str]:
        return {
            "sourcedId": user.key,
            "status": user.status or ("active" if delta else ""),
            "dateLastModified": user.modified or (AT if delta else ""),
            "enabledUser": "true",
            "orgSourcedIds": ",".join(user.orgs),
            "role": user.role,
            "username": user.username,
            "givenName": "Given",
            "familyName": "Family, with a comma",
            "identifier": user.identifier,
            "email": user.email,
            "grades": user.grades,
        }

    def _roles(self, delta: bool) -> list[tuple[str, ...]]:
        return [
            (
                f"{each.key}-{org}", each.status or ("active" if delta else ""), each.modified or (AT if delta else ""),
                each.key, "primary" if org == each.orgs[0] else "secondary", each.role, each.begins, each.ends, org, "",
            )
            for each in self.users
            for org in each.orgs
        ]  # fmt: skip


def manifest(version: str, kind: str, **more: str) -> bytes:
    lines = {"manifest.version": "1.0", "oneroster.version": version, "file.orgs": "bulk", "file.users": kind}
    lines |= {"file.demographics": "absent", "source.systemName": "Invented SIS"}
    if version == "1.2":
        lines["file.roles"] = kind
    return table(("propertyName", "value"), list((lines | more).items()))


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([head, *rows])
    return text.getvalue().encode()


def district(size: int, seed: int = 1, staff: float = 0.1) -> Rolls:
    """`size` people, a tenth of them teachers, at one school for every five hundred."""
    chance = random.Random(seed)
    schools = {f"school-{number}": f"School {number}" for number in range(1, 2 + size // 500)}
    users = [
        teacher(number, chance.choice(list(schools)))
        if number < size * staff
        else pupil(number, chance.choice(list(schools)), f"{chance.randint(1, 12):02}")
        for number in range(size)
    ]
    return Rolls(users, {"district": "Evergreen", **schools})


def teacher(number: int, school: str = "school-1", **more: object) -> User:
    name = f"teacher.{number}"
    user = User(f"u-{number}", "teacher", (school,), f"{100_000 + number}", f"{name}@{DOMAIN}", name)
    return replace(user, **more)


def pupil(number: int, school: str = "school-1", grades: str = "04", **more: object) -> User:
    user = User(f"u-{number}", "student", (school,), f"{200_000 + number}", "", f"pupil.{number}", grades)
    return replace(user, **more)


def staff_rows(count: int, **more: str) -> list[dict[str, str]]:
    return [staff_row(number, **more) for number in range(1, count + 1)]


def staff_row(number: int, **more: str) -> dict[str, str]:
    name = f"staff.{number}"
    return {
        "sis_id": f"E{number}", "email": f"{name}@{DOMAIN}", "username": name, "building": "fir",
        "building_name": "Fir Street", "job": "teacher", "hired_on": "2015-08-20", "left_on": "",
    } | more  # fmt: skip


def staff_csv(folder: Path, rows: list[dict[str, str]], name: str = "staff.csv") -> Path:
    path = folder / name
    path.write_bytes(table(STAFF_HEAD, [tuple(row[column] for column in STAFF_HEAD) for row in rows]))
    return path
