"""A teacher in the chooser: opens it through a real launch, ticks, and gets the form that goes to the LMS."""

import html
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from werkzeug.test import TestResponse

from core.sealed import new_secret
from lti_tool.keys import published_keys
from people.sign_in import COOKIE, VISIT
from tests.browsers import Browser
from tests.lms import TOOL
from tests.lti_tool.suite import LTI, Suite, asked_of

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
SETTINGS = DL + "deep_linking_settings"
COURSE = "g4-room-12"


@dataclass
class Form:
    """What stands on the last page: a form that the browser posts to the LMS."""

    page: str
    action: str
    fields: dict[str, str]
    policy: str

    @property
    def said(self) -> dict[str, Any]:
        claims: dict[str, Any] = jwt.decode(self.fields["JWT"], options={"verify_signature": False})
        return claims

    @property
    def items(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.said[DL + "content_items"]
        return items


class Chooser:
    """One tab of a teacher who chooses. `settings` is what the LMS asked for."""

    def __init__(self, suite: Suite, browser: Browser, landed: str, settings: dict[str, Any]) -> None:
        self.suite, self.browser, self.landed, self.settings = suite, browser, landed, settings

    @classmethod
    def open(
        cls, suite: Suite, person: str = "cruz", *, settings: dict[str, Any] | None = None, **changes: Any
    ) -> "Chooser":
        """`settings` are changes to the deep-linking settings; a None takes one out."""
        client = suite.browser()
        answer, asked = launch(suite, client, person, settings, **changes)
        assert answer.status_code == 303, answer.text
        visit = parse_qs(urlsplit(answer.headers["Location"]).query)[VISIT][0]
        browser = Browser(suite.app, None, client.get_cookie(COOKIE).value, visit)  # type: ignore[arg-type]
        return cls(suite, browser, answer.headers["Location"].removeprefix(TOOL), asked)

    def page(self, course: str = "") -> str:
        answer = self.browser.get("/lessons/choose" + (f"?course={course}" if course else ""))
        assert answer.status_code == 200, answer.text
        return answer.text

    def press(self, go: str, *picks: str, shown: str = "g4") -> TestResponse:
        """The button of the chooser, with these lessons of the course shown ticked."""
        return self.browser.post("/lessons/choose", data={"shown": shown, "pick": list(picks), "go": go})

    def add(self, *picks: str, shown: str = "g4") -> Form:
        return form_of(self.press("add", *picks, shown=shown))

    def add_pack(self, course: str, **wishes: str) -> Form:
        assert self.press("pack", shown=course).status_code == 303
        return form_of(self.browser.post("/lessons/choose/details", data=wishes))

    def cancel(self) -> Form:
        return form_of(self.browser.post("/lessons/choose/cancel"))


def launch(
    suite: Suite, client: Any, person: str, settings: dict[str, Any] | None = None, **changes: Any
) -> tuple[TestResponse, dict[str, Any]]:
    """The LMS opens the chooser: login, token, launch. The answer, and the settings it asked with."""
    client.set_cookie(COOKIE, new_secret())
    login = client.post("/lti/login", data=suite.lms.deep_linking_parameters(person, COURSE))
    asked = suite.lms.deep_linking_claims(person, COURSE)[SETTINGS] | (settings or {})
    asked = {name: value for name, value in asked.items() if value is not None}
    state = asked_of(login)
    claims = suite.lms.deep_linking_claims(
        person, COURSE, **{SETTINGS: asked, "nonce": state["nonce"]} | changes
    )
    return suite.post(client, {"id_token": suite.lms.sign(claims), "state": state["state"]}), asked


def form_of(answer: TestResponse) -> Form:
    assert answer.status_code == 200, answer.text
    form = re.search(r'<form[^>]* action="([^"]*)" data-hand-over>(.*?)</form>', answer.text, re.S)
    assert form, answer.text
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form.group(2))
    return Form(
        answer.text,
        html.unescape(form.group(1)),
        {name: html.unescape(value) for name, value in fields},
        answer.headers["Content-Security-Policy"],
    )


def signed_by_us(suite: Suite, token: str) -> dict[str, Any]:
    """The header of a token that verifies under our published keys."""
    header: dict[str, Any] = jwt.get_unverified_header(token)
    key = next(each for each in published_keys() if each["kid"] == header["kid"])
    jwt.decode(
        token,
        jwt.PyJWK.from_dict(json.loads(json.dumps(key))),
        algorithms=["RS256"],
        audience=suite.lms.issuer,
    )
    return header


__all__ = ["DL", "LTI", "Chooser", "Form", "form_of", "launch", "signed_by_us"]
