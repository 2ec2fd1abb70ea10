"""Our application behind gunicorn over the test's database, as a RADIUS server meets it."""

import http.client
import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from tests.processes.programs import BIN, Programs, wait_until


@dataclass
class Service:
    programs: Programs
    master: Popen[bytes]
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> set[int]:
        """Process ids, of those that still end as well."""
        return {
            int(pid)
            for pid in Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children").read_text().split()
        }

    def start_again(self) -> None:
        self.master = start(self.programs, self.port)


@contextmanager
def running_service(database_url: str, folder: Path, *more: object) -> Iterator[Service]:
    programs = Programs(os.environ | {"DATABASE_URL": database_url}, folder / "gunicorn.log")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    try:
        yield Service(programs, start(programs, port, *more), port)
    finally:
        programs.end_all()


def start(programs: Programs, port: int, *more: object) -> Popen[bytes]:
    """Ready to answer: a worker that still imports the application takes connections and lets them wait."""
    master = programs.start(BIN / "gunicorn", "wsgi", "--bind", f"127.0.0.1:{port}", "--workers", 2, *more)
    wait_until(lambda: answers(port, secure=bool(more)), "gunicorn answers")
    return master


def answers(port: int, secure: bool) -> bool:
    try:
        if secure:
            ours = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            ours.check_hostname, ours.verify_mode = False, ssl.CERT_NONE
            wire = http.client.HTTPSConnection("127.0.0.1", port, timeout=10, context=ours)
        else:
            wire = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        wire.request("GET", "/healthz")
        return wire.getresponse().status == 200
    except OSError:
        return False
    finally:
        wire.close()
