"""Prometheus counters. With several gunicorn workers the files of PROMETHEUS_MULTIPROC_DIR add them up."""

from flask import Flask, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

REQUESTS = Counter("http_requests_total", "Requests by endpoint, method and status.", ["endpoint", "method", "status"])
SECONDS = Histogram("http_request_seconds", "Time to answer.", ["endpoint"])
DELIVERIES = Counter("score_deliveries_total", "Scores handed to platforms, by outcome.", ["outcome"])
WAITING = Gauge("score_deliveries_waiting", "Scores waiting to be sent.", multiprocess_mode="mostrecent")


def count_request(endpoint: str, method: str, status: int, seconds: float) -> None:
    REQUESTS.labels(endpoint, method, str(status)).inc()
    SECONDS.labels(endpoint).observe(seconds)


def set_up_metrics(app: Flask, multiprocess: bool) -> None:
    @app.get("/metrics", endpoint="health.metrics")
    def metrics() -> Response:
        registry = REGISTRY
        if multiprocess:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
