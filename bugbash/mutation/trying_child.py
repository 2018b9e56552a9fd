"""The process that tries mutators: what their authors' code does here harms nothing else.

Started by `trying`; reads `{"files": [...], "limit_s": 10.0}` from stdin and writes one JSON list
a line. What the mutators print goes nowhere, and is told.
"""

from __future__ import annotations

import ast
import io
import json
import os
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

from bugbash.mutation.context import Context
from bugbash.mutation.data_files import UnreadableData, meaning
from bugbash.mutation.data_source import DataSource
from bugbash.mutation.mutator import Example, Faulty, FileMutator, Mutator, TextChange
from bugbash.mutation.mutator_file import (
    MutatorProblem,
    error_line,
    example_line,
    last_lines,
    load_file,
    one_line,
    part_line,
    results,
)
from bugbash.mutation.sites import MutatorFails, faulty_nodes, placed, rewritings
from bugbash.mutation.source import Source, UnreadableSource
from bugbash.mutation.usage import leaves_behind
from bugbash.syntax import parse

MEMORY = 2 << 30
"""Bytes that the process may take, where the system has such a limit."""
STUCK = 3
"""The exit code after a mutator that did not come to an end."""

SAME = "means the same as before"
BROKEN = "does not parse"
NOWHERE = "can't be removed from where it stands"
UNREAD = "leaves a name behind that nothing reads or fills, which any linter would point at"
"""Why something that a mutator yields is no mutant."""


