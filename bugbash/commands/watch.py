"""`bugbash watch`: the tests again after each save."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bugbash.commands.test import ForPytest
from bugbash.errors import EnvironmentProblem
from bugbash.plain import plain
from bugbash.store import Store

if TYPE_CHECKING:
    from bugbash.targets.spec import Target
    from bugbash.workspace.attempt import Attempt

GREEN, USAGE = 0, 4
"""Exit codes of pytest."""
_OWN_END_S = 2.0
_PAUSE_MS = 150
_LAST_FAILED = ".pytest_cache/v/cache/lastfailed"
_SETTINGS = (".py", ".pyi", ".toml", ".ini", ".cfg")
_CHOOSING = (
    "-k", "-m", "--lf", "--last-failed", "--ff", "--failed-first", "--nf", "--new-first", "--sw",
    "--stepwise", "--deselect", "--ignore", "--pyargs",
)  # fmt: skip
_NO_EVENTS = (
    "the system gives no more notice of saved files ({}): close other programs that watch files, "
    "or type `bugbash watch --poll`."
)


@click.command(
    cls=ForPytest,
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
    epilog="Example: bugbash watch -k money",
)
@click.option(
    "--poll",
    is_flag=True,
    help="Look at the files several times a second, where the system tells nothing of a save: on "
    "network drives, in shared folders of containers, in WSL's /mnt/c.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...], poll: bool) -> None:
    """Run the tests now and after each save; ARGUMENTS are pytest's.

    Where ARGUMENTS choose no tests: those that failed last, and all as soon as these pass. A save
    during a run starts the next one when it has ended; nothing ends a debugger. Ctrl-C ends.
    """
    from bugbash.targets.environment import environment_of
    from bugbash.workspace.attempt import find, target_of
    from bugbash.workspace.make import repair_venv

    attempt = find(Store(), Path())
    target = target_of(attempt.scenario)
    repair_venv(attempt, target, environment_of(target))
    runs = Runs(attempt, target, arguments)
    saves = Saves(attempt, target)
    how = "looking at the files all the time" if poll else "waiting for saves"
    click.secho(f"{attempt.workspace}: {how}; Ctrl-C ends.", dim=True, err=True)
    ended = signal.signal(signal.SIGTERM, _interrupt)
    try:
        _go_on(runs, saves, poll)
    finally:
        runs.stop()
        signal.signal(signal.SIGTERM, ended)


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


def _go_on(runs: Runs, saves: Saves, poll: bool) -> None:
    """Start a run now, and one after each batch of saves, for ever."""
    runs.start("")
    waiting: list[str] = []
    for names in saves.batches(poll):
        waiting += [name for name in names if name not in waiting]
        if runs.are_going():
            continue
        if waiting:
            if runs.start(", ".join(waiting[:3]) + (" ..." if len(waiting) > 3 else "")):
                waiting = []
        elif runs.has_more():
            runs.start("")


class Runs:
    """One run of pytest after the other, and which tests are in the next."""

    def __init__(self, attempt: Attempt, target: Target, arguments: tuple[str, ...]) -> None:
        from bugbash.targets.venv import python_of

        self._workspace = attempt.workspace
        self._python = python_of(attempt.workspace / ".venv")
        self._given = arguments
        self._always = target.spec.pytest_args
        self._child: subprocess.Popen[bytes] | None = None
        self._may_narrow = not _choose_tests(arguments)
        """Whether a run may be of the tests that failed last."""
        self._narrow = self._may_narrow and _some_failed_last(attempt.workspace)
        """Whether the next run is."""
        self._was_narrow = False
        self._more = False
        self._remembers = True
        """False where the project turns off pytest's memory of what failed."""

    def start(self, saved: str) -> bool:
        """Start a run because of what was saved; False where there is no Python just now."""
        if not self._python.exists():  # `bugbash reset` is at it
            return False
        self._more = False
        self._was_narrow = self._narrow and self._remembers
        which = "what failed last" if self._was_narrow else "all tests"
        which = which if self._may_narrow else " ".join(self._given)
        line = f"{time.strftime('%H:%M:%S')}  {plain(saved) + ': ' if saved else ''}{plain(which)}"
        click.secho(line, fg="cyan", err=True)
        extra = ("--last-failed",) if self._was_narrow else ()
        words = [str(self._python), "-m", "pytest", *self._always, *extra, *self._given]
        # What a PYTHONPATH names would come before the workspace's own code.
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        environment["BUGBASH_VIA"] = "watch"
        # A .pyc counts as fresh for a file of the same size saved in the same second, as by an
        # editor that formats on save: none is written by runs that follow saves so closely.
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        where = self._workspace if self._may_narrow else None  # ARGUMENTS are as seen from here
        self._child = subprocess.Popen(words, cwd=where, env=environment)
        return True

    def are_going(self) -> bool:
        """Whether a run is under way; when one has just ended, decide on the next."""
        if self._child is None:
            return False
        code = self._child.poll()
        if code is None:
            return True
        self._child = None
        if self._was_narrow and code == USAGE:
            self._remembers = False
        self._more = self._was_narrow and code in (GREEN, USAGE)
        self._narrow = self._may_narrow and not self._more and code != GREEN
        return False

    def has_more(self) -> bool:
        """Whether all tests are to be run, because those that failed pass now."""
        return self._more

    def stop(self) -> None:
        """End the run and all that it started."""
        import psutil

        if self._child is None or self._child.poll() is not None:
            return
        try:
            family = psutil.Process(self._child.pid).children(recursive=True)
        except psutil.Error:
            family = []
        if not self._ends() and os.name == "posix":  # Ctrl-C has reached it too, if typed here
            self._child.send_signal(signal.SIGINT)
        if not self._ends():
            self._child.kill()
        for process in family:
            try:
                process.kill()
            except psutil.Error:
                continue

    def _ends(self) -> bool:
        """Whether the run ends within a moment; another Ctrl-C is the end of waiting."""
        try:
            return self._child is None or self._child.wait(_OWN_END_S) is not None
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            return False


