"""Prometheus numbers. With several gunicorn workers the files of PROMETHEUS_MULTIPROC_DIR add them up."""

import os
from functools import cache

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

REQUESTS = Counter(
    "http_requests_total", "Requests by endpoint, method and status.", ["endpoint", "method", "status"]
)
SECONDS = Histogram("http_request_seconds", "Time to answer.", ["endpoint"])
DELIVERIES = Counter("score_deliveries_total", "Scores handed to platforms, by outcome.", ["outcome"])


def count_request(endpoint: str, method: str, status: int, seconds: float) -> None:
    _counter(endpoint, method, status).inc()
    _histogram(endpoint).observe(seconds)


@cache
def _counter(endpoint: str, method: str, status: int) -> Counter:
    return REQUESTS.labels(endpoint, method, str(status))


@cache
def _histogram(endpoint: str) -> Histogram:
    return SECONDS.labels(endpoint)


def exposition() -> bytes:
    """Everything counted so far, over all processes, in Prometheus' text format."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return generate_latest(together)
