"""The yardstick: what any Python tool must do at the least. No database, no state, no page to speak of."""

import os
from urllib.parse import urlencode

import jwt
import requests
from flask import Flask, redirect, request

app = application = Flask("bare")
KEYS: dict[str, object] = {}


def key_of(token: str) -> object:
    kid = jwt.get_unverified_header(token)["kid"]
    if kid not in KEYS:
        for each in requests.get(os.environ["BARE_JWKS_URL"], timeout=5).json()["keys"]:
            KEYS[each["kid"]] = jwt.PyJWK(each).key
    return KEYS[kid]


@app.post("/lti/login")
def login():
    answer = redirect(
        os.environ["BARE_AUTH_URL"]
        + "?"
        + urlencode(
            {
                "scope": "openid",
                "response_type": "id_token",
                "response_mode": "form_post",
                "prompt": "none",
                "client_id": request.form["client_id"],
                "redirect_uri": os.environ["PUBLIC_URL"] + "/lti/launch",
                "login_hint": request.form["login_hint"],
                "lti_message_hint": request.form["lti_message_hint"],
                "state": "s" * 32,
                "nonce": "n" * 32,
            }
        )
    )
    answer.set_cookie("state", "s" * 32)
    return answer


@app.post("/lti/launch")
def launch():
    token = request.form["id_token"]
    jwt.decode(token, key_of(token), algorithms=["RS256"], audience=os.environ["BARE_CLIENT_ID"])
    return redirect(os.environ["PUBLIC_URL"] + "/lesson", code=303)


@app.get("/lesson")
def lesson():
    return "<p>Here.</p>"


@app.post("/radius/v1/standing")
def standing():
    return {"answered": request.get_json()["username"]}
