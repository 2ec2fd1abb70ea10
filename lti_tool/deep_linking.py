"""Deep linking: keep what a platform asks for, and sign what it gets back (LTI Deep Linking 2.0).

The answer is signed when the teacher is done, so that an hour of choosing expires nothing (row 114).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from core.clock import now
from core.database import db
from core.errors import ToolError
from core.messages import N_
from core.sealed import new_secret
from lti_tool.claim_values import CLAIM
from lti_tool.content_items import Choice, content_item
from lti_tool.deep_linking_settings import DEEP_LINKING_CLAIM, DeepLinkingSettings
from lti_tool.keys import sign
from lti_tool.links import Arrival
from lti_tool.models import Context, DeepLinkingRequest, Deployment, Platform
from people.models import SignIn

GOOD_FOR = 300
"""Seconds the platform has to take the answer; the browser posts it at once."""
BEHIND = 5
"""Seconds our iat lies back: Moodle refuses one that is ahead of its own clock."""
REPEATED_WITHIN = timedelta(minutes=2)
"""A double click, or a network that made somebody try again, gets a fresh answer; later a tab has had its say."""


class NothingAsked(ToolError):
    status, code = 404, "nothing_asked"
    next_step = N_(
        "If you teach this course, add lessons from your LMS: it opens this page when you choose this service for a "
        "new item. If you are a student, tell your teacher."
    )


class AnsweredAlready(ToolError):
    status, code = 409, "answered_already"
    next_step = N_("Go back to your course. To add more lessons, open the chooser there again.")


@dataclass(frozen=True)
class Answer:
    """A form for the browser to post: the LMS's own address and the signed answer."""

    return_url: str
    jwt: str


def keep_request(
    arrival: Arrival, asked: DeepLinkingSettings, context: Context | None, sign_in_id: int
) -> None:
    db.add(
        DeepLinkingRequest(
            district_id=arrival.platform.district_id,
            platform_id=arrival.platform.id,
            deployment_pk=arrival.deployment_pk,
            context_pk=context.id if context else None,
            sign_in_id=sign_in_id,
            return_url=asked.return_url,
            data=asked.data,
            accept_types=list(asked.accept_types),
            accept_targets=list(asked.accept_targets),
            accept_multiple=asked.accept_multiple,
            accept_lineitem=asked.accept_lineitem,
        )
    )


def request_of(sign_in: SignIn) -> DeepLinkingRequest:
    """What the LMS asked this tab for. Raises NothingAsked for any other tab."""
    found = db.scalars(
        sa.select(DeepLinkingRequest).filter_by(sign_in_id=sign_in.id, district_id=sign_in.district_id)
    ).one_or_none()
    if found is None:
        raise NothingAsked(N_("Your LMS did not ask for lessons here, so there is nothing to choose."))
    return found


def family_of(request: DeepLinkingRequest) -> str | None:
    """Which kind of LMS asks, to tell the teacher what comes next there."""
    return db.scalars(sa.select(Platform.family).filter_by(id=request.platform_id)).one()


def answer_with(request: DeepLinkingRequest, choices: Sequence[Choice], message: str, url: str) -> Answer:
    """The links a teacher picked, none of them when they cancelled. Raises AnsweredAlready."""
    items = [content_item(choice, request, url) for choice in choices]
    return _signed(request, {"content_items": items, "msg": message})


def answer_that_nothing_fits(request: DeepLinkingRequest, message: str, log: str) -> Answer:
    """No links, and why, for the teacher and for the platform's log (DL 2.0, 3.5.2.1; row 111)."""
    return _signed(request, {"content_items": [], "errormsg": message, "errorlog": log})


def _signed(request: DeepLinkingRequest, said: dict[str, Any]) -> Answer:
    if request.answered_at and request.answered_at < now() - REPEATED_WITHIN:
        raise AnsweredAlready(N_("These lessons were handed to your LMS already."))
    request.answered_at = request.answered_at or now()
    platform = db.get_one(Platform, request.platform_id)
    deployment = db.get_one(Deployment, request.deployment_pk)
    issued = int(now().timestamp()) - BEHIND
    claims = {
        "iss": platform.client_id,
        "aud": platform.issuer,
        "iat": issued,
        "exp": issued + GOOD_FOR,
        "nonce": new_secret(),
        CLAIM + "message_type": "LtiDeepLinkingResponse",
        CLAIM + "version": "1.3.0",
        CLAIM + "deployment_id": deployment.deployment_id,
        **{DEEP_LINKING_CLAIM + name: value for name, value in said.items()},
    }
    if request.data is not None:
        claims[DEEP_LINKING_CLAIM + "data"] = json.loads(request.data)
    return Answer(request.return_url, sign(claims))
