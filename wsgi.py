"""gunicorn's door, and flask's."""

import sys

from app import create_app
from core.settings import OddSetting, Settings

try:
    application = app = create_app(Settings.from_env())
except OddSetting as odd:
    sys.exit(f"refused to start: {odd}")
