"""The agent against a real directory and the real API."""

import json
import shutil
import subprocess
import sys

import pytest
import time_machine
from ldap3 import MODIFY_DELETE, MODIFY_REPLACE
from ldap3.core.exceptions import LDAPInsufficientAccessRightsResult

from core.clock import now
from tests.access_agent import slapd as ldap
from tests.access_agent.conftest import STAFF


def test_everybody_is_put_where_they_stand(agent, service, directory, capsys):
    service.staff(STAFF)
    service.stand(range(1, 4), "overdue", "allow")
    service.stand(range(4, 6), "expired", "limited")
    service.stand([6], "revoked", "deny")
    assert agent.run() == 0
    assert directory.members("RUA-Grace") == {"s1", "s2", "s3"}
    assert directory.members("RUA-Required") == {"s4", "s5"}
    assert directory.members("RUA-Revoked") == {"s6"}
    assert len(directory.members("RUA-Current")) == STAFF - 6
    said = capsys.readouterr().out
    assert "group=RUA-Current before=0 remove=0 add=34 foreign=0" in said
    assert "uid=" not in said, "no names without --verbose"


def test_a_second_run_writes_nothing(agent, service, directory):
    service.staff(STAFF)
    assert agent.run() == 0
    before = directory.written()
    assert agent.run() == 0 and agent.run("--full") == 0
    assert directory.written() == before
    service.stand([1], "revoked", "deny")
    assert agent.run() == 0
    assert directory.written() != before, "this test could not see a write"


def test_only_changes_are_asked_for_after_the_first_run(agent, service, directory):
    service.staff(STAFF)
    assert agent.run() == 0
    service.front.asked.clear()
    service.stand([2, 3], "revoked", "deny")
    assert agent.run() == 0
    assert [path for path in service.front.asked if "standings" in path] == ["GET /api/v1/standings/changes"]
    assert directory.members("RUA-Revoked") == {"s2", "s3"}
    assert not {"s2", "s3"} & directory.members("RUA-Current")


def test_a_delta_that_is_too_old_begins_anew(agent, service, directory):
    service.staff(STAFF)
    assert agent.run() == 0
    service.stand([2], "revoked", "deny")
    state = json.loads(agent.state.read_text())
    agent.state.write_text(json.dumps({**state, "delta": "made-up"}))
    service.front.asked.clear()
    assert agent.run() == 0
    assert [path for path in service.front.asked if "standings" in path] == [
        "GET /api/v1/standings/changes", "GET /api/v1/standings",
    ]  # fmt: skip
    assert directory.members("RUA-Revoked") == {"s2"}


def test_everybody_is_listed_once_a_day(agent, service, directory):
    service.staff(3)
    assert agent.run() == 0
    service.front.asked.clear()
    with time_machine.travel(now().replace(microsecond=0)) as clock:
        clock.shift(25 * 3600)
        assert agent.run() == 0
    assert "GET /api/v1/standings" in service.front.asked


def test_a_dry_run_changes_neither_the_directory_nor_the_state(agent, service, directory, capsys):
    service.staff(STAFF)
    assert agent.run("--dry-run", "--verbose") == 0
    assert set(directory.everywhere().values()) == {0} and not agent.state.exists()
    assert f"group=RUA-Current add {ldap.person_dn('s7')}" in capsys.readouterr().out


def test_the_guard_refuses_a_mass_change_until_somebody_says_how_many(agent, service, directory, capsys):
    service.staff(STAFF)
    assert agent.run() == 0
    before, kept = directory.written(), agent.state.read_bytes()
    service.stand(range(1, 16), "expired", "limited")
    assert agent.run() == 3
    assert "--approve 15" in capsys.readouterr().out
    assert directory.written() == before and agent.state.read_bytes() == kept
    assert agent.run("--approve", "14") == 3
    assert agent.run("--approve", "15") == 0
    assert directory.everywhere()["RUA-Required"] == 15
    service.stand(range(1, 16), "complete", "allow")
    assert agent.run() == 0, "who gets access back is no reason to stop"
    assert directory.everywhere()["RUA-Required"] == 0


