"""People sign on while the service is reloaded, loses a worker, dies, and comes back: no answer is ever wrong.

Wrong is an accept on the full network for somebody who is limited or denied, and a reject for somebody who is neither.
"""

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle

from core.database import db
from tests.radius.conftest import Stand
from tests.radius.freeradius import RESTRICTED_VLAN, FreeRadius, require_programs, running_freeradius
from tests.radius.packets import ask_radius
from tests.radius.stage import running_service

RIGHT = {"staff": "100", "limited": "900", "denied": "reject"}
ACCESS = {"staff": "allow", "limited": "limited", "denied": "deny"}
DEVICES = 6
KNOWN, LATECOMERS = 12, 200
"""People of each kind who signed on before the trouble, and who come in the middle of it."""


class Crowd:
    """Devices that sign on again and again; `told` counts (name's kind, known before, what they were told)."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.told: Counter[tuple[str, bool, str]] = Counter()
        self.wrong: list[BaseException] = []
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> "Crowd":
        known = [f"{kind}-{number}" for number in range(KNOWN) for kind in RIGHT]
        for name in known:
            self._sign_on(name, known_before=False)
        latecomers = iter([f"late-{kind}-{number}" for number in range(LATECOMERS) for kind in RIGHT])
        for number in range(DEVICES):
            names = cycle(known[number:] + known[:number])
            self._run(lambda names=names: self._sign_on(next(names), known_before=True))
        self._run(lambda: self._latecomer(latecomers))
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _run(self, once) -> None:
        def work() -> None:
            try:
                while not self._over.is_set():
                    once()
            except BaseException as error:
                self.wrong.append(error)

        thread = threading.Thread(target=work)
        self._threads.append(thread)
        thread.start()

    def _latecomer(self, names: Iterator[str]) -> None:
        time.sleep(0.02)
        name = next(names, None)
        if name:
            self._sign_on(name, known_before=False)

    def _sign_on(self, name: str, known_before: bool) -> None:
        reply = ask_radius(self.port, name)
        said = str(reply.vlan) if reply.accepted else "reject"
        self.told[name.removeprefix("late-").partition("-")[0], known_before, said] += 1

    def wait_for(self, more: int) -> None:
        """Until so many more have been told something."""
        wanted = self.told.total() + more
        self.wait_until(lambda: self.told.total() >= wanted)

    def wait_until(self, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not done():
            assert time.monotonic() < deadline and not self.wrong, self.wrong
            time.sleep(0.01)


def everybody(stand: Stand) -> None:
    for kind, access in ACCESS.items():
        for number in range(KNOWN):
            stand(f"{kind}-{number}", access)
        for number in range(LATECOMERS):
            stand(f"late-{kind}-{number}", access)
    db.remove()


@contextmanager
def crowd(database_url: str, gate, stand: Stand, tmp_path, **changed: tuple[str, str]):
    require_programs()
    everybody(stand)
    with (
        running_service(database_url, tmp_path) as service,
        running_freeradius(tmp_path / "raddb", service.url, gate.client_id, gate.secret, **changed) as radius,
        Crowd(radius.port) as devices,
    ):
        devices.wait_for(100)
        yield service, radius, devices


def judge(devices: Crowd) -> None:
    assert devices.wrong == []
    for (kind, known_before, said), times in devices.told.items():
        allowed = {RIGHT[kind]} if known_before else {RIGHT[kind], RESTRICTED_VLAN}
        assert said in allowed, f"{times} x {kind}, known before: {known_before}, were told {said}"


def until_asked_again(radius: FreeRadius, devices: Crowd) -> None:
    """Nobody has to restart the RADIUS server after an outage."""
    for _ in range(20):
        before = len(radius.fallbacks())
        devices.wait_for(100)
        if len(radius.fallbacks()) == before:
            return
    raise AssertionError("the service is back, and is not asked")


def test_a_reload_under_load_loses_no_answer(database_url, gate, stand, tmp_path):
    """Old workers answer until new ones can: everybody is told what is right, those never heard of before included."""
    patient = {
        "mods-enabled/rua_rest": ("\ttimeout = 1.0", "\ttimeout = 5.0")
    }  # for a machine that does much else
    with crowd(database_url, gate, stand, tmp_path, **patient) as (service, radius, devices):
        old = service.workers()
        service.master.send_signal(signal.SIGHUP)
        devices.wait_until(lambda: not old & service.workers())
        devices.wait_for(100)
        new = service.workers()
        assert radius.fallbacks() == []
    assert devices.wrong == []
    assert {(kind, said) for kind, _, said in devices.told} == set(RIGHT.items())
    said = service.programs.said()
    assert min(said.index(f"Worker exiting (pid: {pid})") for pid in old) > min(
        said.index(f"answers from now on (pid: {pid})") for pid in new
    )


def test_a_killed_gate_under_load_gives_no_wrong_answer(database_url, gate, stand, tmp_path):
    with crowd(database_url, gate, stand, tmp_path) as (service, radius, devices):
        service.programs.kill_a_child_of(service.master)
        devices.wait_for(200)
        before = len(radius.fallbacks())
        service.programs.kill(service.master)
        devices.wait_for(400)
        assert len(radius.fallbacks()) > before, "the outage was none"
        service.start_again()
        until_asked_again(radius, devices)
    judge(devices)
    assert devices.told["staff", True, "100"] > 50 and devices.told["denied", True, "reject"] > 50
