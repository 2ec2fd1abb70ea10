"""Who may show our pages in a frame: the LMS a tab was opened from, and nobody else."""

import re

import pytest

from core.database import db
from lti_tool.frame_origins import frame_origins, origin_of
from lti_tool.models import Platform
from lti_tool.registrations import forget_platforms
from tests.lti_tool.test_cli import ADD

CANVAS = "https://canvas.instructure.com"


def ancestors(answer) -> list[str]:
    policy = answer.headers["Content-Security-Policy"]
    return re.search(r"frame-ancestors ([^;]+)$", policy).group(1).split()


@pytest.mark.parametrize(
    ("addresses", "extra", "expected"),
    [
        (["https://moodle.example.org/m", "https://moodle.example.org/m/auth"], "", ["https://moodle.example.org"]),
        ([CANVAS, "https://sso.canvaslms.com/api"], "",
         [CANVAS, "https://sso.canvaslms.com", "https://*.instructure.com", "https://*.canvaslms.com"]),
        (["https://schoology.schoology.com"], "https://learn.example.org",
         ["https://schoology.schoology.com", "https://*.schoology.com", "https://learn.example.org"]),
        (["https://instructure.com.evil.example"], "", ["https://instructure.com.evil.example"]),
        (["http://127.0.0.1:8080/", None], "", ["http://127.0.0.1:8080"]),
    ],
)  # fmt: skip
def test_where_an_lms_shows_itself(addresses, extra, expected):
    assert list(frame_origins(*addresses, extra=extra)) == expected


@pytest.mark.parametrize(
    "odd",
    ["", "ftp://a", "https://", "https://a;b", "https://a b", "https://*", "http://[::1]", "https://a:x"],
)
def test_what_could_not_stand_in_a_policy_is_no_origin(odd):
    assert origin_of(odd) is None


def test_a_signed_in_page_is_framed_by_its_own_lms_only(school, curriculum):
    pupil = school.launch("ana", "g4-same-me")
    allowed = ancestors(pupil.get(pupil.landed))
    assert allowed[0] == "'self'" and CANVAS in allowed and "https://*.instructure.com" in allowed
    assert school.lms.base_url in allowed
    assert not {"https:", "http:", "*"} & set(allowed)
    for path in ("/completion/mine", "/quizzes/g4-same-me", "/lessons/no-such-course"):
        assert ancestors(pupil.get(path)) == allowed, path


def test_a_refused_launch_is_shown_in_the_lms_it_came_from(school):
    answer = school.post_launch("ana", "g4-same-me", version="11.3")
    assert answer.status_code == 400
    assert CANVAS in ancestors(answer) and "https:" not in ancestors(answer)


def test_a_login_of_a_platform_we_know_is_its_own(school, client):
    parameters = school.lms.login_parameters("ana", "g4-same-me")
    refused = client.post("/lti/login", data=parameters | {"target_link_uri": "https://evil.example/"})
    assert refused.status_code == 400
    assert CANVAS in ancestors(refused) and "https:" not in ancestors(refused)


def test_who_is_not_signed_in_can_read_why_in_any_course(client, curriculum):
    """Nothing on these pages is anybody's, and the browser's grey box would help nobody."""
    for path in ("/completion/mine", "/lessons/help", "/no/such/page"):
        assert ancestors(client.get(path)) == ["'self'", "https:", "http:"], path


def test_what_no_lms_opens_is_framed_by_nobody_else(client):
    for path in ("/healthz", "/api/docs", "/lti/jwks"):
        assert ancestors(client.get(path)) == ["'self'"], path


def test_it_adds_a_domain_of_its_own(app, school, curriculum):
    db.remove()
    command = ["platform", "frame-origins", str(school.platform.id), "https://learn.example.org", "--json"]
    outcome = app.test_cli_runner().invoke(args=command)
    assert outcome.exit_code == 0 and "https://learn.example.org" in outcome.output
    pupil = school.launch("ana", "g4-same-me")
    assert "https://learn.example.org" in ancestors(pupil.get(pupil.landed))


@pytest.mark.parametrize(
    "odd",
    ["*", "https://*", "https://*.org", "https:", "https://a.example/x", "https://a.example; script-src *",
     "https://a.example\nb", "http://a.example", "javascript:1", "'none'"],
)  # fmt: skip
def test_what_would_open_the_frame_to_others_is_refused(app, school, odd):
    db.remove()
    outcome = app.test_cli_runner().invoke(args=["platform", "frame-origins", str(school.platform.id), odd])
    assert outcome.exit_code == 2 and "is no site" in outcome.output
    db.remove()
    assert db.get_one(Platform, school.platform.id).frame_origins == ""


def test_another_districts_lms_is_not_named(app, school, curriculum):
    """Two registrations of one issuer: what IT added to the other one is none of ours."""
    db.remove()
    run = app.test_cli_runner().invoke
    run(args=["district", "add", "other", "--name", "Other"])
    words = [word for pair in (ADD | {"--district": "other"}).items() for word in pair]
    assert run(args=["platform", "add", *words]).exit_code == 0
    other = db.query(Platform).filter_by(client_id=ADD["--client-id"]).one().id
    db.remove()
    assert run(args=["platform", "frame-origins", str(other), "https://other.example.org"]).exit_code == 0
    forget_platforms()
    pupil = school.launch("ana", "g4-same-me")
    assert "https://other.example.org" not in ancestors(pupil.get(pupil.landed))
