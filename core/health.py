"""Is it alive, is it ready? For load balancers and for the person on call."""

from collections.abc import Callable

import sqlalchemy as sa
from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST

from core.database import db
from core.metrics import exposition

blueprint = Blueprint("health", __name__)

Check = Callable[[], str | None]
"""None when well, else what is wrong in a few words."""

_checks: dict[str, Check] = {}


def add_check(name: str, check: Check) -> None:
    """A part of the house says what it needs before it can serve."""
    _checks[name] = check


def database_answers() -> str | None:
    db.execute(sa.text("SELECT 1"))
    return None


@blueprint.get("/healthz")
def healthz() -> Response:
    return jsonify(status="alive")


@blueprint.get("/metrics")
def metrics() -> Response:
    return Response(exposition(), content_type=CONTENT_TYPE_LATEST)


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    problems: dict[str, str] = {}
    for name, check in {"database": database_answers, **_checks}.items():
        try:
            problem = check()
        except sa.exc.SQLAlchemyError as error:
            db.rollback()
            problem = type(error).__name__
        if problem:
            problems[name] = problem
    return jsonify(status="not ready" if problems else "ready", problems=problems), 503 if problems else 200
