"""Trying mutators on their own examples, in processes that end whatever the mutators do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bugbash.errors import EnvironmentProblem
from bugbash.mutation.mutator_file import MutatorProblem
from bugbash.mutation.trying_words import UNSTEADY, problem, remarks

LIMIT_S = 10.0
"""Seconds that loading a file, or one example, may take; milliseconds are usual."""
_GRACE_S = 20.0
"""Seconds after which a process that can't even say where it is stuck is ended."""
_HASH_SEEDS = ("1", "2")
"""A set of texts has another order under each."""
_START = (
    "import sys; sys.path[:] = {path!r}; from bugbash.mutation.trying_child import main; main()"
)


@dataclass(frozen=True)
class Remark:
    """Something to say about a mutator's file."""

    line: int | None
    text: str
    trace: tuple[str, ...] = ()
    """The last lines of Python's traceback, where the file's own code raised."""


@dataclass(frozen=True)
class TriedExample:
    """One example, and what the mutator really made of it."""

    number: int
    """From 1, in the order of `examples`."""
    line: int | None
    before: str
    expected: tuple[str, ...]
    got: tuple[str, ...]
    problem: str
    """Why it does not hold; "" where it holds."""
    ran: bool = True
    """False where its code can't be read."""


@dataclass(frozen=True)
class Tried:
    """What came out about one mutator's file."""

    file: Path
    name: str = ""
    """"" where the file does not even load."""
    family: str = ""
    name_line: int | None = None
    examples: tuple[TriedExample, ...] = ()
    errors: tuple[Remark, ...] = ()
    """Why it can't be used at all."""
    warnings: tuple[Remark, ...] = ()
    """What makes it a bad one."""

    @property
    def failing(self) -> tuple[TriedExample, ...]:
        return tuple(example for example in self.examples if example.problem)


@dataclass
class _Report:
    """What the process said of one file so far."""

    about: dict[str, Any] = field(default_factory=dict)
    examples: list[dict[str, Any]] = field(default_factory=list)
    errors: list[Remark] = field(default_factory=list)
    at: int = 0
    """The example that is being tried; 0 while the file loads."""


def require_fit(files: Sequence[Path]) -> None:
    """Raises MutatorProblem for the first file that can't be used or has an example that fails."""
    reports = _reports(files, LIMIT_S, _HASH_SEEDS[0], _Running())
    for report, file in zip(reports, files, strict=True):
        tried = _tried(file, report)
        for error in tried.errors:
            raise MutatorProblem(file, error.line, error.text, error.trace)
        for example in tried.failing:
            raise MutatorProblem(file, example.line, said(example))


def said(example: TriedExample) -> str:
    """The sentence for an example that does not hold."""
    return f"example {example.number} does not hold: {example.problem}."


def try_files(files: Sequence[Path], limit_s: float = LIMIT_S) -> tuple[Tried, ...]:
    """Try each file's mutator on its examples, twice, under two hash seeds.

    Loading a file and each example may take `limit_s` seconds. Nothing is raised for what authors
    do wrong: it is in the result. Names that are taken are not looked at.
    """
    running = _Running()
    with ThreadPoolExecutor(len(_HASH_SEEDS)) as pool:
        runs = [pool.submit(_reports, files, limit_s, seed, running) for seed in _HASH_SEEDS]
        try:
            first, second = (run.result() for run in runs)
        except BaseException:  # Ctrl-C, most of all: the pool waits for its threads
            running.stop()
            raise
    return tuple(
        _compared(_tried(file, one), _tried(file, other))
        for file, one, other in zip(files, first, second, strict=True)
    )


class _Running:
    """The processes that try mutators now, so that all of them can be ended."""

    def __init__(self) -> None:
        self.stopped = False
        self._processes: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()

    def add(self, process: subprocess.Popen[str]) -> None:
        with self._lock:
            self._processes.add(process)
            if self.stopped:
                process.kill()

    def end(self, process: subprocess.Popen[str]) -> None:
        with self._lock:
            self._processes.discard(process)
        process.kill()
        process.wait()

    def stop(self) -> None:
        with self._lock:
            self.stopped = True
            for process in self._processes:
                process.kill()


