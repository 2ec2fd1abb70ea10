"""`make run`: the whole story on one machine. The tool, its worker and a practice LMS, introduced to each other.

Everything it does to set up is a command that IT types for a real LMS; running it again keeps the data.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from app import create_app
from core.settings import OddSetting, Settings
from practice_lms import PracticeLms, PracticeSettings, Registration

HERE = Path(__file__).parent
PROGRAMS = Path(sys.executable).parent
CLIENT_FILE = "practice_client.json"
CLIENT_ID, DEPLOYMENT_ID = "10000000000001", "1:evergreen"


class Trouble(Exception):
    """One line for the person at the terminal."""


def main() -> int:
    tool_port, lms_port = (
        int(os.environ.get(name, port)) for name, port in (("PORT", "8000"), ("LMS_PORT", "8080"))
    )
    tool, lms = f"http://localhost:{tool_port}", f"http://127.0.0.1:{lms_port}"
    var = Path(os.environ.get("PRACTICE_DIR", HERE / "var")).resolve()
    environment = os.environ | {
        "PUBLIC_URL": tool,
        "DATABASE_URL": os.environ.get("DATABASE_URL", f"sqlite:///{var / 'digital_citizenship.sqlite3'}"),
        "ALLOW_PRIVATE_NETWORK": "true",
        "LOG_FORMAT": os.environ.get("LOG_FORMAT", "json"),
    }
    try:
        for port in (tool_port, lms_port):
            refuse_busy_port(port)
        set_up(environment, tool, lms, var)
        return serve(environment, tool, lms, var)
    except (Trouble, OddSetting) as trouble:
        print(f"make run: {trouble}", file=sys.stderr)
        return 1


def refuse_busy_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Trouble(
                f"port {port} is taken; free it, or choose others: make run PORT=8001 LMS_PORT=8081"
            ) from error


class OurCommands:
    """Our own commands, run in this process: `run("district", "list")` answers as --json does."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._runner = create_app(Settings.from_env(environment)).test_cli_runner()

    def run(self, *arguments: str) -> dict[str, Any]:
        """Raises Trouble with the command's own one line."""
        done = self._runner.invoke(args=[*arguments, "--json"])
        if done.exit_code:
            raise Trouble(f"flask {' '.join(arguments[:2])}: {done.output.strip() or done.exception!r}")
        answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return answer


def set_up(environment: dict[str, str], tool: str, lms: str, var: Path) -> None:
    var.mkdir(parents=True, exist_ok=True)
    flask = OurCommands(environment)
    flask.run("db", "upgrade")
    flask.run("curriculum", "load")
    if not any(each["slug"] == "evergreen" for each in flask.run("district", "list")["districts"]):
        flask.run(
            "district",
            "add",
            "evergreen",
            "--name",
            "Evergreen School District",
            "--email-domain",
            "evergreen.example",
        )
    if not any(each["jwks_url"] == f"{lms}/jwks" for each in flask.run("platform", "list")["platforms"]):
        register(flask, tool, lms)
    if not (var / CLIENT_FILE).exists():
        client = flask.run(
            "client", "add", "--district", "evergreen", "--name", "Practice IT", "--scope", "standing.read"
        )
        (var / CLIENT_FILE).write_text(json.dumps(client))
        (var / CLIENT_FILE).chmod(0o600)


def register(flask: OurCommands, tool: str, lms: str) -> None:
    """What an administrator copies from the LMS's page into the command."""
    known = PracticeLms(
        PracticeSettings(
            base_url=lms,
            tool_url=tool,
            personality="canvas",
            issuer=lms,
            registration=Registration.of_tool(tool, CLIENT_ID, (DEPLOYMENT_ID,)),
        )
    )
    flask.run(
        "platform",
        "add",
        "--district",
        "evergreen",
        "--name",
        "Practice LMS",
        "--issuer",
        known.issuer,
        "--client-id",
        CLIENT_ID,
        "--auth-login-url",
        known.auth_url,
        "--auth-token-url",
        known.token_url,
        "--jwks-url",
        known.jwks_url,
        "--deployment-id",
        DEPLOYMENT_ID,
    )


def serve(environment: dict[str, str], tool: str, lms: str, var: Path) -> int:
    """All three until Ctrl-C, or until one of them ends by itself."""
    tool_port, lms_port = tool.rsplit(":", 1)[1], lms.rsplit(":", 1)[1]
    logs = open(var / "run.log", "ab")  # noqa: SIM115  (lives as long as the children)
    commands = {
        "the tool": [PROGRAMS / "gunicorn", "wsgi", "--bind", f"127.0.0.1:{tool_port}"],
        "the worker": [PROGRAMS / "flask", "worker"],
        "the practice LMS": [
            sys.executable,
            "-m",
            "practice_lms",
            "--port",
            lms_port,
            "--tool-url",
            tool,
            "--client-id",
            CLIENT_ID,
            "--deployment-id",
            DEPLOYMENT_ID,
            "--deep-linking",
        ],
    }
    children = {
        name: subprocess.Popen(
            command, cwd=HERE, env=environment, stdout=logs, stderr=logs, start_new_session=True
        )
        for name, command in commands.items()
    }
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    try:
        wait_for(f"{tool}/readyz", children, var, stop)
        wait_for(f"{lms}/", children, var, stop)
        if not stop.is_set():
            print(welcome(tool, lms, var), flush=True)
        while not stop.wait(0.5):
            refuse_dead_children(children, var)
    finally:
        end(children)
        logs.close()
    return 0


def wait_for(
    url: str, children: dict[str, subprocess.Popen[bytes]], var: Path, stop: threading.Event
) -> None:
    deadline = time.monotonic() + 60
    while not stop.is_set():
        refuse_dead_children(children, var)
        try:
            with urlopen(url, timeout=2):  # noqa: S310
                return
        except (URLError, OSError):
            if time.monotonic() > deadline:
                raise Trouble(f"{url} does not answer; see {var / 'run.log'}") from None
            stop.wait(0.2)


def refuse_dead_children(children: dict[str, subprocess.Popen[bytes]], var: Path) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise Trouble(f"{name} stopped by itself; see {var / 'run.log'}")


def end(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Ask all to stop, wait for them, and leave nothing running."""
    for child in children.values():
        if child.poll() is None:
            child.send_signal(signal.SIGINT)
    for child in children.values():
        try:
            child.wait(timeout=40)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def welcome(tool: str, lms: str, var: Path) -> str:
    client = json.loads((var / CLIENT_FILE).read_text())
    return f"""
Ready. Open the practice LMS and pick who you are:

    {lms}/

  a pupil       opens a Grade 4 lesson, takes the quiz, sees the grade arrive
  a teacher     opens the class and sees who is done, and adds a year of lessons to the course
  a staff member  takes the staff course or signs
  IT            reads the standing of each person:

    TOKEN=$(curl -s -u {client["client_id"]}:{client["client_secret"]} \\
      -d grant_type=client_credentials {tool}/oauth/token \\
      | {sys.executable} -c "import json,sys; print(json.load(sys.stdin)['access_token'])")
    curl -s -H "Authorization: Bearer $TOKEN" {tool}/api/v1/standings

    {tool}/api/docs describes the interface.

Logs go to {var / "run.log"}. Ctrl-C stops everything; running it again keeps the data.
"""


if __name__ == "__main__":
    sys.exit(main())
