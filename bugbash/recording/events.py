"""Reading the lines of a timeline: whole events, lines that were cut, lines that were altered."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bugbash.recording import journal

_NUMBER = (int, float)
KINDS: dict[str, dict[str, Any]] = {
    "start": {},
    "save": {},
    "reset": {},
    "reveal": {},
    "run": {"run": str, "root": str, "tree": str},
    "fail": {"run": str, "test": str, "message": str},
    "debug": {"run": str, "how": str},
    "end": {"run": str, "exit": int, "tests": str, "outcomes": dict, "seconds": _NUMBER},
    "hypothesis": {"number": int, "text": str},
    "close": {"number": int, "verdict": str},
    "note": {"text": str},
    "hint": {"level": int, "text": str, "price": int},
    "check": {"solved": bool},
}
"""Each kind of event, with what it must hold and of which type."""
_LINE = re.compile(rf"([^\t]*)\t([0-9a-f]{{{len(journal.checksum(''))}}})", re.ASCII)
_OPTIONAL: dict[str, Any] = {
    "tree": str, "place": str, "saw": str, "inside": str, "via": str, "arguments": list, "ms": str,
    "score": (int, float, type(None)),
}  # fmt: skip
_BACKWARDS_S = 5.0
"""Two writers at once may be this far out of order; a clock further back counts anew."""


@dataclass(frozen=True)
class Lines:
    """What the lines of a timeline hold."""

    events: tuple[dict[str, Any], ...] = ()
    altered: int = 0
    """Lines that were not written by bugbash."""
    cut: int = 0
    """Lines that end in their middle: somebody was killed while writing."""


def read_events(path: Path) -> Lines:
    """The events of a file, in its order; kinds that this version does not know are left out."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError:
        return Lines()
    found, altered, cut = [], 0, 0
    for line in lines:
        text = line.strip(b"\0\r").decode("ascii", "replace")  # a full disk leaves zeros
        if not text.strip():
            continue
        whole = _LINE.fullmatch(text)
        if whole and whole[2] == journal.checksum(whole[1]):
            event = _event(whole[1])
            found += [event] if event else []
        elif not whole and _is_a_beginning(text):
            cut += 1
        else:
            altered += 1
    return Lines(tuple(found), altered, cut)


def _is_a_beginning(text: str) -> bool:
    """Whether a line is what a writer that was killed leaves of one of ours."""
    event, tab, checksum = text.partition("\t")
    value = _loaded(event)
    if value is None:
        return not tab and event.startswith('{"'[: len(event)])
    ours = json.dumps(value, sort_keys=True) == event
    return ours and journal.checksum(event).startswith(checksum)


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _event(text: str) -> dict[str, Any] | None:
    event = _loaded(text)
    if not isinstance(event, dict) or event.get("kind") not in KINDS:
        return None
    needed = {"wall": _NUMBER, "clock": _NUMBER, "boot": str, **KINDS[event["kind"]]}
    if not all(isinstance(event.get(key), kind) for key, kind in needed.items()):
        return None
    if not all(isinstance(event[key], _OPTIONAL[key]) for key in event.keys() & _OPTIONAL.keys()):
        return None
    return event if math.isfinite(event["wall"]) and math.isfinite(event["clock"]) else None


def times_of(events: tuple[dict[str, Any], ...]) -> Iterator[tuple[float, dict[str, Any]]]:
    """Each event with its seconds since the first, which never go back.

    By the clock that nobody sets; by the calendar from one start of the machine to the next.
    """
    at, before = 0.0, None
    for event in events:
        if before is not None:
            at += max(0.0, _between(before, event))
        before = event
        yield round(at, 3), event


def _between(before: dict[str, Any], event: dict[str, Any]) -> float:
    steady: float = event["clock"] - before["clock"]
    # Where the start has no name (macOS, Windows), a clock that is far behind tells of another.
    same_start = event["boot"] == before["boot"] and (event["boot"] or steady > -_BACKWARDS_S)
    calendar: float = event["wall"] - before["wall"]
    return steady if same_start else calendar


def hexadecimal(text: Any) -> int:
    """A number written in hexadecimal; 0 where it is none."""
    try:
        return max(0, int(text, 16))
    except (ValueError, TypeError):
        return 0


def unpacked_numbers(packed: str) -> list[int]:
    """The numbers that a run packed, one for each test; none where they can't be read."""
    try:
        found = json.loads(zlib.decompress(base64.b85decode(packed)))
    except (ValueError, zlib.error, binascii.Error):
        return []
    return [n for n in found if isinstance(n, int)] if isinstance(found, list) else []
