"""flask platform, flask keys: the LTI commands, put together."""

from flask.cli import AppGroup

from core.cli import answer, as_json
from core.database import transaction
from lti_tool.invite_commands import add_invite_commands
from lti_tool.keys import rotate
from lti_tool.platform_commands import platform_group

__all__ = ["keys_group", "platform_group"]

keys_group = AppGroup("keys", help="Our signing keys.")
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
