"""A whole launch (login, launch, first lesson page; everything in the database) against a bare app that does
nothing but redirect and verify the token with a cached key."""

import time
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import jwt
import requests
from flask import Flask, redirect, request

from bench.figures import Figure, at_least
from bench.stage import DATABASES, call, stage
from tests.lms import School

LAUNCHES = 400


def measure() -> Iterator[Figure]:
    for kind in DATABASES:
        with stage(kind) as (app, school):
            bare = bare_app(school)
            pupils = [f"pupil{number:02d}" for number in range(3, 27)]
            launch_all(app, school, pupils[:2] * 10)
            launch_all(bare, school, pupils[:2] * 10)
            school.lms.requests.clear()
            people = [pupils[number % len(pupils)] for number in range(LAUNCHES)]
            ours = LAUNCHES / launch_all(app, school, people)
            fetches = len(school.lms.requests.to("jwks"))
            yardstick = LAUNCHES / launch_all(bare, school, people)
        yield at_least(f"launches, {kind}", "1/s", ours, yardstick, "bare Flask: redirect and verify", 0.5)
        assert fetches == 0, f"{fetches} JWKS fetches in {LAUNCHES} launches"


def launch_all(app: Flask, school: School, people: list[str]) -> float:
    """Seconds spent inside the application; the LMS's own signing is not counted."""
    spent = 0.0
    for person in people:
        parameters = school.lms.login_parameters(person, "g4-same-me")
        began = time.perf_counter()
        headers = call(app, "/lti/login", "POST", data=parameters)
        spent += time.perf_counter() - began
        cookie = headers["Set-Cookie"].split(";")[0]
        fields = dict(school.lms.authorize(headers["Location"]).fields)
        began = time.perf_counter()
        headers = call(app, "/lti/launch", "POST", cookie, data=fields)
        landed = urlsplit(headers["Location"])
        call(app, f"{landed.path}?{landed.query}", "GET", cookie)
        spent += time.perf_counter() - began
    return spent


def bare_app(school: School) -> Flask:
    """What any Python tool must do at the least: no database, no page, no state."""
    app = Flask("bare")

    @app.post("/lti/login")
    def login():
        answer = redirect(school.lms.auth_url + "?" + urlencode({
            "scope": "openid", "response_type": "id_token", "response_mode": "form_post", "prompt": "none",
            "client_id": school.lms.client_id, "redirect_uri": "http://localhost:8000/lti/launch",
            "login_hint": request.form["login_hint"], "lti_message_hint": request.form.get("lti_message_hint", ""),
            "state": "s", "nonce": "n",
        }))
        answer.set_cookie("state", "s")
        return answer

    @app.post("/lti/launch")
    def launch():
        jwt.decode(request.form["id_token"], signing_key(school, request.form["id_token"]), algorithms=["RS256"],
                   audience=school.lms.client_id, issuer=school.lms.issuer)
        return redirect("http://localhost:8000/lesson", code=303)

    @app.get("/lesson")
    def lesson():
        return "<p>Here.</p>"

    return app


_keys: dict[str, object] = {}


def signing_key(school: School, token: str) -> object:
    kid = jwt.get_unverified_header(token)["kid"]
    if kid not in _keys:
        found = next(k for k in requests.get(school.lms.jwks_url, timeout=5).json()["keys"] if k["kid"] == kid)
        _keys[kid] = jwt.PyJWK(found).key
    return _keys[kid]

