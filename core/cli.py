"""How our commands answer: one line of JSON with --json, else a short line for people; refusals exit 1."""

import json as json_module
import sys
from collections.abc import Callable
from typing import Any

import click

from core.errors import ToolError

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
            click.echo(f"refused: {error.message}", err=True)
            sys.exit(1)

    polite.polite = True  # type: ignore[attr-defined]  # a second application in one process wraps it once
    return polite
