"""The edge of every request: headers, errors as people and as programs read them, health, and no half writes."""

import io
import json

import pytest
import sqlalchemy as sa
import structlog

from core.database import TooOld, UtcDateTime, db  # noqa: F401
from core.http import http
from people.models import District


def test_pages_carry_the_headers_that_keep_them_safe(client):
    headers = client.get("/healthz").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors" in policy
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "same-origin"
    assert "X-Frame-Options" not in headers, "an LMS frames us"


def test_a_person_gets_a_page_with_a_reference(client):
    answer = client.get("/no/such/page")
    assert answer.status_code == 404 and answer.mimetype == "text/html"
    assert answer.headers["X-Request-Id"] in answer.text and "Traceback" not in answer.text


def test_a_program_gets_a_problem(client):
    answer = client.get("/api/v1/no-such-thing")
    assert answer.status_code == 404 and answer.mimetype == "application/problem+json"
    assert answer.json["status"] == 404 and answer.json["reference"] == answer.headers["X-Request-Id"]


def test_a_method_that_is_not_there_keeps_its_allow(client):
    answer = client.delete("/healthz")
    assert answer.status_code == 405 and "GET" in answer.headers["Allow"]


def test_a_body_that_is_too_large_is_refused_fast(client):
    assert client.post("/lti/launch", data={"id_token": "x" * 400_000}).status_code == 413


@pytest.mark.parametrize(
    ("path", "status"),
    [("/completion/mine?visit=%00", 400), ("/lessons/g4/%00", 404), ("/quizzes/attempts/%00/1", 404)],
)
def test_a_nul_is_refused_before_it_reaches_a_database(client, path, status):
    assert client.get(path).status_code == status
    assert client.post("/completion/agreement", data={"typed_name": "\x00"}).status_code == 400


def test_health_and_readiness(client, curriculum):
    assert client.get("/healthz").json == {"status": "alive"}
    assert client.get("/readyz").json == {"status": "ready", "problems": {}}
    measured = client.get("/metrics").text
    assert "http_requests_total" in measured and 'score_deliveries{state="waiting"} 0' in measured


def test_a_database_without_curriculum_is_not_ready(client, no_curriculum):
    answer = client.get("/readyz")
    assert answer.status_code == 503 and "flask curriculum load" in answer.json["problems"]["curriculum"]


def test_log_lines_hold_no_query_string(client, capsys):
    lines = io.StringIO()
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(file=lines))
    client.get("/no/such/page?visit=secret-key&name=Ana")
    said = lines.getvalue()
    assert "request" in said and "secret-key" not in said and "Ana" not in said
    assert json.loads(said.splitlines()[-1])["status"] == 404


def test_a_refusal_writes_nothing(client, district):
    client.post("/lti/launch", data={"state": "made up"})
    assert db.scalar(sa.select(sa.func.count(District.id))) == 1


def test_a_naive_time_is_refused():
    from datetime import datetime

    with pytest.raises(ValueError, match="aware"):
        UtcDateTime().process_bind_param(datetime(2026, 1, 1), None)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://169.254.169.254/", "http://10.0.0.1/"])
def test_private_addresses_are_out_of_reach_unless_the_setting_says_so(app, url):
    import requests

    from core.http import allow_private_network

    allow_private_network(False)
    try:
        with pytest.raises(requests.RequestException) as refused:
            http().get(url, timeout=0.5)
        assert "InvalidIPAddress" in type(refused.value).__name__ or "IP" in repr(refused.value)
    finally:
        allow_private_network(True)
