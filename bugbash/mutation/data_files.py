"""Settings and data files: which of a target's may be mutated, and what one says."""

from __future__ import annotations

import configparser
import json
import re
import tomllib
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from bugbash.files import walk
from bugbash.targets.spec import Target

TOOL_FILES = frozenset(
    {
        "pyproject.toml",
        "setup.cfg",
        "tox.ini",
        "pytest.ini",
        ".pytest.ini",
        "pytest.toml",
        ".pytest.toml",
        "mypy.ini",
        "ruff.toml",
        "uv.toml",
        "pylock.toml",
        "Cargo.toml",
        "alembic.ini",
        "package.json",
        "package-lock.json",
        "tsconfig.json",
        "pyrightconfig.json",
        "composer.json",
        "codecov.json",
        "renovate.json",
        "versioneer.cfg",
        "netlify.toml",
    }
)
"""Files that tell a tool what to do with the project; the project itself reads none of them."""
OTHER_FOLDERS = frozenset(
    {
        "tests",
        "test",
        "testing",
        "journeys",
        "docs",
        "doc",
        "examples",
        "benchmarks",
        "node_modules",
    }
)
"""Folders with files that no running code of the project reads."""
LARGEST = 200_000
"""Bytes of a data file from which on it holds data rather than settings."""


class UnreadableData(ValueError):
    """A settings or data file that does not parse."""


def mutable_files(target: Target) -> list[str]:
    """The files of the target that may be mutated: code, settings and data; as `walk` has them.

    Python files lie in the sources. Settings lie there, below a source root or in the
    project's own folder.
    """
    sources = tuple(target.spec.sources)
    tests = tuple(target.spec.tests)
    return [
        name
        for name in (path.as_posix() for path in walk(target.tree))
        if name not in target.overlay
        and not any(_within(name, test) for test in tests)
        and (
            any(_within(name, source) for source in sources)
            if name.endswith(".py")
            else is_data(name) and _is_near(name, target) and _is_small(target, name)
        )
    ]


def is_data(name: str) -> bool:
    """Whether a file, by its name alone, holds settings or data that code of a project reads."""
    path = PurePosixPath(name)
    return (
        path.suffix in DATA_SUFFIXES
        and path.name not in TOOL_FILES
        and not path.name.startswith(".")
        and not any(word.endswith("lock") for word in re.split(r"[-_.]", path.stem.lower()))
        and not any(part in OTHER_FOLDERS or part[0] == "." for part in path.parts[:-1])
    )


def _is_near(name: str, target: Target) -> bool:
    roots = (*target.spec.sources, *(root for root in target.spec.source_roots if root != "."))
    return "/" not in name or any(_within(name, root) for root in roots)


def _is_small(target: Target, name: str) -> bool:
    return (target.tree / name).stat().st_size <= LARGEST


def _within(name: str, folder: str) -> bool:
    return folder == "." or name == folder or name.startswith(f"{folder}/")


def meaning(file: str, text: str) -> Any:
    """What a settings or data file says, as plain values. Raises UnreadableData."""
    try:
        return _READERS[PurePosixPath(file).suffix](text)
    except (ValueError, RecursionError, configparser.Error) as error:
        raise UnreadableData(f"{file} does not parse: {error}") from error


def _json(text: str) -> Any:
    """Pairs, not dictionaries: a key that stands twice, or elsewhere, is another document."""
    return json.loads(text, object_pairs_hook=lambda pairs: ("object", _without_repeats(pairs)))


def _without_repeats(pairs: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key stands twice")
    return pairs


def _ini(text: str) -> Any:
    parser = configparser.RawConfigParser(allow_no_value=True)
    parser.optionxform = str  # type: ignore[method-assign,assignment]
    parser.read_string(text)
    return {name: dict(parser[name]) for name in parser}


_READERS: dict[str, Callable[[str], Any]] = {
    ".toml": tomllib.loads,
    ".json": _json,
    ".ini": _ini,
    ".cfg": _ini,
}
DATA_SUFFIXES = tuple(_READERS)
"""Files that a FileMutator may change."""


def same_meaning(file: str, one: bytes, other: bytes) -> bool:
    """Whether two versions of a settings or data file say the same; False for any other file."""
    if PurePosixPath(file).suffix not in DATA_SUFFIXES:
        return False
    try:
        before, after = (meaning(file, data.decode("utf-8-sig")) for data in (one, other))
    except ValueError:
        return False
    return repr(before) == repr(after)
