"""What can go wrong, as named facts. Each package keeps its own few beside the code that raises them."""

from http import HTTPStatus
from typing import Any

from core.messages import N_


class ToolError(Exception):
    """Something a person can be told about.

    The message says what happened, for the person who reads it; `next_step` says what to do now. Where that person
    reads a page, both are marked with N_ (core.messages): the page says them in their language.
    `status` is the HTTP status, `code` a stable word for programs (the tail of the problem type),
    `field` the input it is about, where there is one (RFC 9457 extension member).
    """

    status: int = HTTPStatus.BAD_REQUEST
    code: str = "bad_request"
    next_step: str = N_(
        "Go back and try again. If it happens again, tell your teacher or the help desk the reference below."
    )

    page: str = "core/error.html"
    """The template that says it; `shown` is what that template wants to know besides."""

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        next_step: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        """`retry_after`: seconds to wait, for the header of that name (RFC 9110 section 10.2.3)."""
        super().__init__(message)
        self.message = message
        self.field = field
        self.retry_after = retry_after
        self.shown: dict[str, Any] = {}
        if next_step is not None:
            self.next_step = next_step


class NotFound(ToolError):
    status, code = HTTPStatus.NOT_FOUND, "not_found"


class Forbidden(ToolError):
    status, code = HTTPStatus.FORBIDDEN, "forbidden"
    next_step = N_(
        "Open it again from your course. If you think you should see this page, ask your school's help desk."
    )


class Refused(ToolError):
    """A command was understood and is refused; the command line prints it and exits 1."""

    status, code = HTTPStatus.CONFLICT, "refused"
