"""What an LMS answers to our registration (https://www.imsglobal.org/spec/lti-dr/v1p0 section 3.6.2)."""

from dataclasses import dataclass
from typing import Any

from core.messages import N_
from lti_tool.claim_values import IDENTIFIER
from lti_tool.registration_refusals import LmsDeclined
from lti_tool.registration_request import TOOL_CONFIGURATION


@dataclass(frozen=True)
class Granted:
    """The client id we have from now on, and what of that we asked for we got; None where the LMS does not say."""

    client_id: str
    deployment_id: str | None
    scopes: tuple[str, ...] | None
    claims: tuple[str, ...] | None


def read_answer(said: Any, asked: dict[str, Any]) -> Granted:
    """Raises LmsDeclined when no client id is in it. What the LMS does not repeat was not granted; what it lists
    beyond what we asked is not ours (Moodle lists more than it gives)."""
    answer = said if isinstance(said, dict) else {}
    client_id = _identifier(answer.get("client_id"))
    if client_id is None:
        raise LmsDeclined(N_("Your LMS answered without a client id that we can keep."))
    tool = answer.get(TOOL_CONFIGURATION)
    tool = tool if isinstance(tool, dict) else {}
    wanted = asked[TOOL_CONFIGURATION]["claims"]
    return Granted(
        client_id,
        _identifier(tool.get("deployment_id")),
        _granted(asked["scope"].split(), answer.get("scope")),
        _granted(wanted, tool.get("claims")),
    )


def _identifier(value: Any) -> str | None:
    """Text or whole number: some platforms send their tool's number as one."""
    text = str(value) if type(value) in (str, int) else ""
    return text if IDENTIFIER.fullmatch(text) else None


def _granted(wanted: list[str], listed: Any) -> tuple[str, ...] | None:
    entries = listed.split() if isinstance(listed, str) else listed
    return tuple(each for each in wanted if each in entries) if isinstance(entries, list) else None
