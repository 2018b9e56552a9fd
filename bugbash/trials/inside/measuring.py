"""Which lines of the sources each test of a run executes."""

from __future__ import annotations

import os
import sys
from typing import Any


class Traced:
    """Measures as `coverage` does, on a Python that bugbash's own has no compiled part for."""

    def __init__(self, sources: list[str], tracing: Any) -> None:
        self._lines = tracing.Lines(tuple(os.path.realpath(source) for source in sources))
        self._context = ""
        self._found: dict[str, dict[int, set[str]]] = {}

    def start(self) -> None:
        self._lines.start()

    def switch_context(self, name: str) -> None:
        """What is executed from here on is another test's."""
        for path, line in self._lines.seen:
            self._found.setdefault(path, {}).setdefault(line, set()).add(self._context)
        self._lines.forget()
        self._context = name

    def stop(self) -> None:
        self._lines.stop()
        self.switch_context("")

    def get_data(self) -> Traced:
        return self

    def measured_files(self) -> set[str]:
        return set(self._found)

    def contexts_by_lineno(self, path: str) -> dict[int, set[str]]:
        return self._found[path]


def start_coverage(request: dict[str, Any], tracing: Any) -> Any:
    """Measure which lines each test runs; `coverage` comes from bugbash's own environment."""
    if not request["coverage_home"]:
        traced = Traced(request["sources"], tracing)
        traced.start()
        return traced
    sys.path.append(request["coverage_home"])
    import coverage

    sys.path.remove(request["coverage_home"])
    # It takes folders alone: of a source that is a single file, its folder.
    sources = request["sources"]
    folders = {path if os.path.isdir(path) else os.path.dirname(path) for path in sources}
    measured = coverage.Coverage(data_file=None, config_file=False, source=sorted(folders))
    measured.start()
    return measured


def report_coverage(measured: Any, recorder: Any, request: dict[str, Any]) -> None:
    """Write, for each file, each line that tests ran and which tests they were.

    A set of tests is a hexadecimal number whose bits are positions in the collection; each set is
    written once, and lines name its position among the sets.
    """
    measured.stop()
    data = measured.get_data()
    tree = os.path.realpath(request["tree"])
    sources = [os.path.realpath(source) for source in request["sources"]]
    bits = {name: 1 << index for index, name in enumerate(recorder.collected)}
    sets: dict[int, int] = {}
    for path in sorted(data.measured_files()):
        full = os.path.realpath(path)
        if not any(full == one or full.startswith(one + os.sep) for one in sources):
            continue
        reached = {}
        for line, contexts in sorted(data.contexts_by_lineno(path).items()):
            tests = sum(bits.get(context, 0) for context in set(contexts))
            if tests:
                reached[line] = sets.setdefault(tests, len(sets))
        relative = os.path.relpath(full, tree).replace(os.sep, "/")
        recorder.results.write(covered=relative, lines=reached)
    recorder.results.write(sets=[f"{tests:x}" for tests in sets])
