"""Options that several commands share."""

from __future__ import annotations

import functools
import shlex
from collections.abc import Callable, Container, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click

from bugbash.errors import UsageProblem
from bugbash.targets.overrides import Overrides

F = TypeVar("F", bound=Callable[..., Any])

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")


def target_options(command: F) -> F:
    """Adds `--tests --source --with --spec`, handed on as the argument `overrides`."""

    @click.option(
        "--tests", multiple=True, metavar="PATH", help="Only these test files or folders."
    )
    @click.option(
        "--source", multiple=True, metavar="PATH", help="Only these source files or folders."
    )
    @click.option(
        "--with", "with_", multiple=True, metavar="NAME", help="Another package the tests need."
    )
    @click.option(
        "--spec",
        "spec_file",
        type=click.Path(path_type=Path, dir_okay=False),
        help="A TOML file that says how to run the target.",
    )
    @functools.wraps(command)
    def with_overrides(
        *args: Any,
        tests: tuple[str, ...],
        source: tuple[str, ...],
        with_: tuple[str, ...],
        spec_file: Path | None,
        **kwargs: Any,
    ) -> Any:
        return command(*args, overrides=Overrides(tests, source, with_, spec_file), **kwargs)

    return with_overrides  # type: ignore[return-value]


def bug_options(command: F) -> F:
    """Adds `--family --mutator --mutators`."""
    for decorate in (
        click.option(
            "--mutators",
            "mutator_folders",
            multiple=True,
            type=click.Path(path_type=Path, file_okay=False),
            help="A folder of mutators of your own.",
        ),
        click.option(
            "--mutator", "mutators", multiple=True, help="Only this mutator (repeatable)."
        ),
        click.option("--family", "families", multiple=True, help="Only this family (repeatable)."),
    ):
        command = decorate(command)
    return command


def refuse_typed(why: str, names: Container[str], others: bool = False) -> None:
    """Raises UsageProblem, with what to leave out, where one of these parameters was typed.

    With `others`, where one was that is none of these.
    """
    for parameter in _typed():
        name = parameter.name or ""
        if (name in names) is not others:
            word = parameter.opts[0] if parameter.param_type_name == "option" else name.upper()
            raise UsageProblem(f"{why}: leave {word} out.")


def typed_none_but(names: Container[str]) -> bool:
    """Whether no other parameters than these were typed."""
    return all((parameter.name or "") in names for parameter in _typed())


def _typed() -> Iterator[click.Parameter]:
    """The parameters of the command that runs whose values were typed."""
    context = click.get_current_context()
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        if source is click.core.ParameterSource.COMMANDLINE:
            yield parameter


def as_typed(overrides: Overrides, **lists: tuple[Any, ...]) -> tuple[str, ...]:
    """The options that were given, as words of a command line."""
    words: list[str] = []
    named = {
        **lists,
        "tests": overrides.tests,
        "source": overrides.sources,
        "with": overrides.with_,
    }
    for name, values in named.items():
        for value in values:
            words += [f"--{name}", str(value)]
    if overrides.spec_file is not None:
        words += ["--spec", str(overrides.spec_file)]
    return tuple(words)


def quoted(path: Path | str) -> str:
    """A path as one word of a shell."""
    return shlex.quote(str(path))