class Stream:
    """Where the parent reads; one list a line."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._lock = threading.Lock()

    def tell(self, *what: Any) -> None:
        with self._lock:
            self._file.write(json.dumps(what) + "\n")
            self._file.flush()


class Ear(io.TextIOBase):
    """Takes the place of stdout and stderr, and notes what was written from which line."""

    def __init__(self) -> None:
        self.path = ""
        self.heard = ""
        self.line: int | None = None

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not self.heard:
            self.line = _line_now(sys._getframe(1), self.path)
        self.heard += text
        return len(text)


def main() -> None:
    """Try every file that was named on stdin."""
    asked = json.loads(sys.stdin.readline())
    stream = Stream(os.fdopen(os.dup(1), "w", encoding="utf-8"))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    sys.stdin = io.StringIO()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # not one more exception of the mutator's
    ear = Ear()
    sys.stdout = sys.stderr = ear
    warnings.simplefilter("ignore")
    _limit_memory()
    for number, file in enumerate(asked["files"]):
        _try_file(number, Path(file), asked["limit_s"], stream, ear)
    stream.tell("end")
    os._exit(0)


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, most))


def _try_file(number: int, path: Path, limit_s: float, stream: Stream, ear: Ear) -> None:
    ear.path, ear.heard = str(path.absolute()), ""
    try:
        with _watched(number, 0, path, limit_s, stream):
            mutator = load_file(path)
        stream.tell("loaded", number, _about(mutator, path))
        _check_silence(ear, path)
        for count in range(1, len(mutator.examples) + 1):
            with _watched(number, count, path, limit_s, stream):
                tried = _tried(mutator, count, path)
            stream.tell("example", number, tried)
            _check_silence(ear, path)
    except MutatorProblem as problem:
        stream.tell("refused", number, problem.line, problem.why, problem.trace)
    except MutatorFails as problem:
        trace = last_lines(problem.__cause__) if problem.__cause__ else ()
        line = problem.line or _method_line(mutator, path)
        stream.tell("refused", number, line, f"{mutator.name!r} {problem.why}.", trace)
    except BaseException as error:
        why = f"it raises {type(error).__name__}: {one_line(error)}."
        stream.tell("refused", number, error_line(error, path), why, last_lines(error))


@contextmanager
def _watched(
    number: int, example: int, path: Path, limit_s: float, stream: Stream
) -> Iterator[None]:
    """Ends the process, and says where it was, when the block takes longer than `limit_s`."""
    main_thread = threading.get_ident()

    def stuck() -> None:
        line = _line_now(sys._current_frames().get(main_thread), str(path.absolute()))
        stream.tell("stuck", number, example, line)
        os._exit(STUCK)

    stream.tell("begun", number, example)
    timer = threading.Timer(limit_s, stuck)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _line_now(frame: Any, path: str) -> int | None:
    """The innermost line of `path` among a frame and its callers."""
    for one, line in traceback.walk_stack(frame):
        if one.f_code.co_filename == path:
            return line
    return None


def _check_silence(ear: Ear, path: Path) -> None:
    if ear.heard:
        first = ear.heard.strip().splitlines() or [ear.heard]
        raise MutatorProblem(path, ear.line, f"it prints {first[0]!r}: a mutator says nothing.")


def _about(mutator: Mutator, path: Path) -> dict[str, Any]:
    cls = type(mutator)
    texts = ("summary", "models", "explanation")
    return {
        "name": mutator.name,
        "family": mutator.family,
        "lines": {
            part: part_line(path, cls.__name__, part) for part in ("name", "examples", *texts)
        },
        "texts": {part: getattr(mutator, part) for part in texts},
        "kinds": [bool(example.after) for example in mutator.examples],
    }


def _tried(mutator: Mutator, number: int, path: Path) -> dict[str, Any]:
    """What one example gives: the results of two runs, and what was dropped."""
    example = mutator.examples[number - 1]
    row: dict[str, Any] = {
        "number": number,
        "line": example_line(path, number),
        "file": example.file,
        "before": example.before,
        "expected": example.after,
        "got": (),
        "dropped": (),
        "steady": True,
        "unreadable": "",
    }
    try:
        row["dropped"] = _dropped(mutator, example, path)
        row["got"] = results(mutator, example.before, example.file)
        row["steady"] = results(mutator, example.before, example.file) == row["got"]
    except UnreadableSource as error:
        row["unreadable"] = str(error)
    return row


def _dropped(mutator: Mutator, example: Example, path: Path) -> list[tuple[str, str]]:
    """What the mutator yields for an example that is no mutant: the whole file, and why not.

    Raises MutatorProblem where it changes the tree that it was given.
    """
    data = example.before.encode()
    if isinstance(mutator, FileMutator):
        source = DataSource(example.file, data)
        judged = [_judged_data(source, one) for one in rewritings(source, mutator)]
    else:
        module, clean = Source(example.file, data), Source(example.file, data)
        contexts = list(module.contexts())
        yielded = [(at, faulty_nodes(module, at, mutator)) for at in contexts]
        if _shape(module) != _shape(clean) or not module.module.deep_equals(clean.module):
            line = _method_line(mutator, path)
            why = "it changes the tree that it is given: `node.with_changes(...)` makes a new node."
            raise MutatorProblem(path, line, why)
        judged = [_judged(module, at, mutator, one) for at, found in yielded for one in found]
    return [(after, why) for after, why in judged if why]


def _method_line(mutator: Mutator, path: Path) -> int | None:
    method = "rewrite" if isinstance(mutator, FileMutator) else "mutate"
    return part_line(path, type(mutator).__name__, method)


def _shape(source: Source) -> list[tuple[Any, ...]]:
    """What the contexts say of each place."""
    return [
        (type(c.node), c.start, c.end, c.function, c.indent, len(c.children))
        for c in (source.root, *source.root.inside())
    ]


def _judged(source: Source, at: Context, mutator: Mutator, faulty: Faulty) -> tuple[str, str]:
    """The file with a faulty node, and why it is no mutant; "" where it is one."""
    change = placed(source, at, mutator, faulty)
    if change is None:
        return source.text, NOWHERE
    after = source.text[: change.start] + change.text + source.text[change.end :]
    try:
        same = ast.dump(parse(after)) == ast.dump(parse(source.text))
    except (SyntaxError, ValueError):
        return after, BROKEN
    if same:
        return after, SAME
    return after, UNREAD if leaves_behind(at, [change[:2]], change.text) else ""


def _judged_data(source: DataSource, change: TextChange) -> tuple[str, str]:
    after = source.text[: change.start] + change.text + source.text[change.end :]
    try:
        same = repr(meaning(source.file, after)) == repr(meaning(source.file, source.text))
    except UnreadableData:
        return after, BROKEN
    return after, SAME if same else ""


if __name__ == "__main__":
    main()