def _reports(
    files: Sequence[Path], limit_s: float, hash_seed: str, running: _Running
) -> list[_Report]:
    """What is said of each file; a file that ends its process does not end the others."""
    reports: list[_Report] = []
    while len(reports) < len(files) and not running.stopped:
        begun = _one_process(files[len(reports) :], limit_s, hash_seed, running)
        if not begun:
            raise EnvironmentProblem(
                f"the process that tries mutators did not start: `{sys.executable} -c 'import "
                "bugbash'` says why."
            )
        reports += begun
    return reports


def _one_process(
    files: Sequence[Path], limit_s: float, hash_seed: str, running: _Running
) -> list[_Report]:
    """What one process says of the files that it came to: all, or those up to one that ended it."""
    reports: list[_Report] = []
    ended = False
    for kind, *what in _lines(files, limit_s, hash_seed, running):
        if kind == "begun" and what[1] == 0:
            reports.append(_Report())
        if kind == "end":
            ended = True
            break
        _note(reports[-1], kind, what[1:], limit_s)
    if reports and not ended and not reports[-1].errors:
        where = _where(reports[-1].at)
        reports[-1].errors.append(Remark(None, f"it ends the process that runs it, {where}."))
    return reports


def _note(report: _Report, kind: str, what: list[Any], limit_s: float) -> None:
    if kind == "begun":
        report.at = what[0]
    elif kind == "loaded":
        report.about = what[0]
    elif kind == "example":
        report.examples.append(what[0])
    elif kind == "refused":
        line, why, trace = what
        report.errors.append(Remark(line, why, tuple(trace)))
    elif kind == "stuck":
        at, line = what
        why = f"it does not come to an end, {_where(at)}: {limit_s:g} seconds were not enough."
        report.errors.append(Remark(line, why))


def _where(example: int) -> str:
    return f"on example {example}" if example else "while it is loaded"


def _lines(
    files: Sequence[Path], limit_s: float, hash_seed: str, running: _Running
) -> Iterator[list[Any]]:
    """What the process writes, line by line; it is ended when it falls silent."""
    start = _START.format(path=[entry for entry in sys.path if entry] or sys.path)
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONUTF8": "1"}
    asked = json.dumps({"files": [str(file) for file in files], "limit_s": limit_s})
    process = subprocess.Popen(
        [sys.executable, "-c", start],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        text=True,
        encoding="utf-8",
    )
    running.add(process)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        with suppress(OSError), process.stdin as questions:  # it may have ended at once
            questions.write(asked + "\n")
        while (line := _line_within(process, limit_s + _GRACE_S)).endswith("\n"):
            yield json.loads(line)
    finally:
        process.stdout.close()
        running.end(process)


def _line_within(process: subprocess.Popen[str], seconds: float) -> str:
    """The next line; "" when the process ended, which it is made to do after `seconds`."""
    assert process.stdout is not None
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        return process.stdout.readline()
    finally:
        timer.cancel()


def _tried(file: Path, report: _Report) -> Tried:
    about = report.about
    if not about:
        return Tried(file, errors=tuple(report.errors))
    return Tried(
        file,
        name=about["name"],
        family=about["family"],
        name_line=about["lines"]["name"],
        examples=tuple(_example(row) for row in report.examples),
        errors=tuple(report.errors),
        warnings=tuple(Remark(*found) for found in remarks(about, report.examples)),
    )


def _example(row: dict[str, Any]) -> TriedExample:
    return TriedExample(
        number=row["number"],
        line=row["line"],
        before=row["before"],
        expected=tuple(row["expected"]),
        got=tuple(row["got"]),
        problem=problem(row),
        ran=not row["unreadable"],
    )


def _compared(one: Tried, other: Tried) -> Tried:
    """What two runs say together: an example holds when it holds in both."""
    if one.errors or other.errors:
        return one if one.errors else other
    pairs = list(zip(one.examples, other.examples, strict=True))
    examples = tuple(b if b.problem and not a.problem else a for a, b in pairs)
    known = {remark.line for remark in one.warnings if remark.text.endswith(UNSTEADY)}
    changing = [
        Remark(a.line, f"example {a.number} {UNSTEADY}")
        for a, b in pairs
        if a.got != b.got and a.line not in known
    ]
    return replace(one, examples=examples, warnings=(*one.warnings, *changing))
