"""The `bugbash` command: a lazy group, so that a command imports only what it needs."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from typing import Any, NoReturn

import click

from bugbash import __version__
from bugbash.errors import BugbashError, UsageProblem, nearest
from bugbash.plain import plain

COMMANDS: dict[str, str] = {
    "new": "Make a broken repository with a failure report.",
    "test": "Run pytest in the workspace's own environment.",
    "watch": "Run the tests again after each save.",
    "hypothesis": "Say what you suspect, and later whether it was right.",
    "note": "Write a time-stamped note.",
    "status": "Show the clock and how far this attempt is.",
    "hint": "Give the next of four hints, for points.",
    "check": "Say whether the bug is fixed, and grade the attempt.",
    "report": "Show an attempt over time, as one HTML page.",
    "reveal": "End the attempt and show the reference fix.",
    "reset": "Put the workspace back to how it was served.",
    "list": "List targets to play and unfinished attempts.",
    "history": "Show your progress by family, mutator and target.",
    "next": "Pick the scenario that you need most, and say why.",
    "pack": "Make an exercise for each student of a class, and the key.",
    "submit": "Hand in a packed exercise: changes, commits, test runs.",
    "doctor": "Say whether this machine is ready.",
    "clean": "Remove old attempts and caches.",
    "targets": "Show and check targets and their specs.",
    "mutators": "Show the mutation operators, with examples.",
    "scan": "Try every mutant of a target.",
    "mine": "Find real fixes in a git history that can be replayed.",
    "scenario": "Write scenarios of your own and prove that they are fair.",
    "export": "Write bugs as instances of SWE-bench or SWE-smith.",
    "catalogue": "Rebuild or prove the catalogue of a vendored target.",
}


class LazyGroup(click.Group):
    """Lists commands from a table; imports `bugbash.commands.<name>` when one is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"bugbash.commands.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise UsageProblem(f"no such command: {args[0]}. {nearest(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: bugbash new",
)
@click.version_option(__version__, prog_name="bugbash")
def main() -> None:
    """Practise the debugging round: a realistic broken repository, a failure report, red tests.

    Debug it with your own editor, pytest and git; `bugbash check` says whether it is fixed.
    """


def run(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit: the one place that turns errors into exit codes."""
    stdout = sys.stdout
    try:
        code = main.main(arguments, prog_name="bugbash", standalone_mode=False, color=coloured())
    except BugbashError as error:
        code = _fail(str(error), error.exit_code)
    except click.exceptions.Abort:
        code = _fail("interrupted.", 130)
    except click.ClickException as error:
        _write(error.show)
        code = error.exit_code
    except click.exceptions.Exit as error:
        code = error.exit_code
    except KeyboardInterrupt:
        code = _fail("interrupted.", 130)
    except SystemExit as error:
        # Click puts a stdout of its own in place when the reader went away (`| head`): all is well.
        code = error.code if sys.stdout is stdout else 0
    except OSError as error:
        code = _fail(_os_problem(error), 3)
    sys.exit(_flushed(code if isinstance(code, int) else 0))


def _flushed(code: int) -> int:
    """The exit code when all is written out; Python's own attempt at the end would change it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            if stream is sys.stdout and code == 0 and not isinstance(error, BrokenPipeError):
                code = _fail(_os_problem(error), 3)
    return code


def coloured() -> bool | None:
    """False where the user wants no colours (https://no-color.org); None: click decides."""
    return False if os.environ.get("NO_COLOR") else None


def _fail(message: str, code: int) -> int:
    def say() -> None:
        head = click.style("bugbash: ", fg="red", bold=True)
        click.echo(head + plain(message), err=True, color=coloured())

    _write(say)
    return code


def _write(say: Any) -> None:
    with contextlib.suppress(OSError):  # stderr has gone away, or is full as well
        say()


def _os_problem(error: OSError) -> str:
    import errno

    where = f" ({error.filename})" if error.filename else ""
    if error.errno == errno.ENOSPC:
        return f"the disk is full{where}: free some space and try again; nothing was lost."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"no permission{where}: choose a folder that you can write to."
    return f"{error.strerror or error}{where}"
