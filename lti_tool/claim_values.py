"""Values out of a token, each as what it should be or as absent.

Real platforms send null, empty and wrongly typed values for nearly every optional claim (rows 85-87), so each
function here gives a value of the right kind or nothing, and none of them raises.
"""

import re
from typing import Any

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
LONGEST_ID = 255
LONGEST_URL = 1000
LONGEST_HISTORY = 8000
"""$Context.id.history: some two hundred course ids."""

IDENTIFIER = re.compile(r"[\x20-\x7e]{1,255}")
"""sub, deployment_id, context.id, resource_link.id: up to 255 ASCII characters (core 5.3.1, 5.4.1)."""

_NO_BLANKS = re.compile(r"[!-~]{1,255}")
_WEB_ADDRESS = re.compile(r"https?://[!-~]+")
_LANGUAGE = re.compile(r"[A-Za-z0-9_-]{1,20}")

_NEVER_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
"""Control characters and halves of surrogate pairs: JSON carries them, no database takes them all."""


def object_in(holder: dict[str, Any], name: str) -> dict[str, Any]:
    value = holder.get(name)
    return value if isinstance(value, dict) else {}


def list_in(holder: dict[str, Any], name: str) -> list[Any]:
    value = holder.get(name)
    return value if isinstance(value, list) else []


def text_in(holder: dict[str, Any], name: str, longest: int = LONGEST_ID) -> str | None:
    """A text that says something. `$Person.sourcedId` that came back unexpanded says nothing (row 86)."""
    value = holder.get(name)
    if not isinstance(value, str) or value.startswith("$"):
        return None
    return _NEVER_TEXT.sub(" ", value).strip()[:longest] or None


def words_in(holder: dict[str, Any], name: str) -> tuple[str, ...]:
    """The entries of a list that are words: scopes, kinds of content, targets."""
    return tuple(
        word for word in list_in(holder, name) if isinstance(word, str) and _NO_BLANKS.fullmatch(word)
    )


def identifiers_in(holder: dict[str, Any], name: str) -> tuple[str, ...]:
    """The entries of a list that are identifiers, exactly as sent."""
    return tuple(
        each for each in list_in(holder, name) if isinstance(each, str) and IDENTIFIER.fullmatch(each)
    )


def url_in(holder: dict[str, Any], name: str, longest: int = LONGEST_URL) -> str | None:
    """An http or https address, whole; one that was cut would lead elsewhere."""
    value = holder.get(name)
    if not isinstance(value, str) or not _WEB_ADDRESS.fullmatch(value) or len(value) > longest:
        return None
    return value


def flag_in(holder: dict[str, Any], name: str) -> bool | None:
    """True or False, also where it was sent as a text; None when it was not said."""
    value = holder.get(name)
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return value if isinstance(value, bool) else None


def language_in(holder: dict[str, Any], name: str) -> str | None:
    """A language tag, as in en-US (Moodle writes en_us); it will stand in our pages."""
    value = holder.get(name)
    return value if isinstance(value, str) and _LANGUAGE.fullmatch(value) else None


def custom_in(token: dict[str, Any]) -> dict[str, str]:
    """Custom parameters with lower-case keys: Schoology loses their case, Moodle sends both."""
    custom = object_in(token, CLAIM + "custom")
    texts = {key.lower(): str(value) for key, value in custom.items() if type(value) in (str, int)}
    longest = {"context_id_history": LONGEST_HISTORY}
    return {key: value for key in texts if (value := text_in(texts, key, longest.get(key, LONGEST_ID)))}
