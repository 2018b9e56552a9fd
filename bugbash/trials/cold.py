"""The cold engine: a tree on disk and a fresh pytest process. Every other engine answers to it."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bugbash.errors import EnvironmentProblem
from bugbash.trials.condition import USUAL, Condition
from bugbash.trials.outcome import Trial, read_results, trial_of
from bugbash.trials.slot import Slot

_RUNNER = Path(__file__).with_name("runner.py")
_LOG_LIMIT = 4_000
_PASSED_ON = ("PATH", "SYSTEMROOT", "COMSPEC", "PATHEXT", "WINDIR", "NUMBER_OF_PROCESSORS")
_POLL_S = 0.02


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
    control: str = ""
    """Name of a test to plant that must fail; empty: none."""


Watch = Callable[[int, int], None]
"""Told while a run goes on: tests done, tests collected (0 while not known)."""


def run_suite(
    slot: Slot, suite: Suite, condition: Condition = USUAL, watch: Watch | None = None
) -> Trial:
    """Run the suite over the slot's tree as it stands. Never raises for what the suite does."""
    slot.empty_scratch()
    results = slot.folder / "results.jsonl"
    results.unlink(missing_ok=True)
    request = slot.folder / "request.json"
    request.write_text(json.dumps(_request(slot, suite, condition, results)), "utf-8")
    log = slot.folder / "log.txt"
    start = time.monotonic()
    with log.open("wb") as output:
        process = _start(slot, condition, request, output.fileno())
        limit = slot.target.spec.suite_limit_s
        try:
            in_time = _wait(process, limit, results, watch)
        finally:
            _end_group(process)
    seconds = time.monotonic() - start
    facts = read_results(results)
    return trial_of(facts, "finished" if in_time else "timeout", seconds, _tail(log))


def _request(slot: Slot, suite: Suite, condition: Condition, results: Path) -> dict[str, object]:
    spec = slot.target.spec
    return {
        "tree": str(slot.tree),
        "results": str(results),
        "cache": str(slot.scratch / "cache"),
        "deselect": [*spec.deselect, *suite.left_out],
        "ignore": list(suite.ignored_files),
        "only": list(suite.only),
        "maxfail": suite.maxfail,
        "keep_going": suite.keep_going,
        "control": suite.control,
        "pytest_args": list(spec.pytest_args),
        "test_limit_s": spec.test_limit_s,
        "reverse_listing": condition.reverse_listing,
        "sources": [str(slot.tree / source) for source in spec.sources],
        "pytest_timeout": _module_file("pytest_timeout"),
        "coverage_home": str(Path(_module_file("coverage")).parents[1]) if suite.coverage else "",
    }


def _module_file(name: str) -> str:
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise EnvironmentProblem(f"{name} is not installed beside bugbash: install bugbash again.")
    return found.origin


def start_environment(slot: Slot, condition: Condition) -> dict[str, str]:
    """The environment variables of a run: nothing of the user's but the path to programs."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    scratch = slot.scratch
    environment.update(
        HOME=str(scratch / "home"),
        USERPROFILE=str(scratch / "home"),
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


def _wait(
    process: subprocess.Popen[bytes], limit: float, results: Path, watch: Watch | None
) -> bool:
    """Wait for the end; False when the limit came first."""
    deadline = time.monotonic() + limit
    if watch is None:
        try:
            process.wait(limit)
        except subprocess.TimeoutExpired:
            return False
        return True
    progress = _Progress(results)
    while time.monotonic() < deadline:
        try:
            process.wait(_POLL_S * 10)
        except subprocess.TimeoutExpired:
            watch(*progress.read())
        else:
            return True
    return False


class _Progress:
    """Follows a results file while it grows."""

    def __init__(self, results: Path) -> None:
        self._results = results
        self._offset = 0
        self._done = 0
        self._collected = 0

    def read(self) -> tuple[int, int]:
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
        return self._done, self._collected


def _end_group(process: subprocess.Popen[bytes]) -> None:
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


def _tail(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - _LOG_LIMIT))
        return file.read().decode("utf-8", "replace")
