"""Cut an outgoing call off after so many seconds in all.

A timeout of requests counts from byte to byte, so a server that drips its headers may hold a thread for ever. Here
the connections of a session are known while they are in use, and the one under way is shut down from outside.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import requests
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_local = threading.local()


class _Noted(HTTPConnection):
    def connect(self) -> None:
        _local.under_way = self  # before the handshake, which can drip as well
        super().connect()

    def request(self, *args: Any, **kwargs: Any) -> None:
        _local.under_way = self
        super().request(*args, **kwargs)


class _NotedTls(HTTPSConnection):
    def connect(self) -> None:
        _local.under_way = self
        super().connect()

    def request(self, *args: Any, **kwargs: Any) -> None:
        _local.under_way = self
        super().request(*args, **kwargs)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Noted


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _NotedTls


@contextmanager
def cut_after(seconds: float, session: requests.Session) -> Iterator[threading.Event]:
    """Calls of this thread's `session` inside fail when the time is up. The event says whether it was."""
    for adapter in session.adapters.values():
        pools = adapter.poolmanager  # type: ignore[attr-defined]
        pools.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
    time_is_up = threading.Event()
    here = _local.__dict__  # this thread's, for the timer's
    _local.under_way = None

    def cut() -> None:
        time_is_up.set()
        sock = getattr(here.get("under_way"), "sock", None)
        if sock is not None:
            # The plain socket's own: that of TLS would say goodbye first, to somebody who does not listen.
            with suppress(OSError):  # it closed just now
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield time_is_up
    finally:
        timer.cancel()
        _local.under_way = None
