"""Directory listings in an order that is known: file systems have none."""

from __future__ import annotations

import os
from typing import Any


class ReversedListing:
    """What `os.scandir` returns, from the last name to the first."""

    def __init__(self, scan: Any) -> None:
        with scan:
            self._entries = iter(sorted(scan, key=lambda e: e.name, reverse=True))

    def __iter__(self) -> ReversedListing:
        return self

    def __next__(self) -> Any:
        return next(self._entries)

    def __enter__(self) -> ReversedListing:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._entries = iter(())


class Unbound:
    """Calls a function; where it is a class's attribute, as in the old pathlib, without self."""

    def __init__(self, function: Any) -> None:
        self._function = function

    def __call__(self, *args: Any) -> Any:
        return self._function(*args)


def order(reverse: bool) -> None:
    """Give directory listings an order: by name, or against it; file systems have none."""
    listdir, scandir = os.listdir, os.scandir
    os.listdir = Unbound(lambda *args: sorted(listdir(*args), reverse=reverse))  # type: ignore[assignment]
    if reverse:
        os.scandir = Unbound(lambda *args: ReversedListing(scandir(*args)))  # type: ignore[assignment]
