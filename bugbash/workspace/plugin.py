"""The pytest plugin of a workspace: leaves out the tests that the clean code does not pass.

Its text is copied into the workspace's `.venv`; it stands alone.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

_DATA = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
_TESTS = frozenset(_DATA["tests"])
_FILES = frozenset(name.replace("::()", "") for name in _DATA["files"])
"""Test files, and classes in one, that can't be collected."""

for _name, _value in _DATA["environment"]:
    os.environ.setdefault(_name, _value)


def pytest_report_header() -> str | None:
    count = len(_TESTS) + len(_FILES)
    return f"bugbash: {count} left out, they do not pass on the clean code" if count else None


def _is_left_out(path: Any, root: Any) -> bool | None:
    return True if os.path.relpath(path, root).replace(os.sep, "/") in _FILES else None


if hasattr(pytest, "version_tuple"):  # since pytest 7

    def pytest_ignore_collect(collection_path: Any, config: Any) -> bool | None:
        return _is_left_out(collection_path, config.rootpath)

else:

    def pytest_ignore_collect(path: Any, config: Any) -> bool | None:  # type: ignore[misc]
        return _is_left_out(path, config.rootdir)


def pytest_pycollect_makeitem(collector: Any, name: str) -> Any:
    node = f"{collector.nodeid}::{name}".replace("::()", "")
    return [] if node in _FILES else None


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    left_out = [item for item in items if item.nodeid in _TESTS]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item.nodeid not in _TESTS]
