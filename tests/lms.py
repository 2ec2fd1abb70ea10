"""A practice LMS registered with the app, and people who really launch through it (real OIDC, real signatures)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from core.clock import now
from core.database import db
from core.sealed import new_secret
from lti_tool.keys import add_signing_key, published_keys, signing_key
from lti_tool.models import Deployment, Platform, SigningKey
from lti_tool.registrations import forget_platforms
from lti_tool.service_calls import forget_tokens
from people.models import District, Person, SignIn
from people.sign_in import COOKIE, VISIT
from practice_lms import PracticeLms, PracticeSettings, Registration
from practice_lms.server import running
from tests.browsers import Browser

TOOL = "http://localhost:8000"
REGISTRATION = Registration(
    client_id="10000000000001",
    deployment_ids=("1:evergreen",),
    login_url=f"{TOOL}/lti/login",
    redirect_uris=(f"{TOOL}/lti/launch",),
    jwks_url=f"{TOOL}/lti/jwks",
)


@cache
def our_key() -> dict[str, Any]:
    """The columns of one signing key of ours: making a pair takes longer than most tests."""
    made = add_signing_key(signs_from=now() - timedelta(days=1))
    columns = {name: getattr(made, name) for name in ("kid", "private_pem", "public_jwk", "signs_from")}
    db.delete(made)
    db.flush()
    return columns


class School:
    """One LMS and our app, introduced to each other."""

    def __init__(self, app: Flask, district: District, lms: PracticeLms) -> None:
        self.app, self.district, self.lms = app, district, lms
        self.platform = Platform(
            district_id=district.id,
            name="Practice LMS",
            issuer=lms.issuer,
            client_id=lms.client_id,
            auth_login_url=lms.auth_url,
            auth_token_url=lms.token_url,
            jwks_url=lms.jwks_url,
        )
        db.add(self.platform)
        db.flush()
        db.add(
            Deployment(
                district_id=district.id,
                platform_id=self.platform.id,
                deployment_id=lms.deployment_id,
                state="approved",
            )
        )
        if signing_key() is None:
            db.add(SigningKey(**our_key()))
        db.commit()
        forget_platforms()
        forget_tokens()
        # The LMS reads our keys as given, since most tests serve the app in process; journeys serve it for real.
        lms.connect(replace(lms.registration, jwks={"keys": published_keys()}))

    def log_in(self, person: str, link: str, client, method: str = "POST") -> TestResponse:
        """Only the first step: what the LMS sends to /lti/login."""
        parameters = self.lms.login_parameters(person, link)
        db.remove()
        if method == "GET":
            return client.get("/lti/login", query_string=parameters)
        return client.post("/lti/login", data=parameters)

    def fields(self, person: str, link: str, client, **changes) -> dict[str, str]:
        """The form the LMS would post to /lti/launch, its claims changed as asked."""
        redirected = self.log_in(person, link, client)
        assert redirected.status_code == 302, redirected.text
        return dict(self.lms.authorize(redirected.headers["Location"], **changes).fields)

    def post_launch(self, person: str, link: str, client=None, **changes) -> TestResponse:
        client = client or self.app.test_client()
        fields = self.fields(person, link, client, **changes)
        db.remove()
        return client.post("/lti/launch", data=fields)

    def launch(self, person: str, link: str, browser: Browser | None = None, **changes) -> Browser:
        """A person opens a link; the tab they are then in. `browser` is one with a tab open already."""
        client = self.app.test_client()
        client.set_cookie(COOKIE, browser.secret if browser else new_secret())
        secret = client.get_cookie(COOKIE).value
        answer = self.post_launch(person, link, client, **changes)
        assert answer.status_code == 303, answer.text
        location = answer.headers["Location"]
        visit = parse_qs(urlsplit(location).query)[VISIT][0]
        sign_in = db.query(SignIn).filter_by(key=visit).one()
        tab = Browser(self.app, db.get_one(Person, sign_in.person_id), secret, visit)
        tab.landed = location.removeprefix(TOOL)
        return tab


@contextmanager
def open_school(app: Flask, district: District, personality: str = "canvas", keys=None) -> Iterator[School]:
    settings = PracticeSettings(
        base_url="http://127.0.0.1:8080", tool_url=TOOL, personality=personality, registration=REGISTRATION
    )
    lms = PracticeLms(settings, keys=keys) if keys else PracticeLms(settings)
    with running(lms):
        yield School(app, district, lms)
