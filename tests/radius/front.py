"""What may stand between a RADIUS server and us on a bad day: passes questions on, or answers in our stead."""

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BAD_DAYS: dict[str, tuple[int, str, bytes]] = {
    "401": (401, "application/problem+json", b'{"status": 401}'),
    "403": (403, "text/html", b"<p>Blocked by your administrator</p>"),
    "404": (404, "text/html", b"<p>No such page</p>"),
    "500": (500, "text/html", b""),
    "503": (503, "text/html", b"<p>Busy</p>"),
    "bad JSON": (200, "application/json", b'{"reply:Filter-Id": {"value": ["staff-full"'),
    "other JSON": (200, "application/json", b'{"login": "required"}'),
    "half an answer": (
        200,
        "application/json",
        b'{"reply:Filter-Id": {"op": ":=", "value": ["staff-full"]}}',
    ),
    "bad value": (
        200,
        "application/json",
        b'{"reply:Tunnel-Type": {"op": ":=", "value": ["NO-SUCH-TYPE"]},'
        b' "reply:Session-Timeout": {"op": ":=", "value": ["soon"]},'
        b' "control:Tmp-String-9": {"op": ":=", "value": ["staff"]}}',
    ),
    "a page": (200, "text/html", b"<p>Sign in to the guest network</p>"),
    "nothing": (204, "text/html", b""),
}
SLOW = 1.6
"""Seconds; longer than the RADIUS server waits."""


class Front:
    """`day` is "good", one of BAD_DAYS, "slow" or "cut off"; `asked` counts questions."""

    def __init__(self, port: int, behind: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.behind = behind
        self.day = "good"
        self.asked = 0


@contextmanager
def standing_before(behind: int) -> Iterator[Front]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    front = Front(server.server_address[1], behind)
    server.RequestHandlerClass = handler_of(front)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield front
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def handler_of(front: Front) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            front.asked += 1
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if front.day == "cut off":
                self.close_connection = True
                return
            if front.day == "slow":
                time.sleep(SLOW)
            try:
                status, kind, answer = BAD_DAYS.get(front.day) or self.passed_on(body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                if status != 204:
                    self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)
            except OSError:
                self.close_connection = True  # who asked, or who was asked, has gone

        def passed_on(self, body: bytes) -> tuple[int, str, bytes]:
            wire = http.client.HTTPConnection("127.0.0.1", front.behind, timeout=10)
            try:
                wire.request("POST", self.path, body, dict(self.headers))
                answer = wire.getresponse()
                return answer.status, answer.headers["Content-Type"], answer.read()
            finally:
                wire.close()

        def log_message(self, *_: object) -> None:
            return None

    return Handler
