"""Runs every case of every journey in the target's Python and prints a JSON list of results.

Started by path with two arguments: the folder of journeys and the tree. Stands alone: the
target's environment does not hold bugbash.
"""

from __future__ import annotations

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
        if os.path.realpath(path).startswith(tree + os.sep):
            del sys.modules[name]


def run_case(journey: Any, values: tuple[Any, ...]) -> str:
    """What one case prints; an error that escapes is its last line."""
    output = io.StringIO()
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
    except SystemExit as error:
        output.write(f"SystemExit: {error.code}\n")
    except Exception as error:
        output.write(f"{type(error).__name__}: {error}\n")
    finally:
        if hasattr(signal, "SIGALRM"):
            signal.alarm(0)
        os.chdir(os.path.dirname(folder))
    return output.getvalue().replace(folder, "<folder>")[:OUTPUT_LIMIT].strip("\n")


def main() -> int:
    sys.path.pop(0)  # the folder of this file: the target must not see its neighbours
    folder, tree = sys.argv[1], os.path.realpath(sys.argv[2])
    results = []
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".py") or name == "__init__.py":
            continue
        for case, values in runpy.run_path(os.path.join(folder, name))["CASES"].items():
            forget(tree)
            journey = runpy.run_path(os.path.join(folder, name))["journey"]
            results.append((name[:-3], case, run_case(journey, values)))
    print(json.dumps(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
