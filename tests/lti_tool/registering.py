"""An administrator of an LMS who registers us with an invitation, as the LMS's own page would have it."""

import html
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import sqlalchemy as sa
from flask import Flask
from werkzeug.serving import make_server
from werkzeug.test import TestResponse
from werkzeug.wrappers import Request, Response

from core.database import db
from lti_tool.invite_models import RegistrationInvite
from lti_tool.invites import invite_address, invite_district
from lti_tool.keys import signing_key
from lti_tool.models import Deployment, Platform, SigningKey
from people.models import District
from practice_lms import KeyRing, PracticeLms, PracticeSettings
from practice_lms.registration import begin
from practice_lms.server import running
from tests.lms import TOOL, our_key

KEPT = (Platform, Deployment, RegistrationInvite)


def invitation(district: District, speaks_for_staff: bool | None = None) -> str:
    """A fresh invitation's address."""
    _, secret = invite_district(district, speaks_for_staff)
    if signing_key() is None:
        db.add(SigningKey(**our_key()))
    db.commit()
    db.remove()
    return invite_address(TOOL, secret)


class Administrator:
    """Somebody in front of `lms`, who pastes our address there and follows where it leads."""

    def __init__(self, app: Flask, lms: PracticeLms) -> None:
        self.app, self.lms = app, lms

    def opens(self, invite: str, **changes: str | None) -> TestResponse:
        """The page in the LMS's frame; a change replaces or (None) takes out a parameter of its address."""
        parts = urlsplit(begin(self.lms, invite))
        asked = dict(parse_qsl(parts.query)) | changes
        kept = {name: value for name, value in asked.items() if value is not None}
        db.remove()
        return self.app.test_client().get(parts.path, query_string=kept)

    def presses(self, page: TestResponse, **choices: str) -> TestResponse:
        """The page's button. Always another client: the frame keeps no cookie."""
        db.remove()
        return self.app.test_client().post("/lti/register", data=fields_of(page) | choices)

    def registers(self, invite: str, **choices: str) -> TestResponse:
        page = self.opens(invite)
        assert page.status_code == 200, page.text
        return self.presses(page, **choices)


def fields_of(page: TestResponse) -> dict[str, str]:
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text)
    return {name: html.unescape(value) for name, value in hidden}


@contextmanager
def an_lms(personality: str, keys: KeyRing) -> Iterator[PracticeLms]:
    """A practice LMS that is its own issuer, so that its configuration is read from where it says it is."""
    lms = PracticeLms(PracticeSettings(personality=personality), keys=keys)
    with running(lms) as base_url:
        lms.settings = replace(lms.settings, issuer=base_url)
        yield lms


@contextmanager
def odd_server(answer) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """A server that answers as `answer(request)` says, and what it was asked: its address, [(method, path)]."""
    asked: list[tuple[str, str]] = []

    @Request.application
    def application(request: Request) -> Response:
        asked.append((request.method, request.path))
        return answer(request)

    server = make_server("127.0.0.1", 0, application, threaded=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def kept() -> dict[str, list[tuple]]:
    """Every row a registration may write, to compare."""
    db.remove()
    rows = {
        model.__tablename__: [tuple(row) for row in db.execute(sa.select(model.__table__).order_by(model.id))]
        for model in KEPT
    }
    db.remove()
    return rows
