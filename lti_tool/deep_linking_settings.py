"""What a deep-linking request asks for: which kinds of content, how many, and where the answer goes (DL 2.0, 3.4.1).

pylti1p3 demands ltiResourceLink and a list of targets in every request; platforms need send neither, so we read
the claim ourselves.
"""

import json
from dataclasses import dataclass
from typing import Any

from marshmallow import EXCLUDE, Schema, fields

from core.messages import N_
from lti_tool.claim_values import flag_in, object_in, url_in, words_in
from lti_tool.frame_origins import origin_of
from lti_tool.refusals import ClaimRefused

DEEP_LINKING_CLAIM = "https://purl.imsglobal.org/spec/lti-dl/claim/"
SETTINGS_CLAIM = DEEP_LINKING_CLAIM + "deep_linking_settings"

LONGEST_RETURN_URL = 4000


class SettingsSchema(Schema):
    """What no request may lack: an address to answer to, and the kinds of content it takes."""

    class Meta:
        unknown = EXCLUDE

    deep_link_return_url = fields.Str(required=True)
    accept_types = fields.List(fields.Raw(allow_none=True), required=True)


@dataclass(frozen=True)
class DeepLinkingSettings:
    """The settings in our words. `title` and `text` are defaults for items that have none; ours have (row 109)."""

    return_url: str
    data: str | None
    """The platform's own `data` as a JSON text, so that it goes back byte for byte; None when it sent none."""
    accept_types: tuple[str, ...]
    accept_targets: tuple[str, ...]
    """Presentation targets the platform can keep for a link: iframe, window."""
    accept_multiple: bool
    """Said to be true; a platform that does not say gets one item, which every platform takes."""
    accept_lineitem: bool | None
    """None when it was not said: then a line item may be heard or not, and is worth sending (row 107)."""


def read_settings(token: dict[str, Any]) -> DeepLinkingSettings:
    """Raises ClaimRefused when the answer could not be sent back; their shapes SettingsSchema has checked."""
    sent = object_in(token, SETTINGS_CLAIM)
    return_url = url_in(sent, "deep_link_return_url", longest=LONGEST_RETURN_URL)
    if return_url is None or origin_of(return_url) is None:
        raise ClaimRefused(
            N_("The LMS sent no usable “%(claim)s”.", claim="deep_link_return_url"), field=SETTINGS_CLAIM
        )
    return DeepLinkingSettings(
        return_url=return_url,
        data=json.dumps(sent["data"]) if sent.get("data") is not None else None,
        accept_types=words_in(sent, "accept_types"),
        accept_targets=words_in(sent, "accept_presentation_document_targets"),
        accept_multiple=flag_in(sent, "accept_multiple") is True,
        accept_lineitem=flag_in(sent, "accept_lineitem"),
    )
