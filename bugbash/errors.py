"""The errors a user can meet. Each carries a sentence: what is wrong, where, what to do next."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class BugbashError(Exception):
    """An expected failure, shown as one line without a traceback. `exit_code` is the process's."""

    exit_code = 3


class UsageProblem(BugbashError):
    """The request can't be met as typed: an unknown name, an option that does not fit."""

    exit_code = 2


class EnvironmentProblem(BugbashError):
    """The machine, the network, the target or our own data stand in the way."""

    exit_code = 3


def nearest(name: str, known: Iterable[str]) -> str:
    """A sentence that names what was perhaps meant, or all that there is.

    >>> nearest("logik", ["logic", "library"])
    "Did you mean 'logic'?"
    """
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.55)
    if close:
        return f"Did you mean {' or '.join(repr(c) for c in close)}?"
    return f"There are: {', '.join(names)}." if names else "There are none."
