"""Questions to somebody at a terminal: each answer is looked at where it is asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

import click

from bugbash.errors import UsageProblem

T = TypeVar("T")


def interactive() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty()


def needed(option: str, what: str) -> UsageProblem:
    """The error for something that was not said and can't be asked for."""
    return UsageProblem(f"say {what} with {option}, since there is no terminal to ask on.")


def ask(
    question: str, option: str, what: str, read: Callable[[str], T], default: str | None = None
) -> T:
    """What `read` makes of an answer of one line; where it raises UsageProblem, asked once more.

    Raises UsageProblem where nobody can be asked.
    """
    if not interactive():
        raise needed(option, what)
    while True:
        answer: str = click.prompt(question, default=default, err=True)
        try:
            return read(answer.strip())
        except UsageProblem as problem:
            click.echo(f"{problem}", err=True)
