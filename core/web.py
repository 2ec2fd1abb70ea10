"""What every request shares: a reference id, one transaction, refusal of foreign forms, and safe headers."""

import time

from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars

from core.database import begin_reading, db
from core.errors import Forbidden, NotFound, ToolError
from core.framing import frame_ancestors
from core.logs import log
from core.messages import N_
from core.metrics import count_request
from core.sealed import new_secret
from core.settings import Settings

MAX_BODY = 256 * 1024
"""An id_token with a long custom claim is some 20 KB; nothing we take comes near this."""

READS = {"GET", "HEAD", "OPTIONS"}
FOREIGN_FORMS_WELCOME = ("/lti/", "/oauth/", "/api/", "/radius/")
"""The LMS posts here from its own site, and programs authenticate by token, not by cookie."""


class UnreadableInput(ToolError):
    code = "unreadable_input"


class ForeignForm(Forbidden):
    """A form on another site tried to act in our name (CSRF)."""

    code = "foreign_form"


def set_up_web(app: Flask, settings: Settings) -> None:
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY
    origin = settings.public_url

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        g.reference = new_secret(6)
        clear_contextvars()
        bind_contextvars(reference=g.reference)
        # A request killed mid-way may have left its session on this thread; never inherit it.
        db.remove()
        begin_reading(request.method in READS)

    @app.before_request
    def refuse_nul() -> None:
        """PostgreSQL takes no NUL in a text, and no person types one."""
        if "\x00" in request.path:
            raise NotFound(N_("There is no page at this address."))
        said = list(request.args.values())
        if not request.path.startswith(
            FOREIGN_FORMS_WELCOME
        ):  # those judge their own forms, and store no text
            said += request.form.values()
        if any("\x00" in each for each in said):
            raise UnreadableInput(N_("Your browser sent a character that no text can hold."))

    @app.before_request
    def refuse_foreign_forms() -> None:
        if request.method in READS or request.path.startswith(FOREIGN_FORMS_WELCOME):
            return
        site = request.headers.get("Sec-Fetch-Site")
        claimed = request.headers.get("Origin")
        if (site and site not in ("same-origin", "none")) or (not site and claimed and claimed != origin):
            raise ForeignForm(N_("This form was sent from another site, so nothing was changed."))

    @app.after_request
    def finish(response: Response) -> Response:
        if response.status_code < 400 and request.method not in READS:
            if db.registry.has():
                db.commit()
        else:
            db.remove()
        _write_headers(response, settings)
        endpoint = request.endpoint or "none"
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        count_request(endpoint, request.method, response.status_code, seconds)
        if endpoint not in ("static", "health.healthz"):
            log.info(
                "request",
                method=request.method,
                endpoint=endpoint,
                status=response.status_code,
                ms=round(seconds * 1000, 1),
            )
        return response

    @app.teardown_request
    def let_go(_error: BaseException | None) -> None:
        db.remove()
        begin_reading(False)


def let_forms_go_to(*sites: str) -> None:
    """From the page of this request, forms may be sent to these besides ourselves."""
    g.form_targets = sites


def _write_headers(response: Response, settings: Settings) -> None:
    form_targets = " ".join(["'self'", *g.get("form_targets", ())])
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        f"font-src 'self'; form-action {form_targets}; base-uri 'none'; "
        f"frame-ancestors {frame_ancestors(settings.is_production)}",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    # same-origin, not no-referrer: forms must still carry a true Origin header.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    response.headers["X-Request-Id"] = g.get("reference", "")
    if settings.is_production:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint and not request.endpoint.endswith("static"):
        response.headers.setdefault("Cache-Control", "no-store")
