"""The cold engine: a tree on disk and a fresh pytest process. Every other engine answers to it."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from filelock import FileLock

from bugbash.errors import EnvironmentProblem
from bugbash.resources import home
from bugbash.targets.interpreters import own
from bugbash.trials.condition import USUAL, Condition
from bugbash.trials.outcome import Trial, read_results, trial_of
from bugbash.trials.slot import Slot
from bugbash.trials.strays import end_strays
from bugbash.trials.workers import HaltedRun

_RUNNER = Path(__file__).with_name("inside") / "runner.py"
_LOG_LIMIT = 4_000
_PASSED_ON = (
    "PATH", "SYSTEMROOT", "COMSPEC", "PATHEXT", "WINDIR", "NUMBER_OF_PROCESSORS",
    "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",  # a Python may need them to start
)  # fmt: skip
_POLL_S = 0.2


@dataclass(frozen=True)
class Suite:
    """What to run and how long: the part of a run that the baseline decides."""

    left_out: tuple[str, ...] = ()
    ignored_files: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    """Test ids or paths; empty: what plain `pytest` would run."""
    maxfail: int = 0
    keep_going: bool = False
    """Run what can be collected although some files can't."""
    coverage: bool = False
    alone: bool = False
    """Wait until no other run that must be alone is under way."""
    control: str = ""
    """Name of a test to plant that must fail; empty: none."""
    first: tuple[str, ...] = ()
    """Test ids to run before all others, in this order."""
    watch_writes: bool = False
    """Note which test writes which file of the tree."""


Watch = Callable[[int, int], None]
"""Told while a run goes on: tests done, tests collected (0 while not known)."""


def run_suite(
    slot: Slot,
    suite: Suite,
    condition: Condition = USUAL,
    watch: Watch | None = None,
    halt: Event | None = None,
) -> Trial:
    """Run the suite over the slot's tree as it stands. Never raises for what the suite does.

    Raises EnvironmentProblem where Python itself does not come up, and HaltedRun, with every
    process ended, when `halt` is set meanwhile.
    """
    with turn() if suite.alone else contextlib.nullcontext():
        return _run(slot, suite, condition, watch, halt)


def turn() -> FileLock:
    """The lock that runs which must be alone take in turn."""
    return FileLock(home() / "alone.lock")


def _run(
    slot: Slot, suite: Suite, condition: Condition, watch: Watch | None, halt: Event | None
) -> Trial:
    slot.empty_scratch()
    results = slot.folder / "results.jsonl"
    results.unlink(missing_ok=True)
    request = slot.folder / "request.json"
    request.write_text(json.dumps(request_of(slot, suite, condition, results)), "utf-8")
    log = slot.folder / "log.txt"
    start = time.monotonic()
    with log.open("wb") as output:
        process = _start(slot, condition, request, output.fileno())
        limit = slot.target.spec.suite_limit_s
        try:
            in_time = _wait(process, limit, _Progress(results, watch), halt or Event())
        finally:
            end_group(process)
            end_strays(slot.home)
    seconds = time.monotonic() - start
    facts = read_results(results)
    if in_time and not facts:  # not even `began`: no code of the suite was reached
        raise EnvironmentProblem(
            f"the Python of {slot.folder} does not run: {_last_line(_tail(log))}. Run "
            "`bugbash clean --cache` and try again."
        )
    return trial_of(facts, "finished" if in_time else "timeout", seconds, _tail(log))


