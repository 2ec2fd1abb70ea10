"""What the running application was started with, for requests and commands."""

from flask import current_app

from core.settings import Settings


def current_settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
