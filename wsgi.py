"""gunicorn's door, and flask's."""

from app import create_app
from core.settings import Settings

application = app = create_app(Settings.from_env())
