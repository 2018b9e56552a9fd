"""What a submission says beside its timeline: the change and the commits, a stranger's word."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

from bugbash.workspace.submission_script import SCHEMA

FACTS, CHANGES = "submission.json", "changes.patch"
_LARGEST = 4 << 20
_MOST_COMMITS = 100
_LONGEST = 500


@dataclass(frozen=True)
class Commit:
    """One commit as its author's git told it."""

    author: str
    authored: str
    message: str


@dataclass(frozen=True)
class Handed:
    """What `bugbash submit` wrote down."""

    student: str
    target: str
    patch: str
    """From the tree as it was served to that which was handed in."""
    commits: tuple[Commit, ...]
    """The oldest first."""


def handed_of(files: Mapping[PurePosixPath, Callable[[], IO[bytes]]]) -> Handed | None:
    """What lies in an archive's submission.json and changes.patch.

    None where it is no submission, or one that can't be read.
    """
    places = [path for path in files if path.name == FACTS]
    if len(places) != 1:
        return None
    try:
        value = json.loads(_read(files[places[0]]))
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        return None
    changes = files.get(places[0].with_name(CHANGES))
    listed = value.get("commits")
    rows = listed[:_MOST_COMMITS] if isinstance(listed, list) else []
    commits = [_commit(row) for row in rows if isinstance(row, dict)]
    return Handed(
        student=_text(value, "student"),
        target=_text(value, "target"),
        patch=_read(changes).decode("utf-8", "replace") if changes else "",
        commits=tuple(reversed(commits)),
    )


def _read(opened: Callable[[], IO[bytes]]) -> bytes:
    with opened() as file:
        return file.read(_LARGEST)


def _commit(row: dict[str, Any]) -> Commit:
    return Commit(_text(row, "author"), _text(row, "authored"), _text(row, "message").strip())


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    return value[:_LONGEST] if isinstance(value, str) else ""
