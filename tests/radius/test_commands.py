"""flask radius: roles are said, shown, checked, and written into the audit log."""

import json

import pytest
import sqlalchemy as sa

from core.database import db
from people.audit_models import AuditEntry


@pytest.fixture
def radius(app, district):
    def run(command: str, *words: str, slug: str = "evergreen"):
        db.remove()
        return app.test_cli_runner().invoke(args=["radius", command, "--district", slug, *words])

    return run


def test_a_district_says_what_its_roles_mean(radius, district):
    first = radius("set", "--role", "staff", "--vlan", "100", "--filter-id", "staff-full")
    assert first.exit_code == 0
    assert "no answers yet: set limited and unknown too" in first.output
    radius("set", "--role", "limited", "--vlan", "course net", "--message", "Sign first")
    last = radius("set", "--role", "unknown", "--vlan", "999", "--seconds", "300", "--json")
    assert json.loads(last.output) == {
        "role": "unknown", "vlan": "999", "filter_id": None, "seconds": 300, "message": None,
        "redirect": None, "redirect_acl": None, "still_missing": [],
    }  # fmt: skip
    shown = radius("show").output
    assert "staff    VLAN 100, Filter-Id staff-full, 28800 seconds" in shown
    assert 'limited  VLAN course net, 600 seconds, "Sign first"' in shown
    assert "guest    not set; treated as unknown" in shown
    assert "denied   rejected" in shown
    entries = db.scalars(
        sa.select(AuditEntry).filter_by(district_id=district.id).order_by(AuditEntry.seq)
    ).all()
    assert [(each.actor, each.action, each.subject) for each in entries] == [
        ("command", "radius_role_set", f"radius:{role}") for role in ("staff", "limited", "unknown")
    ]


def test_saying_a_role_again_replaces_it_and_it_can_be_removed(radius):
    radius("set", "--role", "guest", "--vlan", "300", "--message", "Welcome")
    radius("set", "--role", "guest", "--filter-id", "guests")
    assert json.loads(radius("show", "--json").output)["roles"]["guest"] == {
        "vlan": None, "filter_id": "guests", "seconds": 28800, "message": None, "redirect": None,
        "redirect_acl": None,
    }  # fmt: skip
    assert radius("remove", "--role", "guest").exit_code == 0
    assert "guest" not in json.loads(radius("show", "--json").output)["roles"]
    assert radius("remove", "--role", "guest").exit_code == 1


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--role", "staff"], "give a VLAN or a Filter-Id"),
        (["--role", "staff", "--vlan", "4095"], "from 1 to 4094"),
        (["--role", "staff", "--vlan", "0"], "from 1 to 4094"),
        (["--role", "staff", "--vlan", "%{User-Name}"], "no name for a network"),
        (["--role", "staff", "--vlan", "9", "--filter-id", "a\nb"], "no name for a network"),
        (["--role", "staff", "--vlan", "9", "--message", "a\nb"], "one line"),
        (["--role", "staff", "--vlan", "9", "--message", "é" * 127], "253 bytes"),
        (["--role", "denied", "--vlan", "9"], "no VLAN"),
    ],
)
def test_what_a_switch_would_not_understand_is_refused(radius, words, reason):
    answer = radius("set", *words)
    assert answer.exit_code == 1
    assert reason in answer.output


def test_wrong_words_exit_2_and_an_unheard_of_district_exits_1(radius):
    assert radius("set", "--role", "king", "--vlan", "9").exit_code == 2
    assert radius("set", "--role", "staff", "--vlan", "9", "--seconds", "5").exit_code == 2
    assert radius("show", slug="nowhere").exit_code == 1
