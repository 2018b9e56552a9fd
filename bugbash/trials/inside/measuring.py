"""Which lines of the sources each test of a run executes."""

from __future__ import annotations

import os
import sys
from typing import Any


def start_coverage(request: dict[str, Any]) -> Any:
    """Measure which lines each test runs; `coverage` comes from bugbash's own environment."""
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
