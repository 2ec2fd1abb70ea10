"""Serve a practice LMS over real HTTP: in a thread for tests, or in the foreground for newcomers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from practice_lms.lms import PracticeLms


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # keep-alive, as a real LMS does

    def log(self, type: str, message: str, *args: object) -> None:
        """Quiet: what the tool asked for is in lms.requests and on the trouble page."""


def _server(lms: PracticeLms, host: str, port: int) -> BaseWSGIServer:
    server = make_server(host, port, lms.app, threaded=True, request_handler=_Handler)
    server.daemon_threads = True  # type: ignore[attr-defined]
    return server


@contextmanager
def running(lms: PracticeLms, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve on a free port in a thread; gives the base URL, which is also `lms.base_url` from then on."""
    server = _server(lms, host, port)
    lms.base_url = f"http://{host}:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield lms.base_url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def serve(lms: PracticeLms, host: str, port: int, say_ready: Callable[[], None]) -> None:
    """Serve until interrupted; `say_ready` is called once the port answers."""
    server = _server(lms, host, port)
    try:
        say_ready()
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