def request_of(slot: Slot, suite: Suite, condition: Condition, results: Path) -> dict[str, object]:
    """What a process of the target's Python has to know to run the suite over a slot."""
    spec = slot.target.spec
    return {
        "parent": os.getpid(),
        "tree": str(slot.tree),
        "results": str(results),
        "cache": str(slot.scratch / "cache"),
        "deselect": [*spec.deselect, *suite.left_out],
        "ignore": list(suite.ignored_files),
        "only": list(suite.only),
        "maxfail": suite.maxfail,
        "keep_going": suite.keep_going,
        "control": suite.control,
        "first": list(suite.first),
        "watch_writes": suite.watch_writes,
        "clock_ahead_s": condition.clock_ahead_s,
        "pytest_args": list(spec.pytest_args),
        "test_limit_s": spec.test_limit_s,
        "reverse_listing": condition.reverse_listing,
        "sources": [str(slot.tree / source) for source in spec.sources],
        "pytest_timeout": _module_file("pytest_timeout"),
        "coverage": suite.coverage,
        "coverage_home": _coverage_home(slot) if suite.coverage else "",
    }


def _coverage_home(slot: Slot) -> str:
    """Where `coverage` lies; nothing where the target's Python can't load its compiled part."""
    if slot.environment.interpreter.numbers != own().numbers:
        return ""
    return str(Path(_module_file("coverage")).parents[1])


def _module_file(name: str) -> str:
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise EnvironmentProblem(f"{name} is not installed beside bugbash: install bugbash again.")
    return found.origin


def start_environment(slot: Slot, condition: Condition) -> dict[str, str]:
    """The environment variables of a run: nothing of the user's but where programs are."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    scratch = slot.scratch
    environment.update(
        HOME=str(slot.home),
        USERPROFILE=str(slot.home),
        TMPDIR=str(scratch / "tmp"),
        TEMP=str(scratch / "tmp"),
        TMP=str(scratch / "tmp"),
        PYTHONNOUSERSITE="1",
        COVERAGE_CORE="ctrace",
        **condition.environment(),
    )
    environment.update(slot.target.spec.environment)
    return environment


def _start(slot: Slot, condition: Condition, request: Path, output: int) -> subprocess.Popen[bytes]:
    new_group = 0
    if sys.platform == "win32":
        new_group = subprocess.CREATE_NEW_PROCESS_GROUP
    try:
        return subprocess.Popen(
            [str(slot.python), str(_RUNNER), str(request)],
            cwd=slot.tree,
            env=start_environment(slot, condition),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            creationflags=new_group,
        )
    except OSError as error:
        raise EnvironmentProblem(
            f"Python could not be started in {slot.folder} ({error.strerror}): run "
            "`bugbash clean --cache` and try again."
        ) from error


def _wait(process: subprocess.Popen[bytes], limit: float, progress: _Progress, halt: Event) -> bool:
    """Wait for the end; False when the limit came first."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if _ended(process, min(_POLL_S, max(0.0, deadline - time.monotonic()))):
            return True
        if halt.is_set():
            raise HaltedRun
        progress.tell()
    return False


def _ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether the process ends within this time; told at once where the system can."""
    if not hasattr(os, "pidfd_open"):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        return process.poll() is not None
    if process.poll() is not None:
        return True
    handle = os.pidfd_open(process.pid)
    try:
        select.select([handle], [], [], seconds)
    finally:
        os.close(handle)
    return process.poll() is not None


class _Progress:
    """Follows a results file while it grows."""

    def __init__(self, results: Path, watch: Watch | None) -> None:
        self._results = results
        self._watch = watch
        self._offset = 0
        self._done = 0
        self._collected = 0

    def tell(self) -> None:
        if self._watch is None:
            return
        with contextlib.suppress(FileNotFoundError), self._results.open("rb") as file:
            file.seek(self._offset)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self._offset += len(line)
                if line.startswith(b'{"finished"'):
                    self._done += 1
                elif line.startswith(b'{"collected"'):
                    self._collected = len(json.loads(line)["collected"])
        self._watch(self._done, self._collected)


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End the process and whatever it left running in its group."""
    if sys.platform == "win32":
        _end_tree(process.pid)
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _end_tree(pid: int) -> None:
    import psutil

    with contextlib.suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        for child in [*parent.children(recursive=True), parent]:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].rstrip(".")[:200] if lines else "it said nothing"


def _tail(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - _LOG_LIMIT))
        return file.read().decode("utf-8", "replace")
