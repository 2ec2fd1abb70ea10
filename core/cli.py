"""How our commands answer: one line of JSON with --json, else a short line for people; refusals exit 1."""

import json as json_module
import sys
from collections.abc import Callable
from typing import Any, NoReturn

import click
from sqlalchemy.exc import DBAPIError

from core.database import db
from core.errors import ToolError
from core.migrate import not_at_head

as_json = click.option("--json", is_flag=True, help="Answer with one line of JSON.")


def answer(json: bool, words: str, **facts: Any) -> None:
    """Print the outcome, for a program or for a person."""
    click.echo(json_module.dumps(facts, default=str) if json else words)


def refusals_exit_1(command: click.Command) -> None:
    """A ToolError in a command or a group's becomes one line on stderr and exit code 1, never a stack trace."""
    if isinstance(command, click.Group):
        for each in command.commands.values():
            refusals_exit_1(each)
    elif command.callback is not None and not hasattr(command.callback, "polite"):
        command.callback = _politely(command.callback)


def _politely(callback: Callable[..., Any]) -> Callable[..., Any]:
    def polite(*args: Any, **kwargs: Any) -> Any:
        try:
            return callback(*args, **kwargs)
        except ToolError as error:
            _refuse(error.message)
        except DBAPIError as error:
            # A command is often the first to meet a database that is not there yet, or not up to date.
            words = _what_the_database_lacks(error)
            if words is None:
                raise
            _refuse(words)

    polite.polite = True  # type: ignore[attr-defined]  # a second application in one process wraps it once
    return polite


def _refuse(words: str) -> NoReturn:
    click.echo(f"refused: {words}", err=True)
    sys.exit(1)


def _what_the_database_lacks(error: DBAPIError) -> str | None:
    db.remove()  # or its transaction would stand in the way of the look
    try:
        return not_at_head()
    except DBAPIError:
        return f"the database can not be reached: {str(error.orig).splitlines()[0]}"
