"""An application behind gunicorn on one core, and the processor time it has used."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
TICKS = os.sysconf("SC_CLK_TCK")


class Served:
    """`url`, and `cpu_seconds()` of its worker processes."""

    def __init__(self, url: str, master: subprocess.Popen[bytes]) -> None:
        self.url, self.master = url, master

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children").read_text().split()
        return [int(child) for child in children]

    def cpu_seconds(self) -> float:
        spent = 0
        for worker in self.workers():
            fields = Path(f"/proc/{worker}/stat").read_text().rsplit(")", 1)[1].split()
            spent += int(fields[11]) + int(fields[12])
        return spent / TICKS


@contextmanager
def served(
    application: str, environment: dict[str, str], core: int | None = 0, workers: int = 1, threads: int = 4
) -> Iterator[Served]:
    """Behind gunicorn; `core` None lets it run on every core there is."""
    cores = os.sched_getaffinity(0) if core is None else {core}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        str(Path(sys.executable).parent / "gunicorn"),
        application,
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        str(workers),
        "--threads",
        str(threads),
        "--worker-class",
        "gthread",
        "--keep-alive",
        "60",
        "--max-requests",
        "0",
    ]
    master = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),  # noqa: PLW1509  (nothing else runs in this process yet)
    )
    try:
        _wait_for(port)
        yield Served(f"http://localhost:{port}", master)
    finally:
        master.send_signal(signal.SIGINT)
        master.wait(timeout=40)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("gunicorn does not answer")
