"""Which events of a timeline from elsewhere have the form and the size of the recorder's own."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bugbash.recording import journal

_MOST_RUNS = 2_000
_MOST_FAILURES = 200
_MOST_OUTCOMES = 1_000_000
"""Tests of all runs together."""
_MOST_IN_TREES = 2_000_000
"""Files of all trees together, the same file in two trees counted twice."""
_DEEPEST = 60
_LONGEST_TEXT = 4_000
_HASH = re.compile(r"(?:[0-9a-f]{64})?\Z")
_RUN = re.compile(r"[0-9a-zA-Z_.-]{1,80}\Z")
_BITS = re.compile(r"[0-9a-f]{1,8000}\Z")


class SoundEvents:
    """Picks the events that have the form in which the recorder writes them."""

    def __init__(self, folder: Path, kept: set[str]) -> None:
        self._trees = _Trees(folder, kept)
        self._folder = folder
        self._kept = kept
        self._runs = 0
        self._outcomes = 0
        self._failures: Counter[str] = Counter()

    def lines(self, data: bytes) -> Iterator[bytes]:
        """The lines to keep. A wrong checksum stays wrong: the reader counts it."""
        for line in data.split(b"\n"):
            text, tab, checksum = line.decode("ascii", "replace").rpartition("\t")
            event = _json(text.encode("ascii", "replace")) if tab else None
            if isinstance(event, dict) and self._is_sound(event):
                fields = {"kind", *_ALWAYS, *_FIELDS[event["kind"]]}
                sound = json.dumps({key: event[key] for key in fields & event.keys()})
                right = checksum == journal.checksum(text)
                mark = journal.checksum(sound) if right else "0" * len(journal.checksum(""))
                yield f"{sound}\t{mark}".encode("ascii")
            elif line.strip(b"\0 \r"):
                yield b"?"

    def _is_sound(self, event: dict[str, Any]) -> bool:
        kind = event.get("kind")
        fields = _FIELDS.get(kind) if isinstance(kind, str) else None
        if fields is None:
            return False
        for name, (check, needed) in {**_ALWAYS, **fields}.items():
            if name in event and not check(event[name]):
                return False
            if needed and name not in event:
                return False
        return self._fits(event) and self._trees.is_one(event.get("tree", ""))

    def _fits(self, event: dict[str, Any]) -> bool:
        """Whether there is room for one more of this kind."""
        if event["kind"] == "run":
            self._runs += 1
            return self._runs <= _MOST_RUNS
        if event["kind"] == "fail":
            self._failures[event["run"]] += 1
            return self._failures[event["run"]] <= _MOST_FAILURES
        if event["kind"] == "end" and event["tests"] in self._kept:
            names = _json(journal.kept(str(self._folder), event["tests"]))
            if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
                return False
            self._outcomes += len(names)
            return self._outcomes <= _MOST_OUTCOMES
        return True


class _Trees:
    """Says which contents are trees, and how many files all of them hold."""

    def __init__(self, folder: Path, kept: set[str]) -> None:
        self._folder = str(folder)
        self._kept = kept
        self._sizes: dict[str, int | None] = {}
        self._known: dict[str, bool] = {}
        self._in_all = 0

    def is_one(self, name: str) -> bool:
        """Whether a tree is one, or is not here at all."""
        if name not in self._known:
            size = self._size(name, 0)
            self._in_all += size or 0
            self._known[name] = size is not None and self._in_all <= _MOST_IN_TREES
        return self._known[name]

    def _size(self, name: str, depth: int) -> int | None:
        """Files and folders below a listing; None where it is none, or too large to be ours.

        Each listing is looked at once: a few of them can name each other to make billions.
        """
        if name not in self._kept:
            return 0
        if name not in self._sizes:
            self._sizes[name] = None
            self._sizes[name] = self._looked_at(name, depth)
        return self._sizes[name]

    def _looked_at(self, name: str, depth: int) -> int | None:
        listing = _json(journal.kept(self._folder, name))
        if not isinstance(listing, dict) or depth > _DEEPEST:
            return None
        size = len(listing)
        for entry in listing.values():
            if not _is_entry(entry):
                return None
            below = self._size(entry[0], depth + 1) if len(entry) == 1 else 0
            if below is None or (size := size + below) > 2 * journal.MOST_FILES:
                return None
        return size


def _is_entry(entry: Any) -> bool:
    """Whether it stands for a file (its content, its size) or a folder (its listing)."""
    if not isinstance(entry, list) or len(entry) not in (1, 2) or not _is_hash(entry[0]):
        return False
    return len(entry) == 1 or (_is_number(entry[1]) and isinstance(entry[1], int))


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_TEXT


def _is_number(value: Any) -> bool:
    ok = isinstance(value, int | float) and not isinstance(value, bool)
    return ok and abs(value) < 1e11 and math.isfinite(value)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1e6


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and bool(_HASH.match(value))


def _is_run(value: Any) -> bool:
    return isinstance(value, str) and bool(_RUN.match(value))


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= 1000 and all(_is_text(word) for word in value)


def _is_bits(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(bits, str) and _BITS.match(bits) for bits in value.values()
    )


_Check = tuple[Callable[[Any], bool], bool]
_ALWAYS: dict[str, _Check] = {
    "wall": (_is_number, True),
    "clock": (_is_number, True),
    "boot": (_is_text, True),
}
_TREE: dict[str, _Check] = {"tree": (_is_hash, False)}
_FIELDS: dict[str, dict[str, _Check]] = {
    "start": {**_TREE, "recorded": (_is_flag, False)},
    "save": _TREE,
    "reset": _TREE,
    "reveal": _TREE,
    "run": {
        "run": (_is_run, True),
        "root": (_is_text, True),
        "tree": (_is_hash, True),
        "arguments": (_is_words, False),
        "inside": (_is_text, False),
        "via": (_is_text, False),
    },
    "fail": {"run": (_is_run, True), "test": (_is_text, True), "message": (_is_text, True)},
    "debug": {"run": (_is_run, True), "how": (_is_text, True)},
    "end": {
        "run": (_is_run, True),
        "exit": (_is_count, True),
        "tests": (_is_hash, True),
        "outcomes": (_is_bits, True),
        "seconds": (_is_number, True),
    },
    "hypothesis": {
        **_TREE,
        "number": (_is_count, True),
        "text": (_is_text, True),
        "place": (_is_text, False),
    },
    "close": {
        **_TREE,
        "number": (_is_count, True),
        "verdict": (_is_text, True),
        "saw": (_is_text, False),
    },
    "note": {"text": (_is_text, True)},
    "hint": {"level": (_is_count, True), "text": (_is_text, True), "price": (_is_count, True)},
    "check": {
        **_TREE,
        "solved": (_is_flag, True),
        "score": (lambda value: value is None or _is_count(value), False),
    },
}
