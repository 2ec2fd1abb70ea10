"""A client's new secret, and the old one while programs are told."""

from datetime import timedelta

import sqlalchemy as sa
import time_machine

from core.clock import now
from core.database import db
from people import api_clients
from people.audit_models import AuditEntry


def rotate(program, hours) -> str:
    _client, secret = api_clients.rotate(program.client_id, keeps_for=timedelta(hours=hours))
    db.commit()
    return secret


def test_the_old_secret_opens_for_a_while(it):
    old, new = it.secret, rotate(it, 24)
    assert it.standings().status_code == 200, "the token goes on"
    assert it.sign_in().status_code == 200
    it.secret = new
    assert it.sign_in().status_code == 200
    with time_machine.travel(now() + timedelta(hours=24, seconds=1)):
        assert it.sign_in().status_code == 200
        it.secret = old
        assert it.sign_in().status_code == 401


def test_a_leaked_secret_ends_at_once_with_its_tokens(it):
    new = rotate(it, 0)
    assert it.standings().status_code == 401 and it.sign_in().status_code == 401
    it.secret = new
    assert it.sign_in().status_code == 200


def test_two_rotations_leave_no_third_secret(it):
    first = it.secret
    rotate(it, 24)
    rotate(it, 24)
    it.secret = first
    assert it.sign_in().status_code == 401


def test_the_audit_log_has_it_without_a_secret(it, district):
    secret = rotate(it, 1)
    api_clients.revoke(it.client_id)
    db.commit()
    rows = db.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq)).all()
    assert [row.action for row in rows] == ["client_added", "client_rotated", "client_revoked"]
    assert {row.subject for row in rows} == {f"client:{it.client_id}"}
    assert secret not in str([row.detail for row in rows])
