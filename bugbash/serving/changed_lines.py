"""Which lines a bug changes: in the clean files, and as a learner has them.

Lines that it only moves, blank lines and comments are left out where others are changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from pathlib import Path

from bugbash.files import Edit, apply_edits

_Key = Callable[[str], str]
"""What two lines are compared by."""


@dataclass(frozen=True)
class Stretch:
    """Lines next to each other that a bug changes. Lines count from 1."""

    file: str
    clean: int
    """The first one in the clean file; where lines are added, the one that they come before."""
    first: int
    """The first one in the file as it is served; where lines are missing, the one after them."""
    count: int
    """How many there are as served: 0 where lines are missing."""

    @property
    def lines(self) -> range:
        return range(self.first, self.first + self.count)


def stretches(tree: Path, edits: Sequence[Edit], others: Iterable[Edit] = ()) -> list[Stretch]:
    """The changed lines of the edits of one bug, in order.

    `tree` holds the clean files; `others` are edits of other bugs, which move lines.
    """
    windows = [window for file in _files(edits) for window in _windows(file, tree, edits, others)]
    text = _found(windows, str.strip)
    if any(stretch.count for stretch in text):
        return text
    moved = _found(windows, str.strip, moved=True)
    # Where lines are merely missing, nobody knows whether that or the move is the bug.
    indented = [] if text else _found(windows, str.rstrip)
    found = indented or moved or _found(windows, str, moved=True, all_lines=True)
    return found or [Stretch(one.file, one.clean, one.broken, len(one.new)) for one in windows]


def _files(edits: Iterable[Edit]) -> list[str]:
    return sorted({edit.file for edit in edits})


@dataclass(frozen=True)
class _Window:
    """Whole lines of a file around edits that touch, clean and broken."""

    file: str
    clean: int
    broken: int
    """The numbers of its first line."""
    old: list[str]
    new: list[str]


def _windows(
    file: str, tree: Path, edits: Sequence[Edit], others: Iterable[Edit]
) -> Iterator[_Window]:
    data = (tree / file).read_bytes()
    mine = sorted((edit for edit in edits if edit.file == file), key=lambda edit: edit.start)
    everyone = [*mine, *(edit for edit in others if edit.file == file)]
    for start, end, inside in _spans(data, mine):
        before = [edit for edit in everyone if edit.start < start]
        grown = sum(
            edit.replacement.count("\n") - data[edit.start : edit.end].count(b"\n")
            for edit in before
        )
        clean = data[:start].count(b"\n") + 1
        moved = tuple(
            Edit(file, edit.start - start, edit.end - start, edit.replacement) for edit in inside
        )
        old, new = data[start:end], apply_edits(data[start:end], moved)
        yield _Window(file, clean, clean + grown, _lines(old), _lines(new))


def _spans(data: bytes, edits: Sequence[Edit]) -> Iterator[tuple[int, int, list[Edit]]]:
    """The whole lines that edits lie in, and the edits in them."""
    start, end, inside = 0, -1, list[Edit]()
    for edit in edits:
        first, last = data.rfind(b"\n", 0, edit.start) + 1, _line_end(data, edit)
        if inside and first >= end:
            yield start, end, inside
            inside = []
        if not inside:
            start, end = first, last
        inside.append(edit)
        end = max(end, last)
    if inside:
        yield start, end, inside


def _line_end(data: bytes, edit: Edit) -> int:
    """Where the last line ends that is changed."""
    at_start = edit.start == 0 or data[edit.start - 1 : edit.start] == b"\n"
    whole = edit.end == 0 or data[edit.end - 1 : edit.end] == b"\n"
    if at_start and whole and (not edit.replacement or edit.replacement.endswith("\n")):
        return edit.end
    following = data.find(b"\n", edit.end)
    return len(data) if following < 0 else following + 1


def _lines(data: bytes) -> list[str]:
    lines = data.decode("utf-8", "replace").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _found(
    windows: list[_Window], key: _Key, moved: bool = False, all_lines: bool = False
) -> list[Stretch]:
    """The stretches whose lines differ by their key; with those `moved`, with `all_lines`."""
    changes = [(window, gone, put) for window in windows for gone, put in _changes(window, key)]
    old = {key(window.old[n]) for window, gone, _ in changes for n in gone}
    both = old & {key(window.new[n]) for window, _, put in changes for n in put}

    def tells(line: str) -> bool:
        return all_lines or line.strip()[:1] not in ("", "#")

    found: list[Stretch] = []
    for window, gone, put in changes:
        kept = [
            n for n in put if tells(window.new[n]) and (moved or key(window.new[n]) not in both)
        ]
        lost = [n for n in gone if tells(window.old[n]) and key(window.old[n]) not in both]
        clean = window.clean + (lost[0] if lost else gone.start)
        for run in _runs(kept):
            found.append(Stretch(window.file, clean, window.broken + run[0], len(run)))
        if lost and not kept:
            found.append(Stretch(window.file, clean, window.broken + put.start, 0))
    return found


def _changes(window: _Window, key: _Key) -> Iterator[tuple[range, range]]:
    """The lines of both sides that differ, as places from 0."""
    old, new = list(map(key, window.old)), list(map(key, window.new))
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield range(a, b), range(c, d)


def _runs(numbers: list[int]) -> list[list[int]]:
    """Numbers that follow each other, together."""
    pairs = groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    return [[number for _, number in group] for _, group in pairs]
