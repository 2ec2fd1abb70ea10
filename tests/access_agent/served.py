"""The real application behind a real port, with people who stand somewhere; and a front that can say "later"."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from access.models import Standing
from bench.standings import draw, fill
from core.database import db, transaction
from people import api_clients
from people.directory import print_of
from people.models import District, Identity


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        """The test looks at `asked`."""


@dataclass
class Front:
    """In front of any WSGI application: notes what is asked, and answers from `instead` while that lasts."""

    app: Any
    asked: list[str] = field(default_factory=list)
    instead: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        if self.instead and not environ["PATH_INFO"].startswith("/oauth"):
            status, headers = self.instead.pop(0)
            start_response(status, [*headers.items(), ("Content-Length", "0")])
            return [b""]
        return self.app(environ, start_response)


@contextmanager
def serving(app: Any) -> Iterator[tuple[str, Front]]:
    """(address, front)"""
    front = Front(app)
    server = make_server("127.0.0.1", 0, front, threaded=True, request_handler=Quiet)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", front
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Service:
    """A district's standings, as they come to be; and the API that tells of them."""

    def __init__(self, app: Flask, district: District, url: str, front: Front) -> None:
        self.district_id, self.url, self.front = district.id, url, front
        with transaction():
            client, self.secret = api_clients.issue(db.merge(district), "directory agent", ["standing.read"])
            self.client_id = client.client_id
        db.remove()

    def staff(self, count: int) -> None:
        """People 1, 2, ... of the district's own numbers who have done what was asked."""
        fill(self.district_id, count)
        db.remove()

    def stand(self, numbers: Iterable[int], state: str, access: str) -> None:
        """From now on these people stand so, and the log says it."""
        wanted = [print_of(self.district_id, "sis", "", str(number)) for number in numbers]
        with transaction():
            people = sa.select(Identity.person_id).where(
                Identity.district_id == self.district_id, Identity.fingerprint.in_(wanted)
            )
            rows = db.scalars(
                sa.select(Standing).where(Standing.person_id.in_(people)).order_by(Standing.id)
            ).all()
            assert len(rows) == len(wanted)
            for seq, row in enumerate(rows, draw(self.district_id, len(rows))):
                row.seq, row.state, row.access = seq, state, access
        db.remove()
