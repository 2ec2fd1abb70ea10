"""The form of an LMS: the same rules as flask platform add, with every error beside its field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.settings import Settings
from lti_tool.claim_values import IDENTIFIER
from lti_tool.registering import OddAddress, check_address

ADDRESSES = ("auth_login_url", "auth_token_url", "jwks_url")
LONGEST = {"name": 100, "issuer": 255, "client_id": 255, "token_audience": 1000}
LONGEST_ADDRESS = 2000
MOST_DEPLOYMENTS = 20


@dataclass(frozen=True)
class Read:
    """What the form said, and what is wrong with it by field. `values` goes to the verb when nothing is."""

    given: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    deployment_ids: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)


def read_new(form: Mapping[str, str], settings: Settings) -> Read:
    given = {name: value.strip() for name, value in form.items()}
    errors: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name in ("name", "issuer", "client_id"):
        values[name] = given.get(name, "")
        _check_text(name, values[name], errors)
    for name in ("issuer", *ADDRESSES):
        values[name] = given.get(name, "")
        if name not in errors:
            _check_address(name, values[name], settings, errors)
    values |= _changeable(given, errors)
    ids = tuple(line.strip() for line in given.get("deployment_ids", "").splitlines() if line.strip())
    if len(ids) > MOST_DEPLOYMENTS or any(not IDENTIFIER.fullmatch(each) for each in ids):
        errors["deployment_ids"] = "One on each line, up to 255 letters and digits each, as the LMS shows it."
    return Read(given, values, ids, _sites(given), errors)


def read_change(form: Mapping[str, str], settings: Settings) -> Read:
    """What may change once an LMS is registered. Issuer and client ID say which one it is: others are a new one."""
    given = {name: value.strip() for name, value in form.items()}
    errors: dict[str, str] = {}
    values: dict[str, Any] = {"name": given.get("name", "")}
    _check_text("name", values["name"], errors)
    for name in ADDRESSES:
        values[name] = given.get(name, "")
        _check_address(name, values[name], settings, errors)
    values |= _changeable(given, errors)
    return Read(given, values, (), _sites(given), errors)


def _changeable(given: dict[str, str], errors: dict[str, str]) -> dict[str, Any]:
    audience = given.get("token_audience", "")
    if audience:
        _check_text("token_audience", audience, errors)
    return {
        "token_audience": audience or None,
        "custom_ids_trusted": given.get("custom_ids_trusted") == "yes",
        "speaks": given.get("speaks_for_staff") == "yes",
    }


def _sites(given: dict[str, str]) -> tuple[str, ...]:
    """Judged by lti_tool.registering.set_frame_origins."""
    return tuple(given.get("frame_origins", "").split())


def _check_text(name: str, value: str, errors: dict[str, str]) -> None:
    if not value:
        errors[name] = "Fill this in."
    elif len(value) > LONGEST[name] or not value.isprintable():
        errors[name] = f"Up to {LONGEST[name]} characters, in one line."


def _check_address(name: str, value: str, settings: Settings, errors: dict[str, str]) -> None:
    try:
        if not value:
            errors[name] = "Fill this in."
        elif len(value) > LONGEST_ADDRESS:
            errors[name] = f"Up to {LONGEST_ADDRESS} characters."
        else:
            check_address(value, settings)
    except OddAddress:
        errors[name] = "This is no address an LMS can have. It begins with https:// and has no spaces."
