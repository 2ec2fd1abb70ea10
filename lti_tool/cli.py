"""flask platform, flask keys: the LTI commands, put together."""

import click
from flask.cli import AppGroup

from core.cli import answer, as_json
from core.database import transaction
from core.errors import Refused
from core.resealing import reseal
from lti_tool.invite_commands import add_invite_commands
from lti_tool.key_rotation import KeyFacts, all_keys, withdraw
from lti_tool.keys import rotate
from lti_tool.platform_commands import platform_group

__all__ = ["keys_group", "platform_group"]

keys_group = AppGroup("keys", help="Our signing keys, and the key that seals the database.")
add_invite_commands(platform_group)


@keys_group.command("rotate")
@as_json
def rotate_keys(json: bool) -> None:
    """Publish the next signing key now; it signs after the published overlap."""
    with transaction():
        key = rotate()
        answer(
            json,
            f"key {key.kid} is published and signs from {key.signs_from:%Y-%m-%d %H:%M} UTC",
            kid=key.kid,
            signs_from=key.signs_from.isoformat(),
        )


KEY_STATES = {
    "next": "published, signs from {until}",
    "signs": "signs now",
    "shown": "replaced, published until {until}",
    "retired": "replaced, published no more",
    "withdrawn": "withdrawn",
}


@keys_group.command("list")
@as_json
def list_keys(json: bool) -> None:
    """List our signing keys, newest first, and what each is for."""
    with transaction():
        found = all_keys()
        answer(
            json,
            "\n".join(_key_line(each) for each in found) or "none yet; the worker makes the first",
            keys=[
                {"kid": each.kid, "state": each.state, "signs_from": each.signs_from.isoformat()}
                for each in found
            ],
        )


def _key_line(key: KeyFacts) -> str:
    until = f"{key.until:%Y-%m-%d %H:%M} UTC" if key.until else ""
    return f"{key.kid}  {KEY_STATES[key.state].format(until=until)}"


# A key's name may begin with a dash, which is no option of ours.
@keys_group.command("withdraw", context_settings={"ignore_unknown_options": True})
@click.argument("kid")
@as_json
def withdraw_key(kid: str, json: bool) -> None:
    """Revoke a key now, as when it may have leaked: it signs no more and is published no more."""
    with transaction():
        signs = withdraw(kid)
        answer(
            json,
            f"key {kid} is withdrawn; key {signs.kid} signs from now on. An LMS may hold our old keys for an hour or "
            "more: until it reads them again, it may refuse our calls, which are tried again, and may still trust the "
            "withdrawn key. If that can not wait, have its administrator save the registration's key address anew",
            withdrawn=kid,
            signs=signs.kid,
        )


@keys_group.command("reseal")
@click.option("--look", is_flag=True, help="Only count what is left; change nothing.")
@as_json
def reseal_command(look: bool, json: bool) -> None:
    """Seal everything under the present DATA_KEY that was sealed under one of DATA_KEYS_OLD.

    In portions, while the service runs; killed in between it goes on where the old key is left.
    """
    found = reseal(look=look)
    lost = sum(each.unreadable for each in found)
    left = sum(each.old for each in found) if look else 0
    lines = [f"{each.column}: {each.old} {'left' if look else 'sealed anew'}, {each.unreadable} unreadable"
             for each in found if each.old or each.unreadable]  # fmt: skip
    if lost:
        raise Refused("; ".join(lines) + ". A value that is unreadable is under none of the keys you gave.")
    done = "nothing is left under an old key" if not left else f"{left} values are left under an old key"
    answer(
        json, "\n".join([*lines, done]),
        left=left, columns={each.column: {"old": each.old, "values": each.values} for each in found},
    )  # fmt: skip
