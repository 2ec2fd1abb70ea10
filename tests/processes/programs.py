"""Our own programs as real processes: started and killed on request, and none left behind."""

import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import requests

from core.settings import Settings
from tests.processes.short_lease import run_worker

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["pytest", "tests.processes.short_lease"])


def wait_until(done: Callable[[], object], what: str, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain until {what}"
        time.sleep(0.02)


class Programs:
    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.environment, self.log = environment, log
        self._groups: list[subprocess.Popen[bytes]] = []
        self._workers: list[ForkServerProcess] = []

    def said(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    def start(self, *command: object) -> subprocess.Popen[bytes]:
        """A program with its children in a process group of its own."""
        with self.log.open("ab") as out:
            started = subprocess.Popen(
                [str(each) for each in command],
                cwd=ROOT,
                env=self.environment,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self._groups.append(started)
        return started

    def worker(self, lease: float = 0.5) -> ForkServerProcess:
        """Forked where everything is imported already, so that a kill finds it at work and not on its way there."""
        settings = Settings.from_env(self.environment)
        made = _forks.Process(target=run_worker, args=(settings, lease, str(self.log)))
        made.start()
        self._workers.append(made)
        return made

    def gunicorn(self, port: int | None = None, workers: int = 2) -> tuple[subprocess.Popen[bytes], int]:
        """With its workers, ready to serve; on a port of an earlier one or on a free one."""
        if port is None:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = int(probe.getsockname()[1])
        master = self.start(BIN / "gunicorn", "wsgi", "--bind", f"127.0.0.1:{port}", "--workers", workers)
        wait_until(lambda: _ready(port), "gunicorn is ready")
        return master, port

    def kill_a_child_of(self, master: subprocess.Popen[bytes]) -> None:
        """kill -9 of the newest gunicorn worker that lives."""
        booted = [int(pid) for pid in re.findall(r"Booting worker with pid: (\d+)", self.said())]
        os.kill(next(pid for pid in reversed(booted) if _group(pid) == master.pid), signal.SIGKILL)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """kill -9, the whole group: a power cut as far as the program can tell."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)

    def end_all(self) -> None:
        for process in self._groups:
            if process.poll() is None:
                self.kill(process)
        for worker in self._workers:
            worker.kill()
            worker.join()
            worker.close()


def _group(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


def _ready(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200
    except requests.RequestException:
        return False