def test_a_directory_that_shows_nobody_empties_no_group(agent, service, directory):
    service.staff(STAFF)
    assert agent.run() == 0
    assert agent.run(people=f"ou=svc,{ldap.BASE_DN}") == 3
    assert directory.everywhere()["RUA-Current"] == STAFF


def test_whom_somebody_else_put_there_stays(agent, service, directory, capsys):
    service.staff(STAFF)
    service.stand([1], "revoked", "deny")
    directory.put("RUA-Current", ["s1", "s2"])
    assert agent.run() == 0
    assert {"s1", "s2"} <= directory.members("RUA-Current")
    assert "misplaced=1" in capsys.readouterr().out
    service.stand([2], "revoked", "deny")
    assert agent.run() == 0
    assert "s2" in directory.members("RUA-Current"), "the agent did not put s2 there"
    assert agent.run(exclusive="true") == 0
    assert not {"s1", "s2"} & directory.members("RUA-Current")


def test_after_a_lost_state_file_adopt_takes_up_again(agent, service, directory):
    service.staff(STAFF)
    assert agent.run() == 0
    agent.state.unlink()
    service.stand([1, 2], "revoked", "deny")
    assert agent.run() == 0
    assert {"s1", "s2"} <= directory.members("RUA-Current")
    assert agent.run("--adopt") == 0
    assert not {"s1", "s2"} & directory.members("RUA-Current")
    service.stand([3], "revoked", "deny")
    assert agent.run() == 0
    assert directory.members("RUA-Revoked") == {"s1", "s2", "s3"}
    assert directory.everywhere()["RUA-Current"] == STAFF - 3


@pytest.mark.parametrize("where", ["remove", "add"])
def test_killed_between_taking_and_giving_the_next_run_ends_right(agent, service, directory, where):
    """The process ends by SIGKILL just before, or right after, the first write of the second half."""
    service.staff(STAFF)
    assert agent.run() == 0
    service.stand([1, 2, 3], "revoked", "deny")
    killed = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KILLED, where, str(agent.config())],
        timeout=60, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert killed.returncode == -9, killed.stderr
    assert not {"s1", "s2", "s3"} & directory.members("RUA-Current"), "what was taken is taken"
    assert directory.members("RUA-Revoked") == (set() if where == "remove" else {"s1", "s2", "s3"})
    assert agent.run() == 0
    assert directory.members("RUA-Revoked") == {"s1", "s2", "s3"}
    service.stand([1, 2, 3], "complete", "allow")
    assert agent.run(few=10) == 0
    assert directory.everywhere() == dict.fromkeys(ldap.NAMES, 0) | {"RUA-Current": STAFF}


KILLED = """
import os, signal, sys
from access_agent import converging
from access_agent.__main__ import main
from access_agent.ldap_directory import LdapDirectory

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

give = LdapDirectory.add
def add(self, group, names):
    if names and sys.argv[1] == "remove":
        die()
    give(self, group, names)
    if names:
        die()
LdapDirectory.add = add
main(["--config", sys.argv[2]])
"""


def test_a_renamed_account_stays_ours(agent, service, directory):
    service.staff(STAFF)
    assert agent.run() == 0
    with directory.admin() as connection:
        connection.modify_dn(ldap.person_dn("s5"), "uid=renamed")
    try:
        assert "renamed" in directory.members("RUA-Current")
        service.stand([5], "revoked", "deny")
        assert agent.run() == 0
        assert directory.members("RUA-Revoked") == {"renamed"}
        assert "renamed" not in directory.members("RUA-Current")
    finally:
        with directory.admin() as connection:
            connection.modify_dn(ldap.person_dn("renamed"), "uid=s5")


def test_a_number_that_two_accounts_have_matches_neither(agent, service, directory, capsys):
    service.staff(STAFF)
    number = {"employeeNumber": [(MODIFY_REPLACE, ["9"])]}
    with directory.admin() as connection:
        connection.modify(ldap.person_dn("s8"), number)
    try:
        assert agent.run() == 0
        assert not {"s8", "s9"} & directory.members("RUA-Current")
        assert "unmatched=2 ambiguous=1" in capsys.readouterr().out
    finally:
        with directory.admin() as connection:
            connection.modify(ldap.person_dn("s8"), {"employeeNumber": [(MODIFY_REPLACE, ["8"])]})


