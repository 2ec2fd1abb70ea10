"""One JSON line per event, with the request's reference id and nothing that names a person.

No query strings (the visit key stands there), no bodies, no tokens, no response bodies of platforms.
"""

import logging
import sys

import structlog
from structlog.contextvars import merge_contextvars
from structlog.typing import EventDict, Processor


def set_up_logs(log_format: str) -> None:
    """`json` for machines, `console` for a developer. Safe to call again."""
    shared: list[Processor] = [
        merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    renderer = (
        structlog.dev.ConsoleRenderer() if log_format == "console" else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*shared, _exception_without_values, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def _exception_without_values(_logger: object, _name: str, event: EventDict) -> EventDict:
    """Where it broke and the kind of error; its message may hold a name, a token or a row, so it stays out."""
    error = event.pop("error", None)
    if not isinstance(error, BaseException):
        return event
    event["error"] = type(error).__name__
    frame = error.__traceback__
    places = []
    while frame:
        code = frame.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{frame.tb_lineno} {code.co_name}")
        frame = frame.tb_next
    event["where"] = places[-6:]
    return event


log = structlog.get_logger()
