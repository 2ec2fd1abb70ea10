"""A receiver of webhooks on a free port of this machine, with all the ways in which receivers misbehave."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Got:
    """One post as it came over the wire."""

    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def seq(self) -> int:
        return self.event["data"]["seq"]


class Receiver(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[Got] = []
        self.answer: Callable[[_Handler, Got], None] = taken

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook/k3y"

    @property
    def seqs(self) -> list[int]:
        return [each.seq for each in self.got]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Broken pipes are what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: Receiver
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        got = Got({name.lower(): value for name, value in self.headers.items()}, body, time.monotonic())
        self.server.got.append(got)
        self.server.answer(self, got)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def says(status: int, body: bytes = b"", **headers: str) -> Callable[[_Handler, Got], None]:
    def answer(handler: _Handler, _got: Got) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


taken = says(204)


def closes(handler: _Handler, _got: Got) -> None:
    """Hangs up without a word."""
    handler.close_connection = True
    handler.connection.close()


def drips(handler: _Handler, _got: Got) -> None:
    """A header that never ends, one byte now and then: no timeout between two bytes ever strikes."""
    handler.close_connection = True
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(200):
        handler.wfile.write(b"a")
        handler.wfile.flush()
        time.sleep(0.1)


def verified(secret: str, got: Got) -> bool:
    """As a receiver does it, written from the specification and not with our code."""
    key = base64.b64decode(secret.split("_", 1)[1])
    signed = f"{got.id}.{got.headers['webhook-timestamp']}.".encode() + got.body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(
        each.partition(",")[0] == "v1" and hmac.compare_digest(each.partition(",")[2], wanted)
        for each in got.headers["webhook-signature"].split(" ")
    )


@contextmanager
def listening() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.shutdown()
        receiver.server_close()
        thread.join()
