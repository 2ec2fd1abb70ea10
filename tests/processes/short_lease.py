"""A worker whose leases and waits are short, so that a test need not wait two minutes for a dead one's to run out."""

import os
import threading
from datetime import timedelta

import worker
from app import create_app
from core.sealed import new_secret
from core.settings import Settings
from lti_tool import claimed_scores, line_items, outcomes
from proof import jobs


def run_worker(settings: Settings, lease: float, log: str) -> None:
    """`flask worker` from its settings on. What it says goes to the end of the log."""
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(out, 1)
    os.dup2(out, 2)
    claimed_scores.LEASE = line_items.LEASE = jobs.LEASE = timedelta(seconds=lease)
    claimed_scores.WORKER = (
        f"{os.getpid()}-{new_secret(4)}"  # forked workers would share the name made at import
    )
    outcomes.FIRST_WAIT = worker.IDLE = 0.05
    create_app(settings)
    stop = threading.Event()
    worker.run_until_told(worker.steps(2, settings.public_url, stop), stop)