def _choose_tests(arguments: tuple[str, ...]) -> bool:
    return any(not word.startswith("-") or word.startswith(_CHOOSING) for word in arguments)


def _some_failed_last(workspace: Path) -> bool:
    """Whether pytest remembers failures, where it keeps them unless told otherwise.

    Where it remembers none, `--last-failed` runs all tests, and they would be run once more.
    """
    try:
        return bool(json.loads((workspace / _LAST_FAILED).read_text("utf-8")))
    except (OSError, ValueError):
        return False


class Saves:
    """What is saved in the workspace: of the project's own files, and of new modules."""

    def __init__(self, attempt: Attempt, target: Target) -> None:
        from bugbash.files import walk
        from bugbash.recording.journal import LEFT_OUT
        from bugbash.recording.timeline import is_recorded

        self._attempt = attempt
        self._root = Path(os.path.realpath(attempt.workspace))
        self._left_out = LEFT_OUT
        self._project = {path.as_posix() for path in walk(target.tree)}
        self._recorded = is_recorded(attempt.id)
        self._told = False
        self._contents = {name: _content(self._root / name) for name in self._project}
        self._stamps: dict[str, tuple[int, int] | None] = {}

    def batches(self, poll: bool) -> Iterator[list[str]]:
        """The names of the files of each batch of saves; an empty list when nothing happened.

        Raises EnvironmentProblem where the system gives no notice, or the workspace is gone.
        """
        import watchfiles

        try:
            changes = watchfiles.watch(
                self._root,
                watch_filter=lambda _, path: self._name(path) is not None,
                debounce=1000,
                step=_PAUSE_MS,
                rust_timeout=_PAUSE_MS,
                yield_on_timeout=True,
                force_polling=True if poll else None,
                poll_delay_ms=_PAUSE_MS,
                ignore_permission_denied=True,
            )
            paths = {str(self._root / name) for name in self._project}  # saved before we looked
            for batch in changes:
                if not self._root.is_dir():
                    raise EnvironmentProblem(f"{self._root} is gone: nothing is left to watch.")
                if poll:  # who polls compares whole seconds: two saves in one look like one
                    paths |= self._touched()
                yield self._changed(sorted(paths | {path for _, path in batch}))
                paths = set()
        except OSError as error:
            raise EnvironmentProblem(_NO_EVENTS.format(error)) from error

    def _name(self, path: str) -> str | None:
        """A file's path below the workspace; None where its saves start no run.

        Whatever else the tests write there starts none either.
        """
        try:
            parts = Path(path).relative_to(self._root).parts
        except ValueError:
            return None
        name = "/".join(parts)
        known = name in self._project or name.endswith(_SETTINGS)
        return name if known and not self._left_out & set(parts) else None

    def _touched(self) -> set[str]:
        """The project's files with another size or time than at the last look."""
        now = {name: _stamp(self._root / name) for name in self._project}
        found = {name for name, stamp in now.items() if stamp != self._stamps.get(name)}
        self._stamps = now
        return {str(self._root / name) for name in found}

    def _changed(self, paths: list[str]) -> list[str]:
        """The names of those that hold something else than before, which is recorded."""
        names = []
        for name in filter(None, map(self._name, paths)):
            content = _content(self._root / name)
            if content != self._contents.get(name):
                self._contents[name] = content
                names.append(name)
        if names and self._recorded:
            self._tell()
        return names

    def _tell(self) -> None:
        from bugbash.recording.timeline import tell

        try:
            tell(self._attempt.id, "save", self._attempt.workspace)
        except OSError as error:
            if not self._told:
                why = error.strerror or str(error)
                click.echo(f"bugbash: this save was not recorded ({why}).", err=True)
            self._told = True


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _content(path: Path) -> int | None:
    """Something that differs where a file's content does; None where there is none."""
    try:
        return hash(path.read_bytes())
    except OSError:
        return None
