"""gunicorn: `gunicorn wsgi` serves the tool. Every value can be set from the command line.

Threads, because a request mostly waits for the disk; two workers, because two cores were measured; and an orderly
end: a request that takes three seconds still finishes after SIGTERM.
"""

import contextlib
import ctypes
import os
import shutil
import tempfile

# Each thread would take a heap of its own and keep what it once needed: 18 MB of a worker (mallopt(3), M_ARENA_MAX of
# glibc; other libraries have no such thing). Python runs one thread at a time, so two heaps are enough.
with contextlib.suppress(AttributeError, OSError):
    ctypes.CDLL(None).mallopt(-8, 2)

bind = "127.0.0.1:8000"
worker_class = "core.succession.Successor"  # gthread, but that a reload loses nobody
workers = 2
threads = 16  # two times: as many as a RADIUS server keeps connections (docs/radius)
keepalive = 5
graceful_timeout = 30
limit_request_line = 8190  # a login by GET with a long lti_message_hint passes 4,094
timeout = 60
max_requests = 20_000
max_requests_jitter = (
    20_000  # so that two do not end at once: whoever ends is missed until its successor has imported
)
accesslog = None  # the application logs each request itself, without query strings
control_socket_disable = True  # two instances under one HOME would take it from each other

# prometheus_client adds up the workers' numbers through files; last run's would count again.
_metrics = os.environ.setdefault(
    "PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="digital-citizenship-metrics-")
)


def on_starting(server):
    shutil.rmtree(_metrics, ignore_errors=True)
    os.makedirs(_metrics, exist_ok=True)


def on_exit(server):
    shutil.rmtree(_metrics, ignore_errors=True)


def child_exit(server, worker):
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)
