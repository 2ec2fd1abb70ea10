"""What the platform commands take: checked here, so that an odd argument exits 2 with the reason."""

from collections.abc import Callable
from typing import Any

import click

from core.current import current_settings
from core.settings import Settings
from lti_tool.claim_values import IDENTIFIER
from lti_tool.presets import BaseUrlNeeded, preset_named
from lti_tool.registering import OddAddress, check_address

ADDRESSES = ("issuer", "auth_login_url", "auth_token_url", "jwks_url")
NUMBER = click.IntRange(1, 2**31)


def fits(longest: int) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    def check(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
        if value is not None and (not 1 <= len(value) <= longest or not value.isprintable()):
            raise click.BadParameter(f"expected 1 to {longest} characters")
        return value

    return check


def installations(_context: click.Context, _parameter: click.Parameter, value: Any) -> Any:
    for each in (value,) if isinstance(value, str) else value:
        if not IDENTIFIER.fullmatch(each):
            raise click.BadParameter("expected 1 to 255 ASCII characters, as the LMS shows it")
    return value


def option_named(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def checked_address(name: str, url: str, settings: Settings) -> None:
    try:
        check_address(url, settings)
    except OddAddress as odd:
        raise click.BadParameter(odd.message, param_hint=option_named(name)) from odd


def complete(preset: str | None, base_url: str | None, given: dict[str, Any]) -> dict[str, Any]:
    """What was typed, with the preset's values where nothing was; every address checked."""
    settings = current_settings()
    if base_url is not None:
        checked_address("base_url", base_url, settings)
    known: dict[str, Any] = {}
    if preset:
        chosen = preset_named(preset)
        try:
            known = vars(chosen.addresses(base_url)) | {"name": chosen.label}
        except BaseUrlNeeded as needed:
            raise click.MissingParameter(
                needed.message, param_hint="--base-url", param_type="option"
            ) from needed
    values = known | {name: value for name, value in given.items() if value is not None}
    for name in ("name", "client_id", *ADDRESSES):
        if name not in values:
            raise click.MissingParameter(param_hint=option_named(name), param_type="option")
    for name in ADDRESSES:
        checked_address(name, values[name], settings)
    return values
