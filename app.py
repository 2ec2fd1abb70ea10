"""The application, put together: settings, database, errors, blueprints, commands."""

import os

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from core.cli import refusals_exit_1
from core.database import connect
from core.health import blueprint as health
from core.http import allow_private_network
from core.logs import set_up_logs
from core.metrics import set_up_metrics
from core.problems import set_up_problems
from core.sealed import use_data_key
from core.settings import Settings
from core.static_files import set_up_static_files
from core.web import set_up_web
import access.models, completion.models, lessons.models, lti_tool.models, people.models, quizzes.models  # noqa: E401,F401
from people.sign_in import keep_visit_in_links


def create_app(settings: Settings) -> Flask:
    """The whole service as one WSGI application."""
    set_up_logs(settings.log_format)
    use_data_key(settings.data_key)
    allow_private_network(settings.allow_private_network)
    connect(settings.database_url)

    app = Flask("digital_citizenship", root_path=os.path.dirname(__file__), static_folder=None, template_folder="core/templates")
    app.config["SETTINGS"] = settings
    app.config["PREFERRED_URL_SCHEME"] = settings.public_url.split(":")[0]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    set_up_static_files(app)
    set_up_web(app, settings)
    set_up_problems(app)
    set_up_metrics(app, multiprocess="PROMETHEUS_MULTIPROC_DIR" in os.environ)
    keep_visit_in_links(app)
    app.register_blueprint(health)
    _add_rooms(app)
    _add_commands(app)
    return app


def _add_rooms(app: Flask) -> None:
    import importlib

    for name in ("lti_tool.views", "lessons.views", "quizzes.views", "completion.views", "teaching.views"):
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        app.register_blueprint(module.blueprint)
    try:
        from access.setup import set_up_api
        set_up_api(app)
    except ImportError:
        pass


def _add_commands(app: Flask) -> None:
    import importlib

    from core.migrate import db_group
    from people.cli import district_group
    groups = [db_group, district_group]
    for name, attr in (("lti_tool.cli", "platform_group"), ("lti_tool.cli", "keys_group"), ("lessons.cli", "curriculum_group"), ("access.cli", "client_group")):
        try:
            groups.append(getattr(importlib.import_module(name), attr))
        except (ImportError, AttributeError):
            continue
    for group in groups:
        refusals_exit_1(group)
        app.cli.add_command(group)
