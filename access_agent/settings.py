"""The configuration file, read once. Odd values are refused with their name; nothing is guessed at."""

import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from access_agent.errors import OddSettings
from access_agent.placing import ACCESSES, DEFAULT_GROUPS

LOOPBACK = ("127.0.0.1", "localhost", "::1")
OTHERS_MAY = stat.S_IRWXO


@dataclass(frozen=True)
class Service:
    """Where standings come from. Only people of `audiences` are placed in groups."""

    url: str
    client_id: str
    client_secret_file: str = ""
    client_secret_env: str = ""
    requirement: str = "rua"
    audiences: tuple[str, ...] = ("staff",)
    match_by: str = "sis"
    full_every_hours: int = 24
    ca_file: str = ""


@dataclass(frozen=True)
class Guard:
    """Refuse when one group would lose more than `few` and `percent` of its members, or all together `removals`."""

    percent: int = 10
    few: int = 10
    removals: int = 100


@dataclass(frozen=True)
class Ldap:
    """`placeholder`: the member that keeps a groupOfNames from being empty; Active Directory needs none."""

    url: str
    bind_dn: str
    people_bases: tuple[str, ...]
    groups_base: str
    match_attribute: str
    bind_password_file: str = ""
    bind_password_env: str = ""
    kind: str = "ad"
    people_filter: str = ""
    group_names_by: str = "cn"
    start_tls: bool = False
    ca_file: str = ""
    placeholder: str = ""
    chunk: int = 500


@dataclass(frozen=True)
class Scim:
    """`members_from` "users" is for servers that do not show a group's members (Entra ID)."""

    url: str
    token_file: str = ""
    token_env: str = ""
    token_url: str = ""
    client_id: str = ""
    client_secret_file: str = ""
    client_secret_env: str = ""
    scope: str = ""
    match_attribute: str = "externalId"
    members_from: str = "group"
    adds_per_patch: int = 100
    removes_per_patch: int = 100
    page: int = 100
    create_groups: bool = False
    ca_file: str = ""


@dataclass(frozen=True)
class Settings:
    target: str
    state_file: str
    service: Service
    guard: Guard = field(default_factory=Guard)
    groups: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULT_GROUPS))
    exclusive: bool = False
    ldap: Ldap | None = None
    scim: Scim | None = None

    @property
    def group_names(self) -> list[str]:
        return list(dict.fromkeys(name for name in self.groups.values() if name))


T = TypeVar("T")
KINDS: dict[str, type] = {"int": int, "bool": bool, "str": str}


def read_settings(path: Path) -> Settings:
    """Raises OddSettings. Paths in the file are as seen from the file's folder."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise OddSettings(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OddSettings(f"{path}: {error}") from error
    here = path.resolve().parent
    parts = {"service": Service, "guard": Guard, "ldap": Ldap, "scim": Scim}
    for name, kind in parts.items():
        if name in table:
            table[name] = _section(kind, _table(name, table[name]), f"{name}.", here)
    if "groups" in table:
        table["groups"] = {**DEFAULT_GROUPS, **_table("groups", table["groups"])}
    settings = _section(Settings, table, "", here)
    _check(settings)
    return settings


def _table(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise OddSettings(f"{name}: expected a table [{name}]")
    return value


def _section(kind: type[T], table: dict[str, Any], prefix: str, here: Path) -> T:
    known = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]
    for name in table:
        if name not in known:
            raise OddSettings(f"{prefix}{name}: there is no such setting")
    for name, each in known.items():
        if name not in table:
            if each.default is MISSING and each.default_factory is MISSING:
                raise OddSettings(f"{prefix}{name}: missing")
            continue
        if str(each.type).startswith("tuple"):
            if not isinstance(table[name], list) or not all(isinstance(part, str) for part in table[name]):
                raise OddSettings(f"{prefix}{name}: expected a list of texts")
            table[name] = tuple(table[name])
        wanted = KINDS.get(getattr(each.type, "__name__", str(each.type)))
        if wanted is not None and type(table[name]) is not wanted:
            raise OddSettings(f"{prefix}{name}: expected {wanted.__name__}")
        if wanted is int and table[name] < 0:
            raise OddSettings(f"{prefix}{name}: expected 0 or more")
        if name.endswith("_file") and table[name]:
            table[name] = str(here / table[name])
    return kind(**table)


def _check(settings: Settings) -> None:
    if settings.target not in ("ldap", "scim"):
        raise OddSettings("target: expected ldap or scim")
    if getattr(settings, settings.target) is None:
        raise OddSettings(f"{settings.target}: missing, and the target is {settings.target}")
    _safe_address("service.url", settings.service.url, ("https",))
    if settings.service.match_by not in ("sis", "email", "username"):
        raise OddSettings("service.match_by: expected sis, email or username")
    for word, name in settings.groups.items():
        if word.partition(".")[0] not in ACCESSES or not isinstance(name, str):
            raise OddSettings(
                f"groups.{word}: expected allow, limited or deny, or one with a state (allow.overdue)"
            )
    if settings.ldap:
        _check_ldap(settings.ldap)
    if settings.scim:
        _check_scim(settings.scim)


def _check_ldap(ldap: Ldap) -> None:
    if ldap.kind not in ("ad", "openldap"):
        raise OddSettings("ldap.kind: expected ad or openldap")
    if not 1 <= ldap.chunk <= 1000:
        raise OddSettings("ldap.chunk: expected 1 to 1000")
    if not ldap.people_bases:
        raise OddSettings("ldap.people_bases: expected at least one")
    if not (ldap.start_tls and urlsplit(ldap.url).scheme == "ldap"):
        _safe_address("ldap.url", ldap.url, ("ldaps",), "or start_tls = true")


def _check_scim(scim: Scim) -> None:
    _safe_address("scim.url", scim.url, ("https",))
    if scim.token_url:
        _safe_address("scim.token_url", scim.token_url, ("https",))
    if scim.members_from not in ("group", "users"):
        raise OddSettings("scim.members_from: expected group or users")
    for name in ("adds_per_patch", "removes_per_patch", "page"):
        if not 1 <= getattr(scim, name) <= 1000:
            raise OddSettings(f"scim.{name}: expected 1 to 1000")
    if scim.match_attribute not in ("externalId", "userName", "emails"):
        raise OddSettings("scim.match_attribute: expected externalId, userName or emails")


def _safe_address(name: str, url: str, schemes: tuple[str, ...], hint: str = "") -> None:
    """Secrets go to no address in clear text, except on this very machine."""
    parts = urlsplit(url)
    if parts.scheme in schemes and parts.hostname:
        return
    if parts.scheme in ("http", "ldap") and parts.hostname in LOOPBACK:
        return
    raise OddSettings(f"{name}: expected {schemes[0]}:// {hint}".rstrip())


def secret(name: str, file: str, env: str) -> str:
    """The secret itself, from a file (best) or the environment. Raises OddSettings."""
    if bool(file) == bool(env):
        raise OddSettings(f"{name}: give one of {name}_file and {name}_env")
    if env:
        found = os.environ.get(env, "")
    else:
        try:
            if os.name == "posix" and os.stat(file).st_mode & OTHERS_MAY:
                raise OddSettings(f"{name}_file: everybody on this machine may read it; chmod o= it")
            found = Path(file).read_text(encoding="utf-8").strip("\r\n")
        except OSError as error:
            raise OddSettings(f"{name}_file: {error.strerror}") from error
    if not found:
        raise OddSettings(f"{name}: empty")
    return found