def test_somebody_who_was_quicker_stops_nothing(agent, service, directory):
    """A member of ours is taken out by hand between two runs, and another put in."""
    service.staff(STAFF)
    assert agent.run() == 0
    with directory.admin() as connection:
        connection.modify(ldap.group_dn("RUA-Current"), {"member": [(MODIFY_DELETE, [ldap.person_dn("s3")])]})
    from access_agent.ldap_directory import LdapDirectory
    from access_agent.settings import read_settings

    opened = LdapDirectory(read_settings(agent.config()).ldap)
    opened.remove("RUA-Current", [ldap.person_dn("s3"), ldap.person_dn("s4")])
    opened.add("RUA-Current", [ldap.person_dn("s4"), ldap.person_dn("s5")])
    opened.close()
    assert directory.members("RUA-Current") == {f"s{number}" for number in range(1, STAFF + 1)} - {"s3"}


def test_the_account_may_write_nothing_else(agent, service, directory):
    with directory.admin(ldap.AGENT) as it:
        with pytest.raises(LDAPInsufficientAccessRightsResult):
            it.modify(ldap.person_dn("s1"), {"mail": [(MODIFY_REPLACE, ["x@evergreen.example"])]})
        with pytest.raises(LDAPInsufficientAccessRightsResult):
            it.modify(ldap.group_dn("RUA-Current"), {"description": [(MODIFY_REPLACE, ["x"])]})
        with pytest.raises(LDAPInsufficientAccessRightsResult):
            it.delete(ldap.group_dn("RUA-Current"))


def test_a_refusal_of_the_directory_is_one_line_without_names(agent, service, directory, capsys):
    service.staff(3)
    assert agent.run(bind_dn=ldap.person_dn("s1")) == 2
    assert agent.run(groups=ldap.PEOPLE) == 1
    said = capsys.readouterr().out
    assert "the directory refused our account or its password" in said
    assert "there is no such entry" in said and "Traceback" not in said and "s1" not in said


def test_we_wait_when_the_service_says_later(agent, service, directory):
    service.staff(3)
    service.front.instead = [
        ("429 Too Many Requests", {"Retry-After": "1"}),
        ("503 Busy", {"Retry-After": "0"}),
    ]
    began = now()
    assert agent.run() == 0
    assert (now() - began).total_seconds() >= 1
    assert directory.everywhere()["RUA-Current"] == 3


def test_we_do_not_wait_for_an_hour(agent, service, directory, capsys):
    service.front.instead = [("429 Too Many Requests", {"Retry-After": "3600"})]
    assert agent.run() == 1
    assert "asked to wait 3600 seconds" in capsys.readouterr().out


def test_a_token_that_ran_out_is_renewed(agent, service, directory):
    service.staff(3)
    service.front.instead = [("401 Unauthorized", {})]
    assert agent.run() == 0
    assert [path for path in service.front.asked if "oauth" in path] == ["POST /oauth/token"] * 2


def test_a_wrong_secret_and_a_redirect_are_refused(agent, service, directory, capsys):
    service.front.instead = [("302 Found", {"Location": "https://elsewhere.example/"})]
    assert agent.run() == 1
    (agent.folder / "secret").write_text("wrong")
    assert agent.run() == 2
    said = capsys.readouterr().out
    assert "answered 302" in said and "refused our client id or secret" in said


def test_two_runs_at_once_are_one(agent, service, directory, capsys):
    from access_agent.one_at_a_time import alone

    service.staff(3)
    with alone(agent.state):
        assert agent.run() == 1
    assert "another run is still at work" in capsys.readouterr().out
    assert agent.run() == 0


def test_the_state_file_is_its_owners_and_a_broken_one_is_not_guessed_at(agent, service, directory, capsys):
    service.staff(3)
    assert agent.run() == 0
    assert agent.state.stat().st_mode & 0o777 == 0o600
    shutil.copy(agent.state, agent.folder / "copy.json")
    agent.state.write_text(agent.state.read_text()[:-20])
    assert agent.run() == 2
    assert "--adopt" in capsys.readouterr().out
