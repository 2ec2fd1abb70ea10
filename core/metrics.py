"""Prometheus numbers. With several gunicorn workers the files of PROMETHEUS_MULTIPROC_DIR add them up."""

import os
from collections.abc import Callable, Mapping
from functools import cache

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

REQUESTS = Counter(
    "http_requests_total", "Requests by endpoint, method and status.", ["endpoint", "method", "status"]
)
SECONDS = Histogram("http_request_seconds", "Time to answer.", ["endpoint"])


def count_request(endpoint: str, method: str, status: int, seconds: float) -> None:
    _counter(endpoint, method, status).inc()
    _histogram(endpoint).observe(seconds)


@cache
def _counter(endpoint: str, method: str, status: int) -> Counter:
    return REQUESTS.labels(endpoint, method, str(status))


@cache
def _histogram(endpoint: str) -> Histogram:
    return SECONDS.labels(endpoint)


def add_level(name: str, help_text: str, label: str, read: Callable[[], Mapping[str, float]]) -> None:
    """A number that stands in the database: read at each look, so it is right whichever process moved it."""
    _levels[name] = (help_text, label, read)


_levels: dict[str, tuple[str, str, Callable[[], Mapping[str, float]]]] = {}


def exposition() -> bytes:
    """Everything counted so far, over all processes, and the levels, in Prometheus' text format."""
    return generate_latest(_counted()) + "".join(_level(name) for name in _levels).encode()


def _counted() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together


def _level(name: str) -> str:
    help_text, label, read = _levels[name]
    lines = [f"# HELP {name} {help_text}", f"# TYPE {name} gauge"]
    lines += [f'{name}{{{label}="{value}"}} {level}' for value, level in sorted(read().items())]
    return "\n".join(lines) + "\n"
