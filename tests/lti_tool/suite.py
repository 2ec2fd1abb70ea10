"""Launches as a certification suite makes them: step by step, with any claim and any signature, and what a refusal
must look like to the person who clicked."""

import html
import json
import re
import threading
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import sqlalchemy as sa
from flask.testing import FlaskClient
from jwt.utils import base64url_decode
from werkzeug.test import TestResponse

from core.database import db
from lti_tool.connection_models import Refusal
from lti_tool.models import Context, Deployment, Launch, LineItem, ResourceLink, SpentNonce
from people.models import Classroom, Enrollment, Identity, Person, SignIn
from people.sign_in import VISIT
from tests.lms import TOOL, School

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
MARK = "<script>alert('from the token')</script>"
"""Stands in every token's names, so that a page that shows a claim unescaped is noticed."""

STORED = (
    Person,
    Identity,
    SignIn,
    Launch,
    Enrollment,
    Classroom,
    Context,
    ResourceLink,
    LineItem,
    SpentNonce,
    Deployment,
    Refusal,
)
OURS_ALONE = re.compile(
    r"Traceback|Exception|[a-z]Error|NoneType|<class |File \"|\.py\b|site-packages|jwt\.|pylti1p3"
)


def rows() -> dict[str, int]:
    """How many rows stand in each table a launch may write to."""
    db.remove()
    counts = [sa.select(sa.func.count()).select_from(model).scalar_subquery() for model in STORED]
    found = db.execute(sa.select(*counts)).one()
    db.remove()
    return {model.__tablename__: count for model, count in zip(STORED, found, strict=True)}


class Suite:
    def __init__(self, school: School) -> None:
        self.school, self.lms, self.app = school, school.lms, school.app
        self.before = rows()

    def browser(self) -> FlaskClient:
        return self.app.test_client()

    def begin(self, browser: FlaskClient, person: str = "ana", link: str = "g4-same-me") -> dict[str, str]:
        """What our login asks of the platform: state, nonce and the rest."""
        answer = self.school.log_in(person, link, browser)
        assert answer.status_code == 302, answer.text
        return asked_of(answer)

    def form(
        self,
        asked: dict[str, str],
        person: str = "ana",
        link: str = "g4-same-me",
        *,
        payload: Any = None,
        signing: dict[str, Any] | None = None,
        **changes: Any,
    ) -> dict[str, str]:
        """The form of a launch. `payload` stands in place of the claims, `signing` is for lms.sign."""
        told = {"name": MARK, "given_name": MARK, "nonce": asked["nonce"]} | changes
        claims = self.lms.launch_claims(person, link, **told)
        token = self.lms.sign(claims if payload is None else payload, **(signing or {}))
        return {"id_token": token, "state": asked["state"]}

    def post(self, browser: FlaskClient, form: dict[str, str]) -> TestResponse:
        db.remove()
        return browser.post("/lti/launch", data=form)

    def post_at_once(self, *pairs: tuple[FlaskClient, dict[str, str]]) -> list[int]:
        """Launches of so many browsers at the same instant; the status of each answer, in no order."""
        gate, answers = threading.Barrier(len(pairs)), []

        def open_it(browser: FlaskClient, form: dict[str, str]) -> None:
            gate.wait()
            answers.append(browser.post("/lti/launch", data=form).status_code)

        db.remove()
        threads = [threading.Thread(target=open_it, args=pair) for pair in pairs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    def launch(
        self,
        person: str = "ana",
        link: str = "g4-same-me",
        *,
        browser: FlaskClient | None = None,
        payload: Any = None,
        signing: dict[str, Any] | None = None,
        **changes: Any,
    ) -> TestResponse:
        """All of it: login, token, launch."""
        browser = browser or self.browser()
        asked = self.begin(browser, person, link)
        return self.post(browser, self.form(asked, person, link, payload=payload, signing=signing, **changes))

    def accepts(self, answer: TestResponse) -> SignIn:
        """The sign-in a launch opened; it leads to our own page, with nothing of the token in the address."""
        assert answer.status_code == 303, answer.text
        location = urlsplit(answer.headers["Location"])
        assert f"{location.scheme}://{location.netloc}" == TOOL
        query = dict(parse_qsl(location.query))
        assert set(query) == {VISIT}
        return db.query(SignIn).filter_by(key=query[VISIT]).one()

    def refuses(self, answer: TestResponse, status: int, *words: str, pending: int = 0, kept: int = 1) -> str:
        """A page for people, with a reference; nothing of the token or of our insides on it, and nothing stored but
        the refusal under that reference: kept=0 where nobody can know which platform it came from."""
        assert answer.status_code == status, (answer.status_code, answer.text)
        self.is_for_people(answer)
        page = html.unescape(answer.text).lower()
        for word in words:
            assert word.lower() in page, f"{word!r} is not on the page"
        refusals = db.scalars(sa.select(Refusal).filter_by(reference=answer.headers["X-Request-Id"])).all()
        assert len(refusals) == kept
        for refusal in refusals:
            assert refusal.district_id == self.school.district.id
            assert MARK not in f"{refusal.message}{refusal.cause}"
        more = {"deployment": pending, "refusal": len(refusals)}
        expected = {table: count + more.get(table, 0) for table, count in self.before.items()}
        assert rows() == expected
        self.before = expected
        return answer.text

    def is_for_people(self, answer: TestResponse) -> None:
        assert answer.mimetype == "text/html"
        heading = re.search(r"<h1>(.+?)</h1>\s*<p>(.+?)</p>", answer.text, re.S)
        assert heading, "no heading, or no word on what to do next"
        reference = re.search(r'class="reference">([\w-]{8,})<', answer.text)
        assert reference and reference.group(1) == answer.headers["X-Request-Id"]
        assert not OURS_ALONE.search(answer.text), OURS_ALONE.search(answer.text)
        assert "alert('" not in answer.text and "<script>" not in answer.text
        assert "Location" not in answer.headers


def asked_of(answer: TestResponse) -> dict[str, str]:
    """The authentication request a login's answer redirects to."""
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query, keep_blank_values=True))


def claims_of(form: dict[str, str]) -> dict[str, Any]:
    """What a launch form's id_token says."""
    said: dict[str, Any] = json.loads(base64url_decode(form["id_token"].split(".")[1]))
    return said
