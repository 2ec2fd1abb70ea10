"""A browser tab with somebody in it, for tests that go through HTTP."""

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from core.database import db
from core.sealed import new_secret
from people.models import Classroom, Person
from people.sign_in import COOKIE, VISIT, open_sign_in


class Browser:
    """One tab: a cookie and a visit key go along with every call."""

    def __init__(self, app: Flask, person: Person, secret: str, visit: str) -> None:
        self.app, self.person, self.secret, self.visit = app, person, secret, visit
        self.client = app.test_client()
        self.client.set_cookie(COOKIE, secret)
        self.landed = "/"
        """Where the launch led, without the host."""

    def open(self, path: str, method: str, **options: Any) -> TestResponse:
        if f"{VISIT}=" not in path:
            path += ("&" if "?" in path else "?") + f"{VISIT}={self.visit}"
        db.remove()
        return self.client.open(path, method=method, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.open(path, "GET", **options)

    def post(self, path: str, **options: Any) -> TestResponse:
        return self.open(path, "POST", **options)

    def put(self, path: str, **options: Any) -> TestResponse:
        return self.open(path, "PUT", **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        return self.open(path, "DELETE", **options)


def sign_in_browser(
    app: Flask, person: Person, role: str, classroom: Classroom | None, browser: Browser | None = None
) -> Browser:
    secret = browser.secret if browser else new_secret()
    _, visit = open_sign_in(person, secret, role=role, classroom_id=classroom.id if classroom else None)
    db.commit()
    return Browser(app, person, secret, visit)
