"""A worker whose leases and waits are short, so that a test need not wait two minutes for a dead one's to run out."""

import sys
from datetime import timedelta

from app import create_app
from core.settings import Settings
from lti_tool import delivery, line_items, outcomes
from worker import run_until_told, steps

lease = timedelta(seconds=float(sys.argv[1]))
delivery.LEASE = line_items.LEASE = lease
outcomes.FIRST_WAIT = 0.05
create_app(Settings.from_env())
run_until_told(steps(concurrency=2))
