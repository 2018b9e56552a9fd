"""Runs every case of every journey in the target's Python and prints a JSON list of results.

Started by path with two arguments: the folder of journeys and the tree; on standard input a JSON
list of [journey, case] pairs. Each of these runs in a process of its own; where the list is empty,
all run, the cases of one journey together. A result is [journey, case, what it printed, the type of
the error that ended it, its message]; the type is empty where no error escaped. Stands alone: the
target's environment does not hold bugbash.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import runpy
import signal
import sys
import tempfile
from typing import Any

CASE_LIMIT_S = 5
OUTPUT_LIMIT = 4000


class TooLong(BaseException):
    """A case ran into its limit; no `except Exception` of the code under test can swallow it."""


def out_of_time(*_: object) -> None:
    raise TooLong


def forget(tree: str) -> None:
    """Unload the target's modules: no case sees what an earlier one left in them."""
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None) or ""
        if path.startswith(tree + os.sep):
            del sys.modules[name]


def import_early(path: str) -> None:
    """Import what a journey imports, so that the process of each case has it already."""
    with open(path, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    for node in ast.walk(tree):
        # Whatever goes wrong here goes wrong again in the case itself, where it is reported.
        with contextlib.suppress(Exception):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                exec(compile(ast.Module([node], []), path, "exec"), {})


def in_one_process(journey: Any, cases: dict[str, Any], tree: str) -> list[list[str]]:
    """Run these cases one after the other in a process of their own; a result for each.

    What they do to the target's modules is gone afterwards. A process that ends early has the
    results of the cases before; the one that ended it says so.
    """
    if not hasattr(os, "fork"):
        forget(tree)
        return [[case, *run_case(journey, values)] for case, values in cases.items()]
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        with os.fdopen(writer, "w", encoding="utf-8") as file:
            for case, values in cases.items():
                print(json.dumps([case, *run_case(journey, values)]), file=file, flush=True)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as file:
        results: list[list[str]] = list(map(json.loads, file))
    status = os.waitpid(child, 0)[1]
    code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    if code != 0 and len(results) < len(cases):
        ended = list(cases)[len(results)]
        results.append([ended, f"(the program ended with exit code {code})", "", ""])
    return results


def run_case(journey: Any, values: tuple[Any, ...]) -> tuple[str, str, str]:
    """What one case prints, and the type and message of an error that escapes."""
    output = io.StringIO()
    error = message = ""
    folder = os.path.realpath(tempfile.mkdtemp())
    os.chdir(folder)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, out_of_time)
        signal.alarm(CASE_LIMIT_S)
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(io.StringIO()):
            journey(*values)
    except TooLong:
        output.write("(no answer)\n")
    except (Exception, SystemExit) as escaped:
        error, message = type(escaped).__name__, str(escaped)
    finally:
        if hasattr(signal, "SIGALRM"):
            signal.alarm(0)
        os.chdir(os.path.dirname(folder))
    printed, message = (
        text.replace(folder, "<folder>")[:OUTPUT_LIMIT] for text in (output.getvalue(), message)
    )
    return printed.strip("\n"), error, message.strip("\n")


def main() -> int:
    sys.path.pop(0)  # the folder of this file: the target must not see its neighbours
    folder, tree = sys.argv[1], os.path.realpath(sys.argv[2])
    wanted = {tuple(key) for key in json.load(sys.stdin)}
    results = []
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".py") or name == "__init__.py":
            continue
        path = os.path.join(folder, name)
        import_early(path)
        journey = runpy.run_path(path)
        cases = journey["CASES"]
        apart = [{case: cases[case]} for case in cases if (name[:-3], case) in wanted]
        for group in apart if wanted else [cases]:
            found = in_one_process(journey["journey"], group, tree)
            results += [(name[:-3], *result) for result in found]
    print(json.dumps(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
