"""RFC 8908: a device asks where the page is; addresses are given to buildings, withdrawn, and are a district's."""

import json

import pytest
import sqlalchemy as sa

from core.database import db
from people import offices
from people.audit import COMMAND
from people.audit_models import AuditEntry
from people.models import District
from people.roster_models import Building
from portal.models import CaptiveSite
from tests.teaching.makers import a_platform


@pytest.fixture
def portal(app, district):
    def run(command: str, *words: str, slug: str = "evergreen"):
        db.remove()
        return app.test_cli_runner().invoke(args=["portal", command, "--district", slug, *words])

    return run


def path_of(run) -> str:
    return json.loads(run.output)["url"].removeprefix("http://localhost:8000")


def test_a_device_is_told_the_page(portal, client, elm):
    path = path_of(portal("site", "--building", "elm", "--json"))
    db.remove()
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/captive+json"
    assert answer.headers["Cache-Control"] == "private"
    assert json.loads(answer.text) == {
        "captive": True, "user-portal-url": "http://localhost:8000/public/evergreen/held",
    }  # fmt: skip
    assert "Set-Cookie" not in answer.headers


def test_another_address_ends_the_one_before_and_withdrawing_ends_all(portal, client, elm):
    first = path_of(portal("site", "--building", "elm", "--json"))
    second = path_of(portal("site", "--building", "elm", "--json"))
    db.remove()
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    assert portal("site", "--building", "elm", "--withdraw").output == "elm: withdrawn\n"
    db.remove()
    refused = client.get(second)
    assert refused.status_code == 404
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert portal("site", "--building", "elm", "--withdraw").exit_code == 1
    actions = db.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert [each for each in actions if each.startswith("captive")] == [
        "captive_site_given", "captive_site_withdrawn", "captive_site_given", "captive_site_withdrawn",
    ]  # fmt: skip


@pytest.mark.parametrize("token", ["x", "%00", "é", "A" * 4000, "a/b"])
def test_garbage_is_a_problem_and_no_error_of_ours(client, clean, token):
    assert client.get(f"/captive/v1/{token}").status_code == 404
    assert client.post(f"/captive/v1/{token}").status_code in (404, 405)


def test_what_the_page_offers_is_said_by_command(portal, district):
    assert portal("set").exit_code == 1
    said = portal("set", "--start-url", "https://lms.example/launch?id=1", "--help-desk", "Call  0100")
    assert "start_url: https://lms.example/launch?id=1" in said.output and "help_en: Call 0100" in said.output
    assert "lms_url: not said" in portal("show").output
    for words in (
        ["--start-url", "http://lms.example"],
        ["--start-url", "javascript:alert(1)"],
        ["--help-desk", "x" * 301],
    ):
        assert portal("set", *words).exit_code == 1
    assert "start_url: not said" in portal("set", "--start-url", "").output
    assert portal("show", slug="nowhere").exit_code == 1
    assert portal("site", "--building", "nowhere").exit_code == 1


def test_the_hosts_of_the_walled_garden(portal, district):
    a_platform(db.merge(district), issuer="https://canvas.instructure.com")
    db.commit()
    portal("set", "--start-url", "https://lms.evergreen.example:8443/launch")
    found = json.loads(portal("hosts", "--json").output)["hosts"]
    assert found["localhost"] == "this service"
    assert found["lms.evergreen.example"] == "where staff begin"
    assert "*.instructure.com" in found
    assert "your sign-in (IdP)" in portal("hosts").output


# -- IT's page -----------------------------------------------------------------------------------------------


@pytest.fixture
def ivo(signed_in, make_person):
    person = db.merge(make_person("staff"))
    offices.give(person, "it", COMMAND)
    db.commit()
    return signed_in("other", person=person)


def test_it_says_what_the_page_offers_and_gives_a_building_its_address(ivo, client, elm):
    assert "The page for people held back" in ivo.get("/admin/portal").text
    form = {"start_url": "https://lms.example/1", "lms_url": "", "help_en": "Call 0100", "help_es": ""}
    assert ivo.post("/admin/portal", data=form).status_code == 303
    db.remove()
    assert "Call 0100" in client.get("/public/evergreen/held").text
    odd = ivo.post("/admin/portal", data=form | {"start_url": "ftp://x", "help_en": "Kept in the form"})
    assert odd.status_code == 422 and "Kept in the form" in odd.text and 'aria-invalid="true"' in odd.text
    db.remove()
    assert "Call 0100" in client.get("/public/evergreen/held").text, "half of a refused form was kept"
    assert ivo.post(f"/admin/portal/sites/{elm.id}").status_code == 303
    page = ivo.get("/admin/portal").text
    assert "/captive/v1/" in page
    ivo.post(f"/admin/portal/sites/{elm.id}/withdraw")
    assert "/captive/v1/" not in ivo.get("/admin/portal").text


@pytest.mark.parametrize("role", ["learner", "teacher", "other"])
def test_nobody_else_enters(signed_in, elm, role):
    outsider = signed_in(role)
    assert outsider.get("/admin/portal").status_code == 403
    assert outsider.post("/admin/portal", data={}).status_code == 403
    assert outsider.post(f"/admin/portal/sites/{elm.id}").status_code == 403
    db.remove()
    assert db.scalars(sa.select(CaptiveSite)).all() == []


def test_another_districts_building_is_not_here(ivo):
    oak = District(slug="oak", name="Oak", timezone="America/Los_Angeles", email_domains=[])
    db.add(oak)
    db.flush()
    theirs = Building(district_id=oak.id, key="b", name="Theirs")
    db.add(theirs)
    db.commit()
    number = theirs.id
    for path in (f"/admin/portal/sites/{number}", f"/admin/portal/sites/{number}/withdraw"):
        assert ivo.post(path).status_code == 404
    assert "Theirs" not in ivo.get("/admin/portal").text
