"""gunicorn's door, and flask's."""

import sys

from app import create_app
from core.settings import OddSetting, Settings
from people.lost_keys import refuse_lost_keys

GUNICORN_GIVES_UP = 3
"""Any other exit code would have gunicorn boot worker after worker for ever."""

try:
    application = app = create_app(Settings.from_env())
    refuse_lost_keys()
except OddSetting as odd:
    print(f"refused to start: {odd}", file=sys.stderr)  # noqa: T201
    sys.exit(GUNICORN_GIVES_UP)
